"""The windows over which figures are counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values import windows
from customers.values.windows import Window

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("on", "first_on", "day_count"),
    [
        (date(2026, 11, 30), date(2025, 12, 1), 365),
        (date(2026, 6, 15), date(2025, 6, 16), 365),
        (date(2024, 6, 15), date(2023, 6, 16), 366),  # 29 February 2024 is in it
        (date(2024, 2, 29), date(2023, 3, 1), 366),
        (date(2025, 2, 28), date(2024, 2, 29), 366),
    ],
)
def test_twelve_months_begin_the_day_after_the_same_day_of_last_year(
    on: date, first_on: date, day_count: int
) -> None:
    assert windows.year(on) == Window(first_on, on)
    assert windows.year(on).day_count == day_count


@pytest.mark.parametrize(
    ("window", "months_back", "then"),
    [
        (Window(date(2026, 6, 1), date(2026, 6, 14)), 1, Window(date(2026, 5, 1), date(2026, 5, 14))),
        (Window(date(2026, 6, 1), date(2026, 6, 14)), 12, Window(date(2025, 6, 1), date(2025, 6, 14))),
        (Window(date(2026, 3, 1), date(2026, 3, 30)), 1, Window(date(2026, 2, 1), date(2026, 2, 28))),
        # A whole month corresponds to a whole month, not to its first 28 days.
        (Window(date(2026, 2, 1), date(2026, 2, 28)), 1, Window(date(2026, 1, 1), date(2026, 1, 31))),
        (Window(date(2025, 2, 1), date(2025, 2, 28)), 12, Window(date(2024, 2, 1), date(2024, 2, 29))),
    ],
)
def test_the_same_days_of_another_month(window: Window, months_back: int, then: Window) -> None:
    assert windows.same_days_before(window, months_back) == then


def test_ninety_days_include_the_day_itself() -> None:
    assert windows.days(date(2026, 11, 30), 90) == Window(date(2026, 9, 2), date(2026, 11, 30))
    assert windows.days(date(2026, 11, 30), 90).day_count == 90


def test_calendar_months_end_with_the_running_one() -> None:
    assert list(windows.calendar_months(date(2026, 1, 15), 3)) == [
        Window(date(2025, 11, 1), date(2025, 11, 30)),
        Window(date(2025, 12, 1), date(2025, 12, 31)),
        Window(date(2026, 1, 1), date(2026, 1, 15)),
    ]


def test_both_ends_are_in_a_window_and_tomorrow_is_not() -> None:
    window = windows.year(date(2026, 6, 15))
    assert date(2025, 6, 16) in window
    assert date(2026, 6, 15) in window
    assert date(2025, 6, 15) not in window
    assert date(2026, 6, 16) not in window


@given(DAYS, st.integers(1, 36))
def test_months_follow_each_other_without_gap_at_the_end_of_a_year(on: date, count: int) -> None:
    window = windows.months(on, count)
    assert window.last_on == on
    assert abs(window.day_count - count * 365.25 / 12) < 4
    assert windows.year(on).first_on - windows.year_before(on).last_on == timedelta(days=1)
