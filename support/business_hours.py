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

    def works_on(self, day: date) -> bool:
        """Whether staff answer on that day."""
        return WEEKDAYS[day.weekday()] in self.weekdays and day not in self.holidays


def is_open(hours: Hours, local: datetime) -> bool:
    """Whether staff answer at that moment of the shop's clock."""
    return hours.works_on(local.date()) and hours.opens <= local.time() < hours.closes


def next_opening(hours: Hours, local: datetime) -> datetime | None:
    """When staff answer again: that moment itself while they do; None when every day of a year is a holiday."""
    if is_open(hours, local):
        return local
    for days in range(367):
        opening = datetime.combine(local.date() + timedelta(days=days), hours.opens, tzinfo=local.tzinfo)
        if opening > local and hours.works_on(opening.date()):
            return opening
    return None


def due_after(hours: Hours, local: datetime, business_time: timedelta) -> datetime:
    """The moment by which that much time in which staff answer has passed. Of a shop that never answers within a
    year nobody can say: there it is so much plain time."""
    left, at = business_time, local
    while left > timedelta():
        opening = next_opening(hours, at)
        if opening is None:
            return local + business_time
        closing = datetime.combine(opening.date(), hours.closes, tzinfo=local.tzinfo)
        at = min(closing, opening + left)
        left -= at - opening
    return at


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
