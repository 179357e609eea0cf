"""The options for how long a ticket is snoozed."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from support.hours.business_hours import Hours
from support.tickets import snoozing

TOKYO = ZoneInfo("Asia/Tokyo")
HOURS = Hours("月火水木金", time(10), time(17), frozenset({date(2026, 11, 23)}))
FRIDAY = datetime(2026, 11, 20, 15, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("choice", "on", "until"),
    [
        ("hour", None, (20, 16)),
        ("tomorrow", None, (24, 10)),  # Saturday, Sunday and a holiday lie between
        ("next_week", None, (24, 10)),  # its Monday is a holiday
        ("date", date(2026, 11, 26), (26, 10)),
        ("date", date(2026, 11, 22), (24, 10)),  # a Sunday: the next opening
    ],
)
def test_it_comes_back_at_an_opening(choice: str, on: date | None, until: tuple[int, int]) -> None:
    day, hour = until
    assert snoozing.until(choice, HOURS, FRIDAY, on) == datetime(2026, 11, day, hour, tzinfo=TOKYO)


@pytest.mark.parametrize("on", [None, date(2026, 11, 20), date(2020, 1, 1), date(2028, 1, 1)])
def test_only_a_day_to_come_can_be_chosen(on: date | None) -> None:
    assert snoozing.until("date", HOURS, FRIDAY, on) is None


def test_a_strange_choice_is_none() -> None:
    assert snoozing.until("for ever", HOURS, FRIDAY) is None
