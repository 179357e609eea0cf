"""Failures that people report of other tools, numbered as in the list of thirty-two that flows are tested against: the
ones about many customers, overlapping flows, and times."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import localtime, notices
from bot.db.database import execute, is_postgres, write_transaction
from bot.queue.inbox import InboxEvent
from customers.orders.tables import Product, Purchase, PurchaseItem
from customers.people import customer_tags
from customers.people.customer import Customer
from handlers import flow_goals, flow_jobs
from handlers.flow_triggers import PROVIDERS
from journeys.enrolments import past_steps, steps
from journeys.enrolments.tables import Enrolment
from journeys.flows import flow_file, flow_text, stock
from journeys.flows.definition import Event, FlowDefinition
from journeys.sending.tables import PlannedMessage
from journeys.taking_in import take_in
from journeys.traces import parked
from tests.storage.journeys.test_enrolments import FLOW, NOW, _noon, on, person, put_in, take, work

__all__ = ("_noon",)
VIP, FOLLOWED = (Event.model_validate(each) for each in ({"on": "tag", "tag": "vip"}, {"on": "follow"}))
CROWD = 40_000
"""More than the values that a statement may bind on SQLite (32,766) and PostgreSQL (32,767 by its drivers)."""
LASTING = """
key = "refill"
name = "そろそろ"
trigger = { on = "hand" }
[[step]]
key = "one"
text = "ひとつめ"
latest_days = 0
[[step]]
key = "refill"
wait = { repurchase = true, days = 5, at = "11:00" }
text = "そろそろなくなるころでしょうか"
"""


def settle(*, at: datetime) -> None:
    """The worker, and what is planned counted as sent at that moment."""
    with localtime.fixed(at):
        work()
        for row in PlannedMessage.select().where(PlannedMessage.state == "waiting"):
            PlannedMessage.update(state="sent", settled_at=at).where(PlannedMessage.id == row.id).execute()
            row.state = "sent"
            with write_transaction():
                steps.settled(row, PROVIDERS)


def buy(who: Customer, at: datetime, lasts: int | None, number: str = "A-1") -> None:
    sku = f"TEA-{lasts}"
    Product.insert(sku=sku, name="茶", repurchase_days=lasts).on_conflict_ignore().execute()
    order = Purchase.create(
        source="api",
        order_number=number,
        customer=who.id,
        ordered_at=at,
        ordered_on=localtime.local_date(at),
        total_yen=1_000,
        recorded_at=at,
    )
    PurchaseItem.create(purchase=order.id, sku=sku)


@pytest.mark.parametrize(
    ("lasts", "ordered_days_ago", "due_on"),
    [
        (30, 0, date(2026, 5, 1)),  # thirty days after the order
        (30, 20, date(2026, 4, 11)),  # not thirty days after the step before
        (30, 60, date(2026, 4, 2)),  # over for long: the next eleven o'clock, not the past
        (None, 20, date(2026, 4, 6)),  # no days of its own: the step's, from the step before
    ],
)
def test_repurchase_days_count_from_the_order(lasts: int | None, ordered_days_ago: int, due_on: date) -> None:
    misaki, flow = person("美咲"), on(LASTING)
    buy(misaki, NOW - timedelta(days=ordered_days_ago), lasts)
    put_in(flow, misaki)
    settle(at=NOW)
    found = Enrolment.get()
    assert (found.step_key, found.state) == ("refill", "waiting")
    due = localtime.local(found.due_at)
    assert (due.date(), due.hour) == (due_on, 11)


def test_the_budgets_replay_counts_repurchase_days_from_the_order() -> None:
    flow = FlowDefinition.model_validate(
        {"holdout_percent": 0} | tomllib.loads(LASTING) | {"trigger": {"on": "order"}}
    )
    ordered_at = localtime.local(NOW)
    until = ordered_at + timedelta(days=90)
    found = past_steps.messages(flow, [ordered_at], [], ordered_at, until, [(ordered_at, 30)])
    assert [each.earliest_at.date() for each in found] == [date(2026, 4, 1), date(2026, 5, 1)]
    found = past_steps.messages(flow, [ordered_at], [], ordered_at, until, [(ordered_at, None)])
    assert [each.earliest_at.date() for each in found] == [date(2026, 4, 1), date(2026, 4, 6)]


def test_steps_without_a_wait_follow_one_another_without_the_clock() -> None:
    at_once = FLOW.replace("wait = { days = 1 }", "latest_days = 0")
    put_in(on(at_once), person("美咲"))
    work()
    found = PlannedMessage.select().order_by(PlannedMessage.id)
    assert [(row.step_key, row.state, row.reason) for row in found] == [
        ("one", "sent", ""),
        ("two", "waiting", "daily-limit"),
    ]


def test_an_order_that_no_process_passed_on_is_the_goal_when_the_step_is_due() -> None:
    misaki = person("美咲")
    put_in(on(goal={"on": "order"}), misaki)
    buy(misaki, NOW + timedelta(hours=1), None)
    with localtime.fixed(NOW + timedelta(days=1)):
        take()
        work()
    assert (Enrolment.get().state, PlannedMessage.select().count()) == ("goal", 0)


@pytest.mark.parametrize(
    ("goal", "hours", "reached"),
    [
        ({"on": "order"}, 1, True),
        ({"on": "order"}, -30, False),  # before they entered
        ({"on": "order", "nth": 1}, 1, True),
        ({"on": "order", "nth": 2}, 1, False),
        ({"on": "order", "products": ["TEA-None"]}, 1, True),
        ({"on": "order", "products": ["SOAP"]}, 1, False),
        ({"on": "tag", "tag": "vip"}, 1, True),
        ({"on": "tag", "tag": "vip"}, -30, False),
        ({"on": "tag", "tag": "other"}, 1, False),
        ({"on": "rank"}, 1, False),  # not remembered
    ],
)
def test_a_goal_by_what_the_database_remembers(goal: dict[str, Any], hours: int, reached: bool) -> None:
    misaki = person("美咲")
    put_in(on(), misaki)
    then = NOW + timedelta(hours=hours)
    buy(misaki, then, None)
    with localtime.fixed(then), write_transaction():
        customer_tags.add(misaki.id, "vip")
    assert flow_goals.has_reached(Enrolment.get(), Event.model_validate(goal), "care") is reached


def test_failure_7_asking_again_who_belongs_in_deletes_no_scheduled_step() -> None:
    flow, misaki = on(trigger={"on": "tag", "tag": "vip"}), person("美咲")
    with write_transaction():
        customer_tags.add(misaki.id, "vip")
        put = take_in.candidates(take_in.triggered(VIP, flow.key, 30), flow)
        take_in.request_entries(flow, put)
    work()
    before = Enrolment.get()
    with write_transaction():
        customer_tags.remove(misaki.id, "vip")
        assert take_in.candidates(take_in.triggered(VIP, flow.key, 30), flow) == []
        take_in.request_entries(flow, put)
    work()
    after = Enrolment.get()
    assert (after.state, after.due_at, after.step_key) == ("waiting", before.due_at, before.step_key)


def test_failure_9_many_steps_that_fail_write_one_notice_and_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flow = on()
    put_in(flow, *(person(f"客{number}") for number in range(30)))
    broken = monkeypatch.context()
    with localtime.fixed(NOW + timedelta(days=1)):
        with broken as patch:
            patch.setattr(steps, "_plan", lambda *_: 1 / 0)
            flow_jobs.take_due_steps()
            work()
        assert [notice.sentence.count("「one」") for notice in notices.current()] == [1]
        found = parked.parked()
        assert (len(found), {each.flow_name for each in found}) == (30, {"使い方"})
        assert len({each.customer_id for each in found}) == 30
        assert "ZeroDivisionError" in found[0].error
        for each in found:
            with write_transaction():
                assert parked.retry(each.id)
        assert (parked.parked(), notices.current()) == ([], [])
        with write_transaction():
            assert not parked.retry(found[0].id)
        flow_jobs.take_due_steps()
        work()
    assert PlannedMessage.select().count() == 30


def test_failure_16_a_flow_with_an_unfinished_message_cannot_be_switched_on() -> None:
    unfinished = FLOW.replace('text = "ふたつめ"', "")
    definition = FlowDefinition.model_validate({"holdout_percent": 0} | tomllib.loads(unfinished))
    with write_transaction(), pytest.raises(stock.Refused):
        stock.switch_on(stock.import_flow(definition), NOW)


def test_failure_22_an_audience_larger_than_the_databases_limit_of_bound_values() -> None:
    flow = on(trigger={"on": "follow"})
    numbers = "SELECT n FROM generate_series(1, ?) AS t(n)"
    if not is_postgres():
        numbers = (
            "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < ?) SELECT n FROM t"
        )
    with write_transaction():
        execute(
            f"INSERT INTO conversation (key, line_user_id) SELECT 'U' || n, 'U' || n FROM ({numbers}) x",
            CROWD,
        )
        execute(
            "INSERT INTO customer (conversation_id, line_user_id, display_name, picture_url, language, followed_at, "
            "registered_at, first_seen_at, purchase_count, sales_yen) SELECT id, key, '', '', 'ja', "
            "CAST(? AS TIMESTAMP), CAST(? AS TIMESTAMP), CAST(? AS TIMESTAMP), 0, 0 FROM conversation"
            if is_postgres()
            else "INSERT INTO customer (conversation_id, line_user_id, display_name, picture_url, language, "
            "followed_at, registered_at, first_seen_at, purchase_count, sales_yen) SELECT id, key, '', '', 'ja', "
            "?, ?, ?, 0, 0 FROM conversation",
            *("2026-03-30 00:00:00",) * 3,
        )
    query = take_in.triggered(FOLLOWED, flow.key, 30)
    assert len(take_in.ids(query, flow)) == CROWD
    asked, last = 0, 0
    while found := take_in.candidates(query, flow, last):
        with write_transaction():
            asked += take_in.request_entries(flow, found)
        last = found[-1].id
    assert asked == InboxEvent.select().count() == CROWD


def test_failure_28_overlapping_flows_are_one_push() -> None:
    both = [on(latest(FLOW), key=key) for key in ("care", "more")]
    misaki = person("美咲")
    for flow in both:
        put_in(flow, misaki)
    with localtime.fixed(NOW + timedelta(days=1)):
        flow_jobs.take_due_steps()
        work()
    sent = [row for row in PlannedMessage.select() if row.state == "sent"]
    assert len({row.outbox_id for row in sent}) == 1


def test_failure_30_the_time_of_a_step_is_the_shops_after_reopening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    flow = on(FLOW.replace("wait = { days = 1 }", 'wait = { days = 1, at = "11:00" }', 1))
    reopened = flow_file.read(flow_text.write(stock.definition_of(flow)))
    assert reopened.step[0].wait.at == "11:00"
    put_in(flow, person("美咲"))
    assert Enrolment.get().due_at == datetime(2026, 4, 2, 2, 0, tzinfo=UTC)


def latest(toml: str) -> str:
    """The flow with steps that wait for no reply."""
    return toml.replace("text =", "latest_days = 0\ntext =")
