"""Moving people inside a flow to another version of it: the owner's choices, chunks, and what is never sent again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee
import pytest

from bot import localtime
from bot.config import shop
from bot.conversations import Conversation
from bot.db import database
from bot.db.database import write_transaction
from customers.people.customer import Customer
from handlers import flow_move_jobs
from journeys.enrolments.tables import DONE, ENDED, HELD, SENDING, WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow, FlowVersion
from journeys.moves import move_choices, moving
from journeys.moves.move_choices import END, KEEP, MOVE, Choice, EnrolmentMove
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import JourneyEntry, PlannedMessage

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(any_database: object) -> Iterator[None]:
    """A shop at noon of 1 December 2026."""
    shop.use({})
    stock.forget_cached()
    with localtime.fixed(NOW):
        yield


def definition(*keys: str, **waits: int) -> FlowDefinition:
    """A flow of these steps, each a week after the one before unless its days are given."""
    steps = [{"key": key, "text": key, "wait": {"days": waits.get(key, 7)}} for key in keys]
    return FlowDefinition.model_validate(
        {
            "key": "after-order",
            "name": "ご注文のあと",
            "trigger": {"on": "order"},
            "holdout_percent": 0,
            "step": steps,
        }
    )


def publish(new: FlowDefinition) -> Flow:
    with write_transaction():
        return stock.import_flow(new)


def put(flow: Flow, step_key: str, *, got: str = "", **more: Any) -> Enrolment:
    """A new customer at that step, who got these steps before; due in four days of the step's seven."""
    number = Customer.select().count()
    chat = Conversation.create(key=f"line:{number}")
    customer = Customer.create(line_user_id=f"U{number}", conversation=chat, first_seen_at=NOW)
    values: dict[str, Any] = {
        "version_id": flow.version_id,
        "due_at": NOW + 4 * DAY,
        "base_at": NOW - 3 * DAY,
    }
    made = Enrolment.create(
        customer=customer,
        flow=flow.id,
        entry_key="once",
        step_key=step_key,
        cause="order:1",
        entered_at=NOW - 30 * DAY,
        **(values | more),
    )
    for step in got.split():
        plan(made, step, state="sent")
    if made.state == SENDING:
        plan(made, step_key, state="waiting")
    return made


def plan(enrolment: Enrolment, step_key: str, state: str) -> None:
    PlannedMessage.create(
        customer=enrolment.customer_id,
        conversation=enrolment.customer.conversation_id,
        kind=Kind.FLOW_STEP,
        message_class="care",
        priority=30,
        cause=f"flow:{enrolment.id}:{step_key}",
        created_at=NOW,
        earliest_at=NOW,
        latest_at=NOW,
        due_at=NOW,
        state=state,
        enrolment_id=enrolment.id,
        step_key=step_key,
    )


def choose(flow: Flow, *choices: Choice) -> None:
    with write_transaction():
        move_choices.choose(flow, choices, None)


def of(flow: Flow, step_key: str, what: str, to_step: str | None = None) -> Choice:
    """A choice for those at that step of the version that the flow had."""
    assert flow.version_id is not None
    return Choice(flow.version_id, step_key, what, to_step)


def carry_out() -> int:
    return flow_move_jobs.move_enrolments()


def now(enrolment: Enrolment) -> Enrolment:
    found: Enrolment = Enrolment.get_by_id(enrolment.id)
    return found


def test_groups_count_who_is_where_and_name_the_steps_that_go() -> None:
    first = publish(definition("a", "b", "c"))
    for step_key, count, state in (("a", 3, WAITING), ("b", 2, WAITING), ("b", 1, SENDING), ("c", 1, HELD)):
        for _ in range(count):
            put(first, step_key, state=state)
    put(first, "c", state=DONE)
    second = publish(definition("a", "c"))
    put(second, "a")
    found = moving.groups(second, definition("a", "c"))
    assert {(each.version, each.step_key, each.state, each.count, each.becomes) for each in found} == {
        (1, "a", WAITING, 3, "a"),
        (1, "b", WAITING, 2, None),
        (1, "b", SENDING, 1, None),
        (1, "c", HELD, 1, "c"),
        (2, "a", WAITING, 1, "a"),
    }
    assert [each.version for each in found] == sorted(each.version for each in found)


def test_without_a_choice_all_go_on_with_the_version_they_entered() -> None:
    first = publish(definition("a", "b"))
    there = put(first, "b", got="a")
    second = publish(definition("a", "c"))
    choose(second, of(first, "b", KEEP))
    assert carry_out() == 0
    assert (now(there).version_id, now(there).step_key, now(there).due_at) == (
        first.version_id,
        "b",
        NOW + 4 * DAY,
    )


@pytest.mark.parametrize(
    ("new", "at", "got", "days_until_due"),
    [
        # added: before them it will come, behind them never
        (definition("a", "x", "b"), "a", "", 4),
        (definition("a", "x", "b"), "b", "a", 4),
        # placed elsewhere
        (definition("b", "a"), "b", "a", 4),
        # another step deleted
        (definition("b", "c"), "b", "a", 4),
        # the wait is longer, shorter, or so short that its time has passed
        (definition("a", "b", b=14), "b", "a", 11),
        (definition("a", "b", b=5), "b", "a", 2),
        (definition("a", "b", b=1), "b", "a", 4),
    ],
)
def test_a_move_leaves_them_at_their_step_and_makes_nothing_due_in_the_past(
    new: FlowDefinition, at: str, got: str, days_until_due: int
) -> None:
    first = publish(definition("a", "b"))
    there = put(first, at, got=got)
    second = publish(new)
    choose(second, of(first, at, MOVE))
    assert carry_out() == 1
    moved = now(there)
    assert (moved.version_id, moved.step_key, moved.state) == (second.version_id, at, WAITING)
    assert moved.due_at == NOW + days_until_due * DAY
    assert PlannedMessage.select().count() == len(got.split())
    [line] = JourneyEntry.select().where(JourneyEntry.enrolment_id == there.id)
    assert (line.what, line.step_key, line.detail) == ("moved", at, f"version:{second.version_id}")


def test_a_wait_for_something_begins_and_ends_with_the_version() -> None:
    first = publish(definition("a", "b"))
    there = put(first, "b", got="a")
    until = definition("a").model_dump(mode="json", by_alias=True, exclude_defaults=True)
    until["step"].append({"key": "b", "text": "b", "wait": {"until": "tag", "tag": "ok", "days": 10}})
    second = publish(FlowDefinition.model_validate(until))
    choose(second, of(first, "b", MOVE))
    carry_out()
    assert (now(there).waits_for, now(there).due_at) == ("tag:ok", NOW + 7 * DAY)
    third = publish(definition("a", "b"))
    choose(third, of(second, "b", MOVE))
    carry_out()
    assert (now(there).waits_for, now(there).due_at) == (None, NOW + 4 * DAY)


@pytest.mark.parametrize(
    ("to_step", "state", "step_key", "reason"),
    [
        (None, ENDED, "b", "step-deleted"),
        ("c", WAITING, "c", ""),
        ("a", WAITING, "c", ""),  # they had it, so they go on behind it
        ("gone", ENDED, "b", "step-deleted"),
    ],
)
def test_a_deleted_step_lets_them_go_on_where_the_owner_says_or_ends_them(
    to_step: str | None, state: str, step_key: str, reason: str
) -> None:
    first = publish(definition("a", "b"))
    there = put(first, "b", got="a")
    second = publish(definition("a", "c"))
    choose(second, of(first, "b", MOVE, to_step))
    assert carry_out() == 1
    found = now(there)
    assert (found.state, found.step_key, found.end_reason) == (state, step_key, reason)
    assert (found.ended_at is None) == (state == WAITING)


@pytest.mark.parametrize(("state", "after"), [(WAITING, WAITING), (SENDING, SENDING), (HELD, HELD)])
def test_whoever_is_in_the_middle_of_a_step_stays_so(state: str, after: str) -> None:
    first = publish(definition("a", "b"))
    there = put(first, "b", got="a", state=state)
    second = publish(definition("a", "x", "b"))
    choose(second, of(first, "b", MOVE))
    carry_out()
    assert (now(there).state, now(there).version_id) == (after, second.version_id)


def test_one_whose_event_is_in_the_inbox_stays_taken_when_the_wait_of_its_step_changes() -> None:
    first = publish(definition("a", "b"))
    there = put(first, "b", got="a", due_at=None)
    second = publish(definition("a", "b", b=9))
    choose(second, of(first, "b", MOVE))
    carry_out()
    found = now(there)
    assert (found.is_taken, found.step_key, found.version_id) == (True, "b", second.version_id)


def test_a_held_one_stays_held_at_the_step_it_is_moved_to() -> None:
    first = publish(definition("a", "b"))
    there = put(first, "b", got="a", state=HELD, due_at=None, end_reason="paused")
    second = publish(definition("a", "c"))
    choose(second, of(first, "b", MOVE, "c"))
    carry_out()
    found = now(there)
    assert (found.state, found.step_key, found.due_at, found.end_reason) == (HELD, "c", None, "paused")


def test_the_owner_may_end_them() -> None:
    first = publish(definition("a", "b"))
    there, elsewhere = put(first, "b", got="a"), put(first, "a")
    second = publish(definition("a", "c"))
    choose(second, of(first, "b", END))
    carry_out()
    found = now(there)
    assert (found.state, found.end_reason, found.due_at, found.ended_at) == (ENDED, "by-owner", None, NOW)
    assert now(elsewhere).state == WAITING


def test_a_new_step_at_the_end_never_reaches_those_who_have_finished() -> None:
    first = publish(definition("a", "b"))
    finished = [put(first, "b", got="a b", state=DONE, due_at=None, ended_at=NOW) for _ in range(3)]
    second = publish(definition("a", "b", "new"))
    assert moving.finished_count(second) == 3
    choose(second, of(first, "b", MOVE))
    assert carry_out() == 0
    assert {now(each).state for each in finished} == {DONE}
    assert PlannedMessage.select().where(PlannedMessage.step_key == "new").count() == 0


def test_publishing_and_moving_delete_nothing_that_is_planned() -> None:
    first = publish(definition("a", "b"))
    put(first, "b", got="a", state=SENDING)
    before = list(PlannedMessage.select().order_by(PlannedMessage.id).dicts())
    second = publish(definition("a", "b", "c"))
    choose(second, of(first, "b", MOVE))
    carry_out()
    assert list(PlannedMessage.select().order_by(PlannedMessage.id).dicts()) == before


def test_what_dies_between_two_chunks_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "CHUNK", 2)
    first = publish(definition("a", "b"))
    there = [put(first, "b", got="a") for _ in range(5)]
    second = publish(definition("a", "c"))
    choose(second, of(first, "b", MOVE, "c"))
    [move_id] = move_choices.unfinished(second)
    with write_transaction():
        assert moving.move_some(move_id) == 2
    with pytest.raises(KeyboardInterrupt), write_transaction():
        moving.move_some(move_id)
        raise KeyboardInterrupt  # as if the process died before the commit
    assert move_choices.waiting_count(second) == 3
    assert carry_out() == 3
    assert {now(each).step_key for each in there} == {"c"}
    assert JourneyEntry.select().where(JourneyEntry.what == "moved").count() == 5
    move = EnrolmentMove.get_by_id(move_id)
    assert (move.moved_count, move.done_at, carry_out()) == (5, NOW, 0)


def test_a_later_publication_takes_the_place_of_choices_that_are_not_carried_out() -> None:
    first = publish(definition("a", "b"))
    there = put(first, "b", got="a")
    second = publish(definition("a", "c"))
    choose(second, of(first, "b", END))
    third = publish(definition("a", "b", "c"))
    choose(third, of(first, "b", MOVE))
    assert carry_out() == 1
    assert (now(there).state, now(there).version_id) == (WAITING, third.version_id)
    assert FlowVersion.select().count() == 3


def test_who_left_the_step_meanwhile_is_left_alone() -> None:
    first = publish(definition("a", "b"))
    there = put(first, "a")
    second = publish(definition("b"))
    choose(second, of(first, "a", END))
    Enrolment.update(step_key="b").where(Enrolment.id == there.id).execute()
    assert carry_out() == 0
    assert (now(there).state, now(there).version_id) == (WAITING, first.version_id)


def test_a_chunk_takes_few_statements(any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(definition("a", "b"))
    for _ in range(40):
        put(first, "b", got="a")
    second = publish(definition("a", "b", "c"))
    choose(second, of(first, "b", MOVE))
    statements: list[str] = []
    run: Any = any_database.execute_sql

    def recorded(sql: str, *more: Any) -> Any:
        statements.append(sql)
        return run(sql, *more)

    monkeypatch.setattr(any_database, "execute_sql", recorded)
    carry_out()
    assert Enrolment.select().where(Enrolment.version_id == second.version_id).count() == 40
    assert len(statements) < 30, statements


def test_clocks_at_once_move_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "CHUNK", 3)
    first = publish(definition("a", "b"))
    for _ in range(12):
        put(first, "b", got="a")
    second = publish(definition("a", "c"))
    choose(second, of(first, "b", MOVE, "c"))

    def clock(_: int) -> int:
        try:
            return carry_out()
        finally:
            database.close()

    with ThreadPoolExecutor(3) as clocks:
        assert sum(clocks.map(clock, range(3))) == 12
    assert JourneyEntry.select().where(JourneyEntry.what == "moved").count() == 12
    assert Enrolment.select().where(Enrolment.step_key == "c").count() == 12
