"""How much working time lies between two moments: a table of worked cases."""

from datetime import date, datetime, time, timedelta

import pytest

from support.hours.business_hours import Hours, working_time

HOURS = Hours("月火水木金", time(10), time(17), frozenset({date(2026, 11, 23)}))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute)  # noqa: DTZ001 # the rules are of the shop's local time


@pytest.mark.parametrize(
    ("begin", "end", "right"),
    [
        (at(30, 10), at(30, 12, 47), timedelta(hours=2, minutes=47)),
        (at(27, 16), at(30, 12), timedelta(hours=3)),
        (at(28, 9), at(29, 20), timedelta()),
        (at(20, 16), at(24, 11), timedelta(hours=2)),
        (at(27, 20), at(30, 9), timedelta()),
        (at(30, 12), at(30, 10), timedelta()),
    ],
    ids=["one day", "over a weekend", "a weekend", "over a holiday", "outside hours", "backwards"],
)
def test_working_time(begin: datetime, end: datetime, right: timedelta) -> None:
    assert working_time(HOURS, begin, end) == right
