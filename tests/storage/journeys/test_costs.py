"""What a month's unasked messages cost and brought, beside the same figures counted row by row in Python."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot import localtime
from bot.queue.outbox import OutboxMessage
from customers.orders.purchases import CANCELLED, PAID, Purchase
from journeys.enrolments.tables import Enrolment
from journeys.flows.tables import Flow
from journeys.sending import costs
from journeys.sending.costs import Sent
from journeys.sending.message_kinds import CLASS_RULES, Kind, MessageClass
from journeys.sending.tables import SENT, WAITING, PlannedMessage
from tests.storage.budget_scene import NOON, call, customer, enrolled, flow, order, planned, said, step_sent

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOVEMBER = date(2026, 11, 1)


def test_rides_are_free_and_a_push_costs_once_however_much_it_carries() -> None:
    who = customer()
    said(who, NOON, Kind.RANK_ROSE, Kind.COUPON_GIVEN)
    said(who, NOON, Kind.SURVEY, sent_as="reply")
    said(who, NOON, Kind.ORDER_DISPATCHED)
    planned(who, Kind.SURVEY, NOON)
    month = costs.of_month(NOVEMBER)
    assert month.total == Sent("", "", sent_count=4, ride_count=1, push_count=2)
    assert month.total.free_share == 0.5
    assert (month.yen(3), month.single_yen(3), month.saved_yen(3)) == (6, 12, 6)
    assert {each.name: each.push_count for each in month.kinds} == {
        "rank-rose": 1,
        "coupon-given": 0,
        "survey": 0,
        "order-dispatched": 1,
    }


def test_a_month_without_messages_has_no_share() -> None:
    month = costs.of_month(NOVEMBER)
    assert (month.total.free_share, month.kinds, month.flows, month.saved_yen(3)) == (None, (), (), 0)


def test_pushes_that_nobody_may_hold_are_counted_apart() -> None:
    who = customer()
    call(who, NOON, staff_id=7)
    call(who, NOON, staff_id=7)
    call(who, NOON)  # an answer of the bot, too late for its token
    call(who, NOON, "reply", staff_id=7)
    said(who, NOON, Kind.ORDER_DELIVERED)
    said(who, NOON, Kind.OVERDUE_ANSWER)
    said(who, NOON, Kind.SURVEY)
    month = costs.of_month(NOVEMBER)
    assert (month.staff_push_count, month.late_push_count, month.unheld_push_count) == (2, 1, 5)


def test_a_month_is_the_shops_and_a_message_belongs_to_when_line_took_it() -> None:
    who, midnight = customer(), datetime.fromisoformat("2026-12-01T00:00:00+09:00")
    said(who, midnight - timedelta(seconds=1), Kind.SURVEY)
    said(who, midnight, Kind.SURVEY, Kind.BIRTHDAY)
    said(who, midnight - 20 * DAY, Kind.SURVEY, delay=21 * DAY)  # LINE's quota held it until December
    assert costs.of_month(date(2026, 11, 30)).total.sent_count == 1
    assert costs.of_month(date(2026, 12, 15)).total.sent_count == 3


def test_flows_have_their_own_figures() -> None:
    who, large, walls = customer(), flow("large-shop"), flow("six-walls", "selling")
    for inside, message_class, count in ((large, MessageClass.CARE, 3), (walls, MessageClass.SELLING, 1)):
        enrolment = enrolled(who, inside, None, "done")
        for number in range(count):
            how = "push" if number == 0 else "reply"
            step_sent(who, NOON + number * HOUR, enrolment, sent_as=how, message_class=message_class)
    order(who, NOON + 5 * HOUR, 2_000)  # after the last step of the first flow
    assert costs.of_month(NOVEMBER).flows == (
        Sent("large-shop", "シナリオ large-shop", 3, 2, 1, 1, 2_000),
        Sent("six-walls", "シナリオ six-walls", 1, 0, 1, 0, 0),
    )


def test_an_order_counts_for_the_last_message_of_the_week_before_it() -> None:
    who, other = customer(), customer()
    said(who, NOON, Kind.SURVEY)
    said(who, NOON + DAY, Kind.BIRTHDAY, Kind.COUPON_GIVEN)
    said(other, NOON + 2 * DAY, Kind.RANK_ROSE)
    order(who, NOON + 3 * DAY, 4_000, refunded=500)
    order(who, NOON + 8 * DAY - HOUR, 1_000)
    order(who, NOON + 8 * DAY, 900)  # seven days are over
    order(who, NOON - HOUR, 800)  # before anything was said
    order(who, NOON + 3 * DAY, 700, CANCELLED)
    found = {each.name: (each.order_count, each.order_yen) for each in costs.of_month(NOVEMBER).kinds}
    assert found == {"survey": (0, 0), "birthday": (0, 0), "coupon-given": (2, 4_500), "rank-rose": (0, 0)}
    assert costs.of_month(date(2026, 12, 1)).total == Sent("", "")


def test_an_order_of_the_next_month_may_follow_a_message_of_this_one() -> None:
    who, end = customer(), datetime.fromisoformat("2026-11-30T20:00:00+09:00")
    said(who, end, Kind.SURVEY)
    order(who, end + 6 * DAY, 5_000)
    assert costs.of_month(NOVEMBER).total.order_yen == 5_000
    said(who, end + DAY, Kind.BIRTHDAY)
    assert costs.of_month(NOVEMBER).total.order_yen == 0, "now December's message was the last"
    assert costs.of_month(date(2026, 12, 1)).total.order_yen == 5_000


def test_random_months_are_as_python_counts_them() -> None:
    chance = random.Random(20261130)
    flows = [flow("care"), flow("offers", "selling")]
    people = [customer() for _ in range(6)]
    inside = [enrolled(who, chance.choice(flows), None, "done") for who in people]
    for _ in range(150):
        at = NOON + timedelta(minutes=chance.randrange(-40 * 1440, 40 * 1440))
        number, how = chance.randrange(6), chance.choice(["push", "reply"])
        kinds = chance.sample(list(Kind), chance.randint(1, 3))
        delay = timedelta(hours=chance.choice([0, 0, 0, 30]))
        for made in said(people[number], at, *kinds, sent_as=how, delay=delay):
            if made.kind == Kind.FLOW_STEP:
                PlannedMessage.update(enrolment_id=inside[number].id).where(
                    PlannedMessage.id == made.id
                ).execute()
        call(people[number], at, chance.choice(["push", "reply"]), staff_id=chance.choice([None, 3]))
        order(people[number], at + timedelta(minutes=chance.randrange(20 * 1440)), chance.randrange(9_000))
    for who in people:
        planned(who, Kind.SURVEY, NOON)
    months = [date(2026, 10, 1), NOVEMBER, date(2026, 12, 1)]
    for month in months:
        found = costs.of_month(month)
        assert {each.name: each for each in found.kinds} == counted(month, lambda row: row.kind)
        assert {each.name: each for each in found.flows} == counted(month, flow_key)
        assert found.unheld_push_count == unheld(month)
    assert sum(costs.of_month(month).total.order_count for month in months) > 50


def flow_key(row: PlannedMessage) -> str | None:
    """The key of the flow it is a step of."""
    enrolment = Enrolment.get_or_none(Enrolment.id == row.enrolment_id)
    return Flow.get_by_id(enrolment.flow_id).key if enrolment else None


def counted(month: date, name_of: Callable[[PlannedMessage], str | None]) -> dict[str, Sent]:
    """The figures of that month by name, row by row."""
    calls: dict[int | None, OutboxMessage] = {each.id: each for each in OutboxMessage.select()}
    rows = [each for each in PlannedMessage.select() if each.state == SENT]
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in rows:
        outbox, name = calls[row.outbox_id], name_of(row)
        if name is not None and localtime.local_date(outbox.sent_at).replace(day=1) == month:
            found[name][0] += 1
            found[name][1] += outbox.sent_as == "reply"
            found[name][2] += outbox.sent_as == "push" and row.carries_cost
    for bought in Purchase.select().where(Purchase.state == PAID):
        before = [
            (calls[row.outbox_id].sent_at, row.priority, row.id, row)
            for row in rows
            if row.customer_id == bought.customer_id
            and timedelta() <= bought.ordered_at - calls[row.outbox_id].sent_at < 7 * DAY
        ]
        if not before:
            continue
        sent_at, _, _, last = max(before, key=lambda each: each[:3])
        name = name_of(last)
        if name is not None and localtime.local_date(sent_at).replace(day=1) == month:
            found[name][3] += 1
            found[name][4] += bought.total_yen - bought.refunded_yen
    titles = {each.key: each.name for each in Flow.select()}
    return {name: Sent(name, titles.get(name, ""), *figures) for name, figures in found.items()}


def unheld(month: date) -> int:
    """Pushes of that month that carry nothing which can wait."""
    can_wait = {
        row.outbox_id
        for row in PlannedMessage.select().where(PlannedMessage.carries_cost, PlannedMessage.state != WAITING)
        if CLASS_RULES[MessageClass(row.message_class)].waits_for_budget
    }
    pushed = OutboxMessage.select().where(OutboxMessage.sent_as == "push")
    return sum(
        each.id not in can_wait
        for each in pushed
        if localtime.local_date(each.sent_at).replace(day=1) == month
    )
