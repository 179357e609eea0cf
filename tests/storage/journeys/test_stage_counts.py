"""The figures of the stages as the database counts them, on random shops: what the rules say, on both databases."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import localtime
from bot.db.database import write_transaction
from customers.orders.tables import Purchase
from customers.people.customer import Customer
from customers.values import windows
from journeys.audience.tables import CustomerProfile, StageChange
from journeys.enrolments.stages import Stage
from journeys.figures import stage_counts, stage_history
from journeys.figures.stage_history import ORDER, Change, Known, Stays

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
TODAY = date(2026, 11, 30)
BEGAN = NOW - timedelta(days=150)
Shop = dict[int, Known]


@pytest.fixture(params=(1, 2, 3))
def random_shop(request: pytest.FixtureRequest) -> Shop:
    """A hundred customers, some of whom changed their stage since the history began."""
    dice = random.Random(request.param)
    with localtime.fixed(NOW), write_transaction():
        return {each.id: known for each, known in (_customer(dice) for _ in range(100))}


def _customer(dice: random.Random) -> tuple[Customer, Known]:
    seen = NOW - timedelta(seconds=dice.randrange(300 * 86_400))
    moments = sorted(
        max(BEGAN, seen) + timedelta(seconds=dice.randrange(1, int((NOW - max(BEGAN, seen)).total_seconds())))
        for _ in range(dice.choice((0, 0, 1, 1, 2, 3)))
    )
    stages = [dice.choice(ORDER)]
    for _ in moments:
        stages.append(dice.choice([stage for stage in ORDER if stage is not stages[-1]]))
    changes = [Change(*each) for each in zip(stages, stages[1:], moments, strict=False)]
    who = Customer.create(first_seen_at=seen)
    since = moments[-1] if moments else max(BEGAN, seen)
    CustomerProfile.create(customer=who, stage=stages[-1].value, stage_since=since, changed_at=since)
    for each in changes:
        StageChange.create(customer=who, before=each.before.value, after=each.after.value, changed_at=each.at)
    bought = NOW - timedelta(seconds=dice.randrange(320 * 86_400)) if dice.random() < 0.8 else None
    if bought is not None:
        for later, yen in ((0, 3_000), (5, 2_000), (-9, 0)):  # what cost nothing is no purchase
            at = bought + timedelta(days=later)
            Purchase.create(
                source="t", order_number=f"N-{who.id}-{later}", customer=who, ordered_at=at,
                ordered_on=localtime.local_date(at), total_yen=yen, recorded_at=at,
            )  # fmt: skip
    return who, Known(seen, stages[-1], changes, bought)


@pytest.fixture(autouse=True)
def _now():  # type: ignore[no-untyped-def] # a fixture
    with localtime.fixed(NOW):
        yield


def end_of(day: date) -> datetime:
    return localtime.start_of(day + timedelta(days=1))


def test_people_on_each_stage_on_any_day(random_shop: Shop) -> None:
    for days_ago in (0, 1, 17, 60, 149):
        day = TODAY - timedelta(days=days_ago)
        assert stage_counts.is_known(day)
        for stage in ORDER:
            expected = [w for w, k in random_shop.items() if stage_history.stage_at(k, end_of(day)) is stage]
            assert ids(stage_counts.people_on([stage], day)) == expected
            assert stage_counts.count_on([stage], day) == len(expected)
    now = stage_counts.on_each()
    assert now == {stage: stage_counts.count_on([stage], TODAY) for stage in ORDER}


def test_the_history_begins_with_the_first_profile(random_shop: Shop) -> None:
    began = stage_counts.history_began()
    assert began is not None
    assert began >= BEGAN
    assert not stage_counts.is_known(localtime.local_date(began) - timedelta(days=1))


def test_months_add_up_to_what_each_day_says(random_shop: Shop) -> None:
    months = list(windows.calendar_months(TODAY, 5))
    bounds = [localtime.start_of(month.first_on) for month in months]
    ends = stage_history.at_ends(stage_counts.arrived(bounds), stage_counts.went(bounds), len(months))
    for month, counts in zip(months, ends, strict=True):
        assert counts == {stage: stage_counts.count_on([stage], month.last_on) for stage in ORDER}


def test_who_moved_in_each_month(random_shop: Shop) -> None:
    months = list(windows.calendar_months(TODAY, 5))
    counted = stage_counts.went([localtime.start_of(month.first_on) for month in months])
    for part, month in enumerate(months, 1):
        since, until = localtime.start_of(month.first_on), end_of(month.last_on)
        went = {who: stage_history.moved(known, since, until) for who, known in random_shop.items()}
        assert Counter(each for each in went.values() if each) == {
            (Stage(before), Stage(after)): people for place, before, after, people in counted if place == part
        }
        for forward in (True, False):
            expected = [
                who
                for who, each in went.items()
                if each and stage_history.is_further(*(each[::-1] if forward else each))
            ]
            assert ids(stage_counts.people_moved(month, forward=forward)) == expected


def test_stays_are_those_of_the_rules(random_shop: Shop) -> None:
    year = windows.year(TODAY)
    since, until = localtime.start_of(year.first_on), end_of(year.last_on)
    expected = Counter(
        (stay.stage, stay.days)
        for known in random_shop.values()
        for stay in stage_history.stays(known, since, until)
    )
    counted = stage_counts.stays(year)
    found = {(stage, days): n for stage, some in counted.items() for days, n in some.days.items()}
    left_out = {(stage, None): some.left_out for stage, some in counted.items() if some.left_out}
    assert found | left_out == expected
    assert stage_counts.stays(year, Stage.FIRST) == {
        stage: counted[stage] if stage is Stage.FIRST else Stays() for stage in ORDER
    }
    assert sum(found.values()) > 20 and sum(left_out.values()) > 2


def test_the_people_of_stays_are_those_of_the_rules(random_shop: Shop) -> None:
    month = windows.days(TODAY, 60)
    since, until = localtime.start_of(month.first_on), end_of(month.last_on)
    for stage in ORDER:
        expected = [
            who
            for who, known in random_shop.items()
            if stage
            in {stay.stage for stay in stage_history.stays(known, since, until) if stay.days is not None}
        ]
        assert ids(stage_counts.people_stayed(stage, month)) == expected


def test_pages_leave_nobody_out(random_shop: Shop) -> None:
    for day in (TODAY, TODAY - timedelta(days=40)):
        all_of_them = ids(stage_counts.people_on(ORDER[2:], day))
        found: list[int] = []
        while page := stage_counts.page(ORDER[2:], day, found[-1] if found else 0, 7):
            found += page
        assert found == all_of_them
    window = windows.days(TODAY, 90)
    moved = ids(stage_counts.people_moved(window, forward=True))
    first = stage_counts.page_moved(window, 0, 5, forward=True)
    assert first + stage_counts.page_moved(window, first[-1], 500, forward=True) == moved


def ids(query) -> list[int]:  # type: ignore[no-untyped-def] # a query of peewee's
    return sorted(customer_id for (customer_id,) in query.tuples())
