"""Working time: reply times that run on over nights, weekends and holidays; and the notice after hours, sent once."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from support.hours.business_hours import (
    Hours,
    closed_since,
    due_after,
    latest_start,
    may_notify_closed,
    working_time,
)

TOKYO = ZoneInfo("Asia/Tokyo")
# 2026-11-23 is a Monday and, as Labour Thanksgiving Day, a holiday of the shop's.
HOURS = Hours("月火水木金", time(10), time(17), frozenset({date(2026, 11, 23)}))
NEVER = Hours("月", time(10), time(17), frozenset(date(2026, 1, 5) + timedelta(weeks=n) for n in range(200)))


def at(words: str) -> datetime:
    """`11-20 16:30` of 2026, in Tokyo."""
    return datetime.strptime(f"2026-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("since", "hours", "due"),
    [
        ("11-18 10:00", 0, "11-18 10:00"),
        ("11-18 10:00", 3, "11-18 13:00"),
        ("11-18 10:00", 7, "11-18 17:00"),
        ("11-18 16:00", 2, "11-19 11:00"),  # over the night
        ("11-18 03:00", 2, "11-18 12:00"),  # counted from the opening on
        ("11-18 22:00", 2, "11-19 12:00"),
        ("11-20 16:00", 2, "11-24 11:00"),  # over the weekend and the holiday
        ("11-21 12:00", 1, "11-24 11:00"),
        ("11-18 12:00", 24, "11-24 15:00"),  # 5 on Wednesday, 7, 7 on Friday, 5 on Tuesday
    ],
)
def test_a_promise_counts_working_time_only(since: str, hours: int, due: str) -> None:
    assert due_after(HOURS, at(since), timedelta(hours=hours)) == at(due)


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        ("11-18 10:00", "11-18 12:47", 167),
        ("11-18 16:00", "11-19 11:00", 120),  # over the night: 19 hours of plain time
        ("11-20 16:00", "11-24 11:00", 120),  # over the weekend and the holiday
        ("11-21 12:00", "11-21 13:00", 0),  # on a Saturday
        ("11-18 03:00", "11-18 23:00", 420),
        ("11-18 12:00", "11-18 11:00", 0),
    ],
)
def test_working_time_between_two_moments(begin: str, end: str, minutes: int) -> None:
    assert working_time(HOURS, at(begin), at(end)) == timedelta(minutes=minutes)


def test_what_is_due_after_some_working_time_lies_that_much_working_time_away() -> None:
    for hours in range(60):
        since = at("11-18 03:20")
        due = due_after(HOURS, since, timedelta(hours=hours))
        assert working_time(HOURS, since, due) == timedelta(hours=hours)
    assert working_time(NEVER, at("11-18 10:00"), at("11-18 18:00")) == timedelta(hours=8)


def test_a_shop_that_never_works_is_held_to_plain_time() -> None:
    assert due_after(NEVER, at("11-18 10:00"), timedelta(hours=8)) == at("11-18 18:00")


@pytest.mark.parametrize(
    ("now", "minutes", "since"),
    [
        ("11-18 13:00", 60, "11-18 12:00"),
        ("11-18 10:30", 60, "11-17 16:30"),  # half an hour of yesterday's
        ("11-18 05:00", 60, "11-17 16:00"),
        ("11-24 10:30", 60, "11-20 16:30"),  # nobody waited long: the weekend and the holiday do not count
        ("11-24 10:30", 60 * 8, "11-19 16:30"),
    ],
)
def test_how_long_somebody_has_waited_is_the_same_turned_round(now: str, minutes: int, since: str) -> None:
    waited = timedelta(minutes=minutes)
    assert latest_start(HOURS, at(now), waited) == at(since)
    assert due_after(HOURS, at(since), waited) <= at(now)
    assert due_after(HOURS, at(since) + timedelta(minutes=1), waited) > at(now)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ("11-18 12:00", None),
        ("11-18 17:00", "11-18 17:00"),
        ("11-19 09:59", "11-18 17:00"),
        ("11-23 12:00", "11-20 17:00"),
    ],
)
def test_a_closing_time_lasts_from_closing_to_opening(now: str, since: str | None) -> None:
    assert closed_since(HOURS, at(now)) == (at(since) if since else None)


@pytest.mark.parametrize(
    ("notified_at", "staff_spoke", "expected"),
    [
        (None, None, True),
        ("11-21 09:00", None, False),  # notified on Saturday: the same closing time
        ("11-19 20:00", None, True),  # that was another night
        (None, "11-20 18:00", False),  # somebody works late
        (None, "11-20 16:00", True),
    ],
)
def test_that_nobody_is_there_is_said_once_in_a_closing_time(
    notified_at: str | None, staff_spoke: str | None, expected: bool
) -> None:
    spoken = [at(each) if each else None for each in (notified_at, staff_spoke)]
    assert may_notify_closed(HOURS, at("11-22 12:00"), *spoken) is expected
    assert not may_notify_closed(HOURS, at("11-24 12:00"), *spoken), "open"
