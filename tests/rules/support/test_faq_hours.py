"""When staff are there, and when the reply says that they will be."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from support.hours.business_hours import Hours, in_words, is_open, next_opening

TOKYO = ZoneInfo("Asia/Tokyo")
SHOP = Hours("月火水木金", time(10), time(17), frozenset({date(2026, 10, 12)}))  # a holiday on a Monday

MOMENTS = [
    # the shop's clock, staff are there, what the reply says
    ("2026-10-05 10:00", True, "本日10:00"),  # Monday
    ("2026-10-05 16:59", True, "本日16:59"),
    ("2026-10-05 17:00", False, "明日10:00"),
    ("2026-10-05 09:59", False, "本日10:00"),
    ("2026-10-05 00:00", False, "本日10:00"),
    ("2026-10-02 18:00", False, "10月5日(月)10:00"),  # Friday evening
    ("2026-10-04 12:00", False, "明日10:00"),  # Sunday
    ("2026-10-09 20:00", False, "10月13日(火)10:00"),  # the holiday is skipped
    ("2026-10-12 12:00", False, "明日10:00"),
]


@pytest.mark.parametrize(("clock", "there", "expected"), MOMENTS)
def test_staff_are_there_or_when_they_will_be(clock: str, there: bool, expected: str) -> None:
    local = datetime.fromisoformat(clock).replace(tzinfo=TOKYO)
    opening = next_opening(SHOP, local)
    assert is_open(SHOP, local) is there
    assert opening and in_words(opening, local) == expected


def test_a_shop_that_never_answers_promises_nothing() -> None:
    local = datetime(2026, 10, 5, 12, tzinfo=TOKYO)
    assert next_opening(Hours("", time(10), time(17)), local) is None
