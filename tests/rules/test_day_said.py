"""A day of the year in whatever a person writes, and when it comes round."""

from datetime import date

import pytest

from rewards.day_said import days_to_keep, find_day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("4月1日", (4, 1)),
        ("４月１日です！", (4, 1)),
        ("12 月 31", (12, 31)),
        ("4/1", (4, 1)),
        ("1990/4/1", (4, 1)),
        ("1990年4月1日", (4, 1)),
        ("04-01", (4, 1)),
        ("0401", (4, 1)),
        ("19900401", (4, 1)),
        ("2月29日", (2, 29)),
        ("2月30日", None),
        ("13月1日", None),
        ("0月0日", None),
        ("ひみつ", None),
        ("401", None),
        ("", None),
    ],
)
def test_a_day_in_what_was_said(said: str, day: tuple[int, int] | None) -> None:
    assert find_day(said) == day


def test_the_29th_of_february_is_kept_on_the_28th_where_there_is_none() -> None:
    assert (date(2027, 2, 28), 2, 29) in days_to_keep(date(2027, 2, 28), 0)
    assert days_to_keep(date(2028, 2, 28), 0) == [(date(2028, 2, 28), 2, 28)]
    assert days_to_keep(date(2028, 2, 29), 0) == [(date(2028, 2, 29), 2, 29)]


def test_the_days_before_belong_to_their_own_year() -> None:
    assert days_to_keep(date(2027, 1, 1), 1)[1] == (date(2026, 12, 31), 12, 31)
