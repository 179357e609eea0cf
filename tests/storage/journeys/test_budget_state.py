"""The month's budget as it is counted, stored and asked: both databases."""

import random
from datetime import date, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.line.delivery import HELD
from bot.line.month import Month
from bot.queue import month_quota, outbox
from bot.queue.outbox import OutboxMessage
from customers.people.customer import Customer
from handlers import budget_jobs, timetable
from journeys.sending import budget_counts, budget_state
from journeys.sending.budget import Demand
from journeys.sending.budget_state import MonthBudget, waits_for_budget
from journeys.sending.message_kinds import KIND_RULES, SELLING_PRIORITY, Kind, MessageClass
from surveys.nps import invitations
from tests.storage.budget_scene import (
    NOON,
    call,
    customer,
    enrolled,
    flow,
    order,
    planned,
    said,
    step_sent,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ORDER, TICKET, CARE, SELLING = MessageClass
CLASSES_AND_PRIORITIES = [(CARE, KIND_RULES[Kind.SURVEY].priority), (SELLING, SELLING_PRIORITY)]


@pytest.fixture(autouse=True)
def _noon() -> object:
    """Noon of 15 November, and the shop's defaults."""
    shop.use({"survey": {"question_after_days": 14}, "sending": {"reserve_percent": 0}})
    with localtime.fixed(NOON):
        yield
    shop.use({})


def line_says(quota: int | None, used: int) -> None:
    """LINE answered how many messages there are this month."""
    with write_transaction():
        month_quota.keep(Month(quota, used))


def refresh() -> MonthBudget:
    """The clock's job, an hour later as it were."""
    MonthBudget.delete().execute()
    assert budget_jobs.refresh_budget() == 1
    row = budget_state.current()
    assert row
    return row


def waiting() -> list[bool]:
    """Whether a survey, and whether an offer, has to wait."""
    return [waits_for_budget(*each) for each in CLASSES_AND_PRIORITIES]


def test_without_figures_nothing_waits() -> None:
    assert waiting() == [False, False]


def test_without_quota_and_limit_nothing_waits() -> None:
    line_says(None, 5_000)
    planned(customer(), Kind.SURVEY, NOON + DAY)
    row = refresh()
    assert (row.limit_count, row.used_count, row.demand_count, row.waiting_count) == (None, 5_000, 1, 0)
    assert waiting() == [False, False]


def test_what_is_scheduled_is_counted() -> None:
    hanako, care, offers = customer(), flow("care"), flow("offers", "selling")
    line_says(200, 20)
    planned(hanako, Kind.BIRTHDAY, NOON + DAY)
    planned(hanako, Kind.BIRTHDAY, NOON + 20 * DAY)  # in December
    planned(hanako, Kind.ORDER_DISPATCHED, NOON + DAY)
    enrolled(hanako, care, NOON + 3 * DAY)
    enrolled(hanako, care, NOON + 16 * DAY)  # in December
    enrolled(hanako, offers, NOON + 3 * DAY)
    enrolled(hanako, offers, None, "done")
    order(hanako, NOON - 2 * DAY)  # asked 14 days later: on 27 November
    order(customer(), NOON - DAY)
    order(customer(), NOON + 2 * DAY)  # asked on 1 December
    groups = {(each.message_class, each.priority): each.push_count for each in refresh().groups}
    assert groups == {
        (CARE, KIND_RULES[Kind.SURVEY].priority): 2,
        (CARE, KIND_RULES[Kind.BIRTHDAY].priority): 1,
        (CARE, KIND_RULES[Kind.FLOW_STEP].priority): 1,
        (SELLING, SELLING_PRIORITY): 1,
    }


def test_who_was_asked_has_blocked_us_or_wants_no_news_is_not_expected_to_be_asked() -> None:
    asked, gone, quiet, twice = (customer() for _ in range(4))
    for who in (asked, gone, quiet, twice, twice):
        bought = order(who, NOON - 2 * DAY)
    with write_transaction():
        invitations.invite(asked.id, f"purchase:{bought.id - 4}")
    Customer.update(blocked_at=NOON).where(Customer.id == gone.id).execute()
    Customer.update(opted_out_at=NOON).where(Customer.id == quiet.id).execute()
    assert [each.push_count for each in refresh().groups] == [1]


def test_the_past_says_what_is_never_held_and_what_each_kind_costs() -> None:
    who = customer()
    for day in range(1, 29):
        call(who, NOON - day * DAY + HOUR, staff_id=1)  # an answer of staff a day
        said(who, NOON - day * DAY + HOUR, Kind.ORDER_DISPATCHED)
        said(who, NOON - day * DAY + HOUR, Kind.RANK_ROSE, Kind.COUPON_GIVEN, sent_as="push")
        call(who, NOON - day * DAY + HOUR, "reply")
    call(who, NOON - 40 * DAY, staff_id=1)
    row = refresh()
    assert row.reserved_count == 2 * 16, "one answer and one dispatch a day, sixteen days"
    assert row.groups == [
        Demand(CARE, KIND_RULES[Kind.RANK_ROSE].priority, 16),
    ], "the coupon went along with the news of the rank"


def test_a_flow_costs_what_it_has_cost() -> None:
    inside = flow()
    for number in range(20):
        who = customer()
        enrolment = enrolled(who, inside, None, "done")
        for step in range(3):  # three steps: two ride, one of two is pushed
            is_pushed = step == 0 and number % 2 == 0
            step_sent(
                who,
                NOON - DAY + step * HOUR,
                enrolment,
                sent_as="push" if is_pushed else "reply",
                message_class=CARE,
            )
    for _ in range(7):
        enrolled(customer(), inside, NOON + DAY)
    assert [each.push_count for each in refresh().groups] == [4], "half a push each, rounded up"


def test_when_it_is_short_the_offers_wait_first() -> None:
    line_says(10, 0)
    offers = flow("offers", "selling")
    for _ in range(6):
        planned(customer(), Kind.SURVEY, NOON + DAY)
        enrolled(customer(), offers, NOON + DAY)
    row = refresh()
    assert (row.limit_count, row.demand_count, row.waiting_count) == (10, 12, 2)
    assert waiting() == [False, False], "four of the offers find room"
    chat = customer().conversation_id or 0
    for _ in range(4):
        with write_transaction():
            outbox.push(chat, [{"type": "text", "text": "ご案内"}], cause="x")
    refresh_cache()
    assert waiting() == [False, True]
    assert not waits_for_budget(ORDER, 95) and not waits_for_budget(TICKET, 80)


def refresh_cache() -> None:
    """As if the seconds for which a process remembers what it read were over."""
    budget_state._cache().until = float("-inf")


def test_the_owners_limit_may_be_smaller_than_lines() -> None:
    shop.use({"sending": {"month_limit": 5, "reserve_percent": 0}})
    line_says(200, 5)
    planned(customer(), Kind.SURVEY, NOON + DAY)
    row = refresh()
    assert (row.quota, row.limit_count, row.waiting_count) == (200, 5, 1)
    assert waiting() == [True, True]


def test_part_of_what_is_left_stays_for_orders_and_staff() -> None:
    shop.use({"sending": {"month_limit": 100, "reserve_percent": 10}})
    for _ in range(95):
        planned(customer(), Kind.SURVEY, NOON + DAY)
    row = refresh()
    assert (row.reserved_count, row.demand_count, row.waiting_count) == (10, 95, 5)


def test_while_line_does_not_answer_our_own_pushes_are_counted_against_the_owners_limit() -> None:
    shop.use({"sending": {"month_limit": 3, "reserve_percent": 0}})
    who = customer()
    for at in (NOON - HOUR, NOON - 2 * HOUR, NOON - 20 * DAY):
        call(who, at)
    call(who, NOON - HOUR, "reply")
    row = refresh()
    assert (row.quota, row.limit_count, row.used_count) == (None, 3, 2)


def test_an_old_answer_of_line_still_says_what_the_plan_includes() -> None:
    with localtime.fixed(NOON - 30 * DAY):
        line_says(200, 190)
    call(customer(), NOON - HOUR)
    row = refresh()
    assert (row.limit_count, row.used_count) == (200, 1), "used in November, not in October"
    with localtime.fixed(NOON + 350 * DAY):
        assert month_quota.this_month() is None, "the same month of another year, either"


def test_at_midnight_in_tokyo_a_new_month_begins() -> None:
    shop.use({"sending": {"month_limit": 1, "reserve_percent": 0}})
    last_second = NOON.replace(day=30, hour=14, minute=59, second=59)
    with localtime.fixed(last_second):
        said(customer(), last_second, Kind.BIRTHDAY)
        planned(customer(), Kind.SURVEY, last_second)
        refresh()
        assert waiting() == [True, True]
    with localtime.fixed(last_second + timedelta(seconds=1)):
        assert waiting() == [False, False], "before the clock has come round, too"
        assert budget_jobs.refresh_budget() == 1, "less than an hour after the last time: another month"
        row = budget_state.current()
        assert row
        assert (row.month, row.used_count, row.limit_count) == (date(2026, 12, 1), 0, 1)
        assert waiting()[0] is False
    assert MonthBudget.select().count() == 2, "the old month's figures stay"


def test_the_job_computes_once_an_hour_and_two_clocks_do_no_harm() -> None:
    line_says(10, 3)
    job = next(each for each in timetable.JOBS if each.run is budget_jobs.refresh_budget)
    assert timetable.run(job)
    assert budget_jobs.refresh_budget() == 0
    with localtime.fixed(NOON + HOUR):
        rows = [budget_jobs.this_month(), budget_jobs.this_month()]
        for row in rows:
            with write_transaction():
                budget_state.store(row)
        assert budget_jobs.refresh_budget() == 0
    assert MonthBudget.select().count() == 1


def test_a_clock_that_was_set_back_computes_again() -> None:
    with localtime.fixed(NOON + DAY):
        refresh()
    assert budget_jobs.refresh_budget() == 1


def test_a_quota_that_is_gone_midway_holds_the_rows_and_nothing_else() -> None:
    """LINE says 429: the rows stay in the outbox as held. The budget then lets nothing more through that can wait,
    and orders still go on to the outbox, where LINE's answer counts."""
    who = customer()
    line_says(200, 200)
    OutboxMessage.update(state=HELD).where(OutboxMessage.id == call(who, NOON, None)).execute()
    planned(who, Kind.SURVEY, NOON + DAY)
    row = refresh()
    assert (row.used_count, row.limit_count, row.waiting_count) == (200, 200, 1)
    assert waiting() == [True, True]
    assert not waits_for_budget(ORDER, 95)
    line_says(5_000, 200)  # the owner has taken a larger plan
    with write_transaction():
        assert outbox.release_held() == 1
    refresh()
    assert waiting() == [False, False]


def test_random_months_are_counted_as_python_counts_them() -> None:
    chance = random.Random(11)
    people = [customer() for _ in range(5)]
    kinds = [Kind.SURVEY, Kind.RANK_ROSE, Kind.ORDER_RECEIVED, Kind.BIRTHDAY]
    never_held = 0
    pushed = dict.fromkeys(kinds, 0)
    sent = dict.fromkeys(kinds, 0)
    for _ in range(120):
        at = NOON - timedelta(minutes=chance.randrange(1, 45 * 24 * 60))
        how, kind = chance.choice(["push", "reply"]), chance.choice(kinds)
        said(chance.choice(people), at, kind, sent_as=how)
        if at >= NOON - 28 * DAY:
            sent[kind] += 1
            pushed[kind] += how == "push"
            never_held += how == "push" and kind == Kind.ORDER_RECEIVED
    known = budget_counts.past()
    assert known.never_held_count == never_held
    assert {group[0]: counted for group, counted in known.groups.items()} == {
        kind: (sent[kind], pushed[kind]) for kind in kinds
    }
