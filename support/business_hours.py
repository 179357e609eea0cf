<<<<<<< HEAD
"""Decides whether staff are there to answer now, and when they will be next. On the shop's own clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from pydantic import Field, model_validator

from bot import shop

WEEKDAYS = "月火水木金土日"
TIME_OF_DAY = r"^([01]\d|2[0-3]):[0-5]\d$"


@shop.section("support.hours")
class BusinessHours(shop.Section):
    """スタッフがお返事する時間。ほかの時間は「いつからお返事するか」をお客様にお伝えします。"""

    weekdays: str = Field(
        "月火水木金", pattern=f"^[{WEEKDAYS}]+$", description="お返事する曜日（続けて書きます）"
    )
    opens: str = Field("10:00", pattern=TIME_OF_DAY, description="はじまりの時刻")
    closes: str = Field("17:00", pattern=TIME_OF_DAY, description="おわりの時刻（はじまりより後）")
    holidays: tuple[date, ...] = Field((), description='お休みの日。例: ["2026-12-31", "2027-01-01"]')

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> BusinessHours:
        if self.closes <= self.opens:
            raise ValueError('closes must be later than opens, as in opens = "10:00", closes = "17:00"')
        return self
=======
"""Decides whether staff are there to answer now, and when they will be next. Pure; all on the shop's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when staff answer, on which weekdays (of WEEKDAYS), and the days on which they do not."""

    weekdays: str
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()
>>>>>>> main

    def works_on(self, day: date) -> bool:
        """Whether staff answer on that day."""
        return WEEKDAYS[day.weekday()] in self.weekdays and day not in self.holidays


<<<<<<< HEAD
def is_open(hours: BusinessHours, local: datetime) -> bool:
    """Whether staff answer at that moment of the shop's clock."""
    return hours.works_on(local.date()) and _time(hours.opens) <= local.time() < _time(hours.closes)


def next_opening(hours: BusinessHours, local: datetime) -> datetime | None:
=======
def is_open(hours: Hours, local: datetime) -> bool:
    """Whether staff answer at that moment of the shop's clock."""
    return hours.works_on(local.date()) and hours.opens <= local.time() < hours.closes


def next_opening(hours: Hours, local: datetime) -> datetime | None:
>>>>>>> main
    """When staff answer again: that moment itself while they do; None when every day of a year is a holiday."""
    if is_open(hours, local):
        return local
    for days in range(367):
<<<<<<< HEAD
        opening = datetime.combine(
            local.date() + timedelta(days=days), _time(hours.opens), tzinfo=local.tzinfo
        )
=======
        opening = datetime.combine(local.date() + timedelta(days=days), hours.opens, tzinfo=local.tzinfo)
>>>>>>> main
        if opening > local and hours.works_on(opening.date()):
            return opening
    return None


def in_words(moment: datetime, local: datetime) -> str:
    """That moment as one says it now: 本日10:00, 明日10:00, 10月5日(月)10:00."""
    clock = f"{moment.hour}:{moment.minute:02}"
    match (moment.date() - local.date()).days:
        case 0:
            return f"本日{clock}"
        case 1:
            return f"明日{clock}"
        case _:
            return f"{moment.month}月{moment.day}日({WEEKDAYS[moment.weekday()]}){clock}"
<<<<<<< HEAD


def _time(clock: str) -> time:
    return time.fromisoformat(clock)
=======
>>>>>>> main
