"""How long a step waits: days by the shop's clock, whole 24 hours, dates, the product's own days, and events."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.enrolments.waits import Repurchase, due_at, ended_by
from journeys.flows.definition import Wait
from journeys.flows.occurrences import On

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
BOUGHT = datetime(2026, 4, 1, 15, 30, tzinfo=UTC)
"""Half past midnight on 2 April in Tokyo."""


MOMENTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def tokyo(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("wait", "due"),
    [
        ({"days": 0}, tokyo(4, 2, 0, 30)),
        ({"days": 7}, tokyo(4, 9, 0, 30)),
        ({"days": 7, "at": "11:00"}, tokyo(4, 9, 11)),
        ({"days": 0, "at": "11:00"}, tokyo(4, 2, 11)),
        ({"days": 0, "at": "00:15"}, tokyo(4, 3, 0, 15)),  # today it is over
        ({"days": 1, "at": "00:00"}, tokyo(4, 3)),
        ({"date": date(2026, 5, 10), "at": "09:00"}, tokyo(5, 10, 9)),
        ({"date": date(2026, 5, 10)}, tokyo(5, 10, 0, 30)),
        ({"date": date(2026, 3, 1)}, tokyo(3, 1, 0, 30)),  # over already: due at once
        ({"until": "order", "days": 14}, tokyo(4, 16, 0, 30)),
        ({"until": "tag", "tag": "has-concern", "days": 3, "at": "11:00"}, tokyo(4, 5, 11)),
        ({"repurchase": True, "days": 30}, tokyo(5, 2, 0, 30)),
    ],
)
def test_when_a_wait_is_over(wait: dict[str, object], due: datetime) -> None:
    assert due_at(Wait.model_validate(wait), BOUGHT, TOKYO) == due


def test_failure_19_a_local_time_is_not_nine_hours_late() -> None:
    found = due_at(Wait(days=1, at="11:00"), tokyo(4, 1, 12), TOKYO)
    assert found == datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
    assert found.astimezone(TOKYO).hour == 11


@pytest.mark.parametrize(
    ("lasts", "begins", "due"),
    [
        (45, tokyo(4, 20, 12), tokyo(5, 16, 10)),  # from the order, not from the step before
        (None, tokyo(4, 20, 12), tokyo(5, 20, 10)),  # no days of its own: the step's, from the step before
        (30, tokyo(5, 1, 9), tokyo(5, 1, 10)),  # the day has come
        (30, tokyo(5, 1, 12), tokyo(5, 2, 10)),  # the hour is over
        (14, tokyo(5, 1, 12), tokyo(5, 2, 10)),  # over for long: never in the past
    ],
)
def test_the_products_own_days_count_from_the_order(
    lasts: int | None, begins: datetime, due: datetime
) -> None:
    bought = Repurchase(tokyo(4, 1, 12), lasts) if lasts else None
    wait = Wait(repurchase=True, days=30, at="10:00")
    assert due_at(wait, begins, TOKYO, bought) == due


def test_the_products_own_days_are_never_before_what_is_settled_now() -> None:
    bought, base, settled = Repurchase(tokyo(4, 1, 12), 30), tokyo(4, 20), tokyo(5, 3, 15)
    assert due_at(Wait(repurchase=True), base, TOKYO, bought, settled) == settled
    assert due_at(Wait(repurchase=True, at="11:00"), base, TOKYO, bought, settled) == tokyo(5, 4, 11)
    assert due_at(Wait(repurchase=True), base, TOKYO, bought, tokyo(4, 21)) == tokyo(5, 1, 12)


def test_a_day_on_which_clocks_change_has_its_own_length() -> None:
    saturday = datetime(2026, 3, 7, 11, 0, tzinfo=NEW_YORK)  # clocks go forward in that night
    assert due_at(Wait(days=1, at="11:00"), saturday, NEW_YORK) - saturday.astimezone(UTC) == timedelta(
        hours=23
    )
    assert due_at(Wait(days=1), saturday, NEW_YORK) - saturday.astimezone(UTC) == timedelta(hours=24)


@given(
    MOMENTS,
    st.integers(0, 400),
    st.times(),
    st.sampled_from([TOKYO, NEW_YORK, UTC, ZoneInfo("Australia/Lord_Howe")]),
)
def test_a_wait_with_a_time_ends_at_that_time_on_that_day_and_never_before_it_began(
    base: datetime, days: int, at: object, zone: ZoneInfo
) -> None:
    clock = str(at)[:5]
    due = due_at(Wait(days=days, at=clock), base, zone)
    begun = base.astimezone(zone).date()
    assert due >= base
    ahead = (due.astimezone(zone).date() - begun).days
    assert ahead == days or (days == 0 and ahead == 1)


@given(MOMENTS, st.integers(0, 400))
def test_days_without_a_time_are_whole_days_of_24_hours(base: datetime, days: int) -> None:
    assert due_at(Wait(days=days), base, TOKYO) == base + timedelta(days=days)


@pytest.mark.parametrize(
    ("wait", "key"),
    [
        ({"days": 3}, None),
        ({"until": "order", "days": 3}, "order"),
        ({"until": "tag", "tag": "has-concern", "days": 3}, "tag:has-concern"),
        ({"until": "click", "step": "voices", "days": 3}, "click:voices"),
        ({"until": "click", "days": 3}, "click"),
    ],
)
def test_what_ends_a_wait_early(wait: dict[str, object], key: str | None) -> None:
    assert ended_by(Wait.model_validate(wait)) == key
    assert key is None or On(key.partition(":")[0]) in On
