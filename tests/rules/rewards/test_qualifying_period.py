"""When the qualifying period begins, and how many months are full."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.ranks.qualifying_period import months_before, months_between

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
def test_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 15), date(2026, 2, 14), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2025, 11, 22), date(2026, 11, 22), 12),
        (date(2026, 5, 1), date(2026, 4, 1), 0),
    ],
)
def test_months_between(first: date, last: date, months: int) -> None:
    assert months_between(first, last) == months


@given(DAYS, st.integers(1, 60))
def test_a_period_is_as_long_as_it_says(day: date, months: int) -> None:
    first = months_before(day, months)
    assert first < day
    assert months - 1 <= months_between(first, day) <= months
