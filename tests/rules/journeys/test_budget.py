"""The month's budget: what waits when pushes are too few, and what never waits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.sending import budget
from journeys.sending.budget import Cutoff, Demand
from journeys.sending.message_kinds import MessageClass

ORDER, TICKET, CARE, SELLING = MessageClass
SURVEY, RANK, STEP, OFFER = (
    Demand(CARE, 60, 100),
    Demand(CARE, 50, 40),
    Demand(CARE, 30, 60),
    Demand(SELLING, 20, 50),
)
ALL = [OFFER, STEP, SURVEY, RANK]


@pytest.mark.parametrize(
    ("quota", "month_limit", "limit"),
    [(None, 0, None), (200, 0, 200), (None, 150, 150), (200, 150, 150), (200, 5000, 200), (0, 0, 0)],
)
def test_the_smaller_limit_holds(quota: int | None, month_limit: int, limit: int | None) -> None:
    assert budget.limit(quota, month_limit) == limit


@pytest.mark.parametrize(
    ("limit", "waiting", "free"),
    [
        # used 100, never held 50: what is left of the limit is for the 250 that can wait
        (400, [], [SURVEY, RANK, STEP, OFFER]),
        (399, [OFFER], [SURVEY, RANK, STEP]),
        (350, [OFFER], [SURVEY, RANK, STEP]),
        (300, [OFFER, STEP], [SURVEY, RANK]),
        (250, [OFFER, STEP, RANK], [SURVEY]),
        (150, [OFFER, STEP, RANK, SURVEY], []),
        (0, [OFFER, STEP, RANK, SURVEY], []),
    ],
)
def test_the_least_worth_waits_first(limit: int, waiting: list[Demand], free: list[Demand]) -> None:
    cutoff = budget.forecast(limit, 100, 50, ALL).cutoff
    assert [each for each in ALL if waits(cutoff, each, cutoff.room)] == [
        each for each in ALL if each in waiting
    ]
    assert [each for each in ALL if not waits(cutoff, each, cutoff.room)] == [
        each for each in ALL if each in free
    ]


def waits(cutoff: Cutoff, each: Demand, pushed_since: int = 0) -> bool:
    return budget.waits(cutoff, each.message_class, each.priority, pushed_since)


def test_the_group_at_the_limit_goes_until_its_room_is_used() -> None:
    cutoff = budget.forecast(330, 100, 50, ALL).cutoff
    assert (cutoff.worth, cutoff.room) == (budget.worth(CARE, 30), 40)
    assert [waits(cutoff, STEP, pushed) for pushed in (0, 39, 40, 41)] == [False, False, True, True]
    assert waits(cutoff, OFFER) and not waits(cutoff, RANK, 179)
    assert waits(cutoff, RANK, 180), "all that was left besides the reserve is used"


def test_what_nobody_foresaw_waits_when_nothing_is_left() -> None:
    assert waits(budget.forecast(100, 100, 0, []).cutoff, SURVEY)
    assert not waits(budget.forecast(101, 100, 0, []).cutoff, SURVEY)
    assert waits(budget.forecast(101, 100, 0, []).cutoff, SURVEY, 1)


def test_an_offer_is_worth_less_than_care_whatever_its_priority() -> None:
    assert budget.worth(SELLING, 90) < budget.worth(CARE, 0)


@pytest.mark.parametrize(
    ("left", "never_held", "percent", "reserved"),
    [(100, 0, 10, 10), (100, 40, 10, 40), (5, 0, 10, 1), (0, 0, 10, 0), (100, 0, 0, 0), (0, 30, 10, 30)],
)
def test_orders_and_staff_have_their_reserve(left: int, never_held: int, percent: int, reserved: int) -> None:
    assert budget.reserve(left, never_held, percent) == reserved


@pytest.mark.parametrize(
    ("today", "used", "day"),
    [
        (1, 0, 16),  # 20 a day expected against 310: half the month
        (16, 155, 23),
        (30, 300, 30),
        (30, 310, 30),
        (30, 0, None),
    ],
)
def test_the_day_on_which_the_limit_is_reached(today: int, used: int, day: int | None) -> None:
    days = 32 - today
    outlook = budget.forecast(310, used, 0, [Demand(CARE, 30, 20 * days)])
    found = budget.limit_day(date(2026, 12, today), date(2026, 12, 31), outlook)
    assert found == (date(2026, 12, day) if day else None)


@pytest.mark.parametrize(
    ("day", "end"),
    [((2026, 12, 1), 31), ((2026, 12, 31), 31), ((2028, 2, 29), 29), ((2027, 2, 1), 28), ((2026, 4, 30), 30)],
)
def test_the_last_day_of_a_month(day: tuple[int, int, int], end: int) -> None:
    assert budget.month_end(date(*day)) == date(day[0], day[1], end)


def test_the_share_that_is_pushed_needs_enough_messages_to_go_by() -> None:
    assert budget.share(100, pushes=5, of=20, fewest=20) == 25
    assert budget.share(100, pushes=5, of=19, fewest=20) == 100
    assert budget.share(1, pushes=1, of=20, fewest=20) == 1, "rounded up"


demands = st.lists(
    st.builds(Demand, st.sampled_from(MessageClass), st.integers(0, 100), st.integers(0, 400)), max_size=12
)
counts = st.integers(0, 2000)
percents = st.integers(0, 90)
classes = st.sampled_from(MessageClass)
priorities = st.integers(0, 100)


@given(counts, counts, counts, demands, percents, classes, priorities, counts)
def test_orders_and_tickets_never_wait(
    limit: int,
    used: int,
    held: int,
    some: list[Demand],
    percent: int,
    kind: MessageClass,
    priority: int,
    since: int,
) -> None:
    cutoff = budget.forecast(limit, used, held, some, percent).cutoff
    if kind in (ORDER, TICKET):
        assert not budget.waits(cutoff, kind, priority, since)


@given(counts, counts, demands, percents, classes, priorities, counts)
def test_without_a_limit_nothing_waits(
    used: int, held: int, some: list[Demand], percent: int, kind: MessageClass, priority: int, since: int
) -> None:
    outlook = budget.forecast(None, used, held, some, percent)
    assert outlook.waiting_count == 0
    assert not budget.waits(outlook.cutoff, kind, priority, since)


CAN_WAIT = st.sampled_from((CARE, SELLING))


@given(counts, counts, counts, demands, percents, CAN_WAIT, priorities, CAN_WAIT, priorities, counts)
def test_what_is_worth_more_never_waits_while_what_is_worth_less_goes(
    limit: int,
    used: int,
    held: int,
    some: list[Demand],
    percent: int,
    kind: MessageClass,
    priority: int,
    other_kind: MessageClass,
    other_priority: int,
    since: int,
) -> None:
    cutoff = budget.forecast(limit, used, held, some, percent).cutoff
    if budget.worth(kind, priority) >= budget.worth(other_kind, other_priority):
        more_waits = budget.waits(cutoff, kind, priority, since)
        assert not more_waits or budget.waits(cutoff, other_kind, other_priority, since)


@given(counts, counts, counts, demands, percents)
def test_a_forecast_that_comes_true_stays_within_the_limit(
    limit: int, used: int, held: int, some: list[Demand], percent: int
) -> None:
    outlook = budget.forecast(limit, used, held, some, percent)
    pushed = 0
    for each in sorted(some, key=lambda each: -budget.worth(each.message_class, each.priority)):
        for _ in range(each.push_count if each.message_class in (CARE, SELLING) else 0):
            at_limit = pushed - above(outlook.cutoff, some)
            pushed += not budget.waits(outlook.cutoff, each.message_class, each.priority, max(at_limit, 0))
    assert pushed == outlook.demand_count - outlook.waiting_count
    assert pushed == 0 or used + held + pushed <= limit


def above(cutoff: Cutoff, some: list[Demand]) -> int:
    """Pushes of the groups worth more than the one at the limit."""
    return sum(
        each.push_count
        for each in some
        if each.message_class in (CARE, SELLING)
        and budget.worth(each.message_class, each.priority) > cutoff.worth
    )


@given(counts, st.integers(0, 500), counts, counts, demands, percents, CAN_WAIT, priorities)
def test_a_larger_limit_holds_nothing_more(
    limit: int,
    more: int,
    used: int,
    held: int,
    some: list[Demand],
    percent: int,
    kind: MessageClass,
    priority: int,
) -> None:
    small, large = (budget.forecast(each, used, held, some, percent) for each in (limit, limit + more))
    assert large.waiting_count <= small.waiting_count
    assert large.cutoff.worth <= small.cutoff.worth
    if budget.waits(large.cutoff, kind, priority):
        assert budget.waits(small.cutoff, kind, priority)


@given(counts, counts, counts, demands, percents)
def test_fewer_used_holds_nothing_more(
    limit: int, used: int, held: int, some: list[Demand], percent: int
) -> None:
    before = budget.forecast(limit, used + 1, held, some, percent)
    assert budget.forecast(limit, used, held, some, percent).waiting_count <= before.waiting_count


@given(st.integers(0, 5000), st.integers(1, 28), st.integers(1, 31))
def test_the_pace_of_the_past_is_rounded_up(count: int, days: int, left: int) -> None:
    expected = budget.until_month_end(count, days, left)
    assert (expected - 1) * days < count * left <= expected * days
