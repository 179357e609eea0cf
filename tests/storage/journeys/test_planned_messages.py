"""Planned messages on both databases: planned once, taken by one clock, counted for the limits; and the command."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from bot import conversations, localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.queue import outbox
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from commands import messages as command
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import message_jobs
from journeys.sending import planned, waiting
from journeys.sending.message_kinds import Kind, MessageClass
from journeys.sending.planned import NewMessage
from journeys.sending.tables import PlannedMessage

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(command, "start", lambda _: None)  # the database of the test is connected already
    shop.use({})
    with localtime.fixed(NOW):
        yield
    shop.use({})


def person(name: str) -> Customer:
    user_id = f"U-{name}"
    with write_transaction():
        customer = customers.follow(user_id, conversations.ensure(user_id, user_id))
    return customers.learn_profile(customer, name)


def plan(customer: Customer, cause: str, kind: Kind = Kind.FLOW_STEP) -> int | None:
    with write_transaction():
        return planned.plan(customer, NewMessage(kind, cause, (line.text(cause),)))


def due_events() -> int:
    return int(InboxEvent.select().where(InboxEvent.source == "messages.due").count())


def test_a_cause_is_planned_once() -> None:
    misaki = person("美咲")
    assert plan(misaki, "flow:1:hello") is not None
    assert plan(misaki, "flow:1:hello") is None
    row = PlannedMessage.get()
    assert (row.state, row.reason) == ("waiting", "free-ride")
    assert row.latest_at == row.due_at == NOW + timedelta(days=3)
    assert due_events() == 0


def test_what_is_due_at_once_has_an_event_and_the_clock_puts_none_beside_it() -> None:
    plan(person("美咲"), "coupon:1", Kind.COUPON_GIVEN)
    assert due_events() == 1
    assert message_jobs.release_planned_messages() == 0


def test_nobody_without_line_is_planned_for() -> None:
    with write_transaction():
        buyer = Customer.create(first_seen_at=NOW)
    assert plan(buyer, "coupon:1") is None


def test_clocks_at_once_put_one_event_for_each_customer() -> None:
    people = [person(f"客{number}") for number in range(30)]
    for each in people:
        for number in range(3):
            plan(each, f"flow:{each.id}:{number}")
    taken: list[int] = []

    def clock() -> None:
        with localtime.fixed(NOW + timedelta(days=3)):
            taken.append(message_jobs.release_planned_messages())
        database.close()

    with localtime.fixed(NOW + timedelta(days=3)):
        threads = [threading.Thread(target=clock) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sum(taken) == 90
        assert due_events() == 30
        assert not waiting.anything_due()


def test_an_event_that_was_never_handled_is_put_again_after_an_hour() -> None:
    plan(person("美咲"), "coupon:1", Kind.COUPON_GIVEN)
    with localtime.fixed(NOW + timedelta(hours=1)):
        assert message_jobs.release_planned_messages() == 1
    assert due_events() == 2


def test_the_counted_calls_of_seven_days() -> None:
    misaki = person("美咲")

    def sent(cause: str, message_class: MessageClass, days_ago: float, outbox_id: int) -> None:
        planned_id = plan(misaki, cause)
        changed = {"state": "sent", "message_class": message_class, "outbox_id": outbox_id}
        changed["settled_at"] = NOW - timedelta(days=days_ago)
        PlannedMessage.update(changed).where(PlannedMessage.id == planned_id).execute()

    sent("care", MessageClass.CARE, 1, 1)
    sent("beside it", MessageClass.SELLING, 1, 1)
    sent("order", MessageClass.ORDER, 2, 2)
    sent("six days ago", MessageClass.CARE, 6, 3)
    sent("seven days ago", MessageClass.CARE, 7, 4)
    plan(misaki, "waiting")

    lately = waiting.sent_lately(misaki.id)

    assert sorted(lately.counted_at) == [NOW - timedelta(days=6), NOW - timedelta(days=1)]
    assert lately.selling_at == (NOW - timedelta(days=1),)


@pytest.mark.parametrize(
    ("state", "sent_days_ago", "counted_days_ago"),
    [
        ("due", None, 0),
        ("held", None, 0),
        ("in-a-call", None, 0),
        ("sent", 1, 1),
        ("sent", 8, None),
        ("parked", None, None),
    ],
)
def test_a_call_counts_when_line_took_it_and_as_now_while_it_is_on_its_way(
    state: str, sent_days_ago: int | None, counted_days_ago: int | None
) -> None:
    def ago(days: int | None) -> datetime | None:
        return None if days is None else NOW - timedelta(days=days)

    misaki = person("美咲")
    with write_transaction():
        outbox_id = outbox.push(int(misaki.conversation_id or 0), [line.text("care")], cause="care")
    changed = {"state": state, "sent_at": ago(sent_days_ago)}
    OutboxMessage.update(changed).where(OutboxMessage.id == outbox_id).execute()
    planned_id = plan(misaki, "care")
    left = {
        "state": "sent",
        "message_class": MessageClass.CARE,
        "settled_at": ago(20),
        "outbox_id": outbox_id,
    }
    PlannedMessage.update(left).where(PlannedMessage.id == planned_id).execute()

    counted = waiting.sent_lately(misaki.id).counted_at

    assert counted == (() if counted_days_ago is None else (ago(counted_days_ago),))


def test_the_plan_shows_how_each_would_be_sent_and_why_not_and_writes_nothing() -> None:
    misaki, kenta = person("佐藤 美咲"), person("山本 健太")
    plan(misaki, "flow:1:hello")
    plan(misaki, "coupon:1", Kind.COUPON_GIVEN)
    plan(kenta, "flow:2:hello")
    with write_transaction():
        customers.opt_out(kenta)
    before = list(PlannedMessage.select().order_by(PlannedMessage.id).dicts())

    result = CliRunner().invoke(command.messages, ["plan"], env={"COLUMNS": "200"})

    assert result.exit_code == 0, result.output
    for words in (
        "Quiet hours are 21:00 to 9:00",
        "佐藤 美咲",
        "goes along with a reply until 04 Apr 12:00, then pushed",
        "pushed",
        "not sent: the customer wants no messages unasked",
        "Surveys would add 0 today",
    ):
        assert words in result.output
    assert list(PlannedMessage.select().order_by(PlannedMessage.id).dicts()) == before


def test_the_plan_at_night_says_what_holds() -> None:
    plan(person("佐藤 美咲"), "coupon:1", Kind.COUPON_GIVEN)
    with localtime.fixed(NOW + timedelta(hours=10)):
        result = CliRunner().invoke(command.messages, ["plan"], env={"COLUMNS": "200"})
    assert "held (quiet-hours), looked at again at 02 Apr 09:00" in result.output
