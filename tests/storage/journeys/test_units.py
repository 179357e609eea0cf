"""Aggregation units from a flow's step to LINE and back: names, pushes, and sums asked for within LINE's limits."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import peewee
import pytest

from bot import conversations, localtime
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.line.delivery import SENT, Answer
from bot.line.messages import text
from bot.line.unit_statistics import UnitStatistics
from bot.queue import aggregation_units, leases, outbox
from bot.queue.aggregation_units import MOST_CALLS_AN_HOUR, MessageInsight
from bot.queue.outbox import OutboxMessage
from bot.worker.sender import Sender
from demo.line.faults import FaultKind
from demo.phone.platform import Platform, create_platform
from journeys.links import insight, units
from journeys.links.insight import Sums
from tests.storage.inbox_scene import NOON, NoteTakingLine

APRIL = date(2026, 4, 1)
STEPS = ("thanks", "anything-wrong", "voices")


@pytest.fixture(autouse=True)
def _at_noon(any_database: peewee.Database) -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def line() -> NoteTakingLine:
    return NoteTakingLine()


@pytest.fixture
def sender(line: NoteTakingLine) -> Iterator[Sender]:
    made = Sender(line, thread_count=1)
    yield made
    made.stop()


def pushed(sender: Sender, unit: str | None) -> OutboxMessage:
    """The row of a push with that unit after it was sent."""
    with write_transaction():
        chat = conversations.ensure("U" + "a" * 32)
        with outbox.collect(sender.presence.key) as rows:
            outbox.push(chat, [text("使い方です。")], cause="flow:1:how-to", aggregation_unit=unit)
    sender.send(rows)
    while sender.backlog():
        pass
    row: OutboxMessage = OutboxMessage.select().order_by(OutboxMessage.id.desc()).get()
    return row


def unit_for(flow: str = "first", step: str = "how-to") -> str | None:
    with write_transaction():
        return units.unit_for(flow, step)


def ask(sender: Sender, times: int = 1) -> list[bool]:
    return [sender.ask_for_statistics() for _ in range(times)]


def test_a_steps_unit_is_the_same_all_month_and_fits_line() -> None:
    first = unit_for()
    assert first is not None
    assert first == unit_for() == units.name_of("first/how-to", APRIL)
    assert re.fullmatch(r"[A-Za-z0-9_]{1,30}", first)
    others = [unit_for("first", "voices"), unit_for("second", "how-to"), unit_for("first-how", "to")]
    with localtime.fixed(datetime(2026, 4, 30, 14, 59, tzinfo=UTC)):
        assert unit_for() == first, "the last minute of April in Tokyo"
    with localtime.fixed(datetime(2026, 4, 30, 15, 0, tzinfo=UTC)):
        others.append(unit_for())
    assert len({first, *others}) == 5
    assert MessageInsight.select().count() == 5


def test_past_a_thousand_names_a_month_pushes_go_without() -> None:
    with write_transaction():
        for number in range(aggregation_units.MOST_A_MONTH):
            assert aggregation_units.use(f"unit_{number}", f"flow/{number}")
    assert unit_for() is None
    assert unit_for("flow", "0") is None, "another name for the same step"
    with write_transaction():
        assert aggregation_units.use("unit_7", "flow/7"), "a known one goes on"
    with localtime.fixed(NOON + timedelta(days=30)):
        assert unit_for() is not None


def test_a_push_carries_its_unit(sender: Sender, line: NoteTakingLine) -> None:
    assert (pushed(sender, "unit").state, pushed(sender, None).state) == (SENT, SENT)
    assert line.units == ["unit", None]


def test_a_push_that_another_process_takes_over_carries_its_unit(line: NoteTakingLine) -> None:
    with write_transaction():
        outbox.push(conversations.ensure("U" + "a" * 32), [text("あ")], cause="a", aggregation_unit="unit")
    with write_transaction():
        [row] = leases.take_over("another process")
    assert row.aggregation_unit == "unit"
    assert (row.attempt_count, row.doubt.is_any) == (0, False)


@pytest.mark.parametrize("status", [400, 403])
def test_a_refused_unit_costs_no_message(sender: Sender, line: NoteTakingLine, status: int) -> None:
    line.answers.append(Answer(status, '{"message":"Not allowed"}'))
    assert pushed(sender, "unit").state == SENT
    assert line.units == ["unit", None]
    assert len(set(line.keys)) == 1


def test_a_message_that_line_refuses_is_tried_without_its_unit_once(
    sender: Sender, line: NoteTakingLine
) -> None:
    line.answers.extend([Answer(400, "{}")] * 3)
    assert pushed(sender, "unit").state == "parked"
    assert line.units == ["unit", None]


def test_sums_are_stored_and_added_over_the_months(sender: Sender, line: NoteTakingLine) -> None:
    april = unit_for()
    with localtime.fixed(NOON + timedelta(days=30)):
        may = unit_for()
        unit_for("first", "voices")
    unit_for("first-order", "how-to")
    with write_transaction():
        aggregation_units.store(str(april), UnitStatistics(40, 25, None))
        aggregation_units.store(str(may), UnitStatistics(30, None, None))
    assert insight.sums_of("first") == {
        "how-to": Sums(70, 25, None, NOON),
        "voices": Sums(None, None, None, None),
    }
    assert insight.sums_of("nothing") == {}


def test_line_is_asked_for_the_days_of_the_unit(
    sender: Sender, line: NoteTakingLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = unit_for()
    with localtime.fixed(NOON + timedelta(days=10)):
        ask(sender)
    monkeypatch.setattr(localtime, "machine_now", lambda: datetime(2126, 1, 1, tzinfo=UTC))
    with localtime.fixed(NOON + timedelta(days=35)):
        ask(sender)
    with localtime.fixed(NOON + timedelta(days=40)):
        ask(sender)
    assert line.calls == [
        ("statistics", unit, "2026-04-01", "2026-04-11"),
        ("statistics", unit, "2026-04-01", "2026-05-01"),
    ]


def test_what_line_does_not_say_leaves_what_it_said(sender: Sender, line: NoteTakingLine) -> None:
    unit = str(unit_for())
    with write_transaction():
        aggregation_units.store(unit, UnitStatistics(40, 25, 20))
        aggregation_units.store(unit, UnitStatistics(41, None, None))
        aggregation_units.store(unit, None)
    assert insight.sums_of("first")["how-to"] == Sums(41, 25, 20, NOON)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The machine's time, as the one element of a list."""
    now = [datetime(2026, 11, 30, 3, 0, tzinfo=UTC)]
    monkeypatch.setattr(localtime, "machine_now", lambda: now[0])
    return now


def test_fifty_calls_an_hour_for_all_processes_together(
    sender: Sender, line: NoteTakingLine, machine: list[datetime]
) -> None:
    with write_transaction():
        for number in range(60):
            aggregation_units.use(f"unit_{number}", f"flow/{number}")
    other = Sender(line, thread_count=1)
    assert all(ask(sender, 30) + ask(other, 40))
    assert len(line.calls) == MOST_CALLS_AN_HOUR
    machine[0] += timedelta(minutes=59)
    ask(other)
    assert len(line.calls) == MOST_CALLS_AN_HOUR
    machine[0] += timedelta(minutes=2)
    ask(sender, 30)
    assert {call[1] for call in line.calls} == {f"unit_{number}" for number in range(60)}
    assert len(line.calls) == 60, "the others are asked again after some hours"
    other.stop()


@pytest.mark.parametrize("answer", [Answer(429, "{}"), Answer(500, "{}"), Answer(None)], ids=str)
def test_after_a_failure_line_is_left_alone_and_asked_again_later(
    sender: Sender, line: NoteTakingLine, machine: list[datetime], answer: Answer
) -> None:
    unit_for()
    line.answers.append(answer)
    assert ask(sender, 2) == [False, True]
    assert len(line.calls) == 1
    machine[0] += timedelta(hours=1)
    line.answers.append(Answer(200, json.dumps({"overview": {"uniqueImpression": 44}})))
    assert ask(sender) == [True]
    assert insight.sums_of("first")["how-to"].opened == 44


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_no_reason_to_ask_every_hour(
    sender: Sender, line: NoteTakingLine, machine: list[datetime], status: int
) -> None:
    unit_for()
    line.answers.append(Answer(status, "{}"))
    assert ask(sender) == [True]
    machine[0] += timedelta(hours=2)
    ask(sender)
    assert len(line.calls) == 1
    with localtime.fixed(NOON + timedelta(hours=6)):
        ask(sender)
    assert len(line.calls) == 2


@pytest.fixture
def platform() -> Iterator[Platform]:
    made = create_platform(
        channel_secret="secret",
        access_token=bot_settings.current().line_channel_access_token,
        deliver=lambda *_: 200,
        now=lambda: localtime.now().timestamp(),
    )
    with made:
        yield made


def test_twenty_who_open_a_step_show_in_its_sums(platform: Platform, machine: list[datetime]) -> None:
    config = bot_settings.current().model_copy(update={"line_api_url": platform.url})
    sender = Sender(LineClient(config), thread_count=2)
    unit = unit_for()

    def send(count: int, name: str) -> None:
        with write_transaction(), outbox.collect(sender.presence.key) as rows:
            for number in range(count):
                phone = platform.handset(f"{name}{number}")
                phone.follow()
                chat = conversations.ensure(phone.user_id)
                outbox.push(chat, [text("使い方です。")], cause=phone.user_id, aggregation_unit=unit)
        sender.send(rows)
        while sender.backlog():
            pass

    send(19, "a")
    assert ask(sender) == [True]
    assert insight.sums_of("first")["how-to"] == Sums(None, None, None, NOON)

    send(3, "b")
    machine[0] += timedelta(hours=1)
    later: Any = NOON + timedelta(hours=7)
    with localtime.fixed(later):
        platform.faults.inject("unit_statistics", FaultKind.RATE_LIMIT)
        assert ask(sender) == [False]
        machine[0] += timedelta(hours=1)
        assert ask(sender) == [True]
    assert insight.sums_of("first")["how-to"] == Sums(22, None, None, later)
    sender.stop()
