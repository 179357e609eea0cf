"""The windows of time that all figures share: their first and last days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values import windows
from customers.values.windows import Window

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 22), 12, date(2025, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 1, date(2026, 11, 30)),
    ],
)
def test_the_same_day_of_an_earlier_month(day: date, months: int, before: date) -> None:
    assert windows.same_day_before(day, months) == before


@pytest.mark.parametrize(
    ("on", "first_on"),
    [
        (date(2026, 11, 30), date(2025, 12, 1)),
        (date(2026, 11, 22), date(2025, 11, 23)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2029, 2, 28), date(2028, 2, 29)),
    ],
)
def test_twelve_months_end_on_the_day(on: date, first_on: date) -> None:
    assert windows.year(on) == windows.months(on, 12) == Window(first_on, on)
    assert on + timedelta(days=1) not in windows.year(on)
    assert windows.year_before(on).last_on == first_on - timedelta(days=1)


def test_ninety_days_have_ninety_days() -> None:
    assert windows.days(date(2026, 11, 30), 90) == Window(date(2026, 9, 2), date(2026, 11, 30))
    assert windows.days(date(2026, 11, 30), 90).day_count == 90


@pytest.mark.parametrize(
    ("window", "months", "before"),
    [
        (Window(date(2026, 6, 1), date(2026, 6, 14)), 1, Window(date(2026, 5, 1), date(2026, 5, 14))),
        (Window(date(2026, 3, 1), date(2026, 3, 30)), 1, Window(date(2026, 2, 1), date(2026, 2, 28))),
        (Window(date(2026, 2, 1), date(2026, 2, 28)), 1, Window(date(2026, 1, 1), date(2026, 1, 31))),
        (Window(date(2026, 11, 1), date(2026, 11, 30)), 12, Window(date(2025, 11, 1), date(2025, 11, 30))),
    ],
)
def test_the_same_days_of_another_month(window: Window, months: int, before: Window) -> None:
    assert windows.same_days_before(window, months) == before


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 15), date(2026, 2, 14), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2025, 11, 22), date(2026, 11, 22), 12),
        (date(2026, 5, 1), date(2026, 4, 1), 0),
    ],
)
def test_full_months(first: date, last: date, months: int) -> None:
    assert windows.full_months(first, last) == months


@given(DAYS, st.integers(1, 60))
def test_a_period_is_as_long_as_it_says(day: date, months: int) -> None:
    before = windows.same_day_before(day, months)
    assert before < day
    assert months - 1 <= windows.full_months(before, day) <= months


@given(DAYS, st.integers(1, 36))
def test_calendar_months_follow_one_another_up_to_the_day(day: date, count: int) -> None:
    found = list(windows.calendar_months(day, count))
    assert len(found) == count
    assert found[-1] == windows.month_to(day)
    for earlier, later in pairwise(found):
        assert later.first_on == earlier.last_on + timedelta(days=1)
