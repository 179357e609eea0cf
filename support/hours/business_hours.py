"""Computes with business hours: whether staff are there, when they are next, and due times in working time. Pure.

All moments are in the shop's local time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEKDAYS = "月火水木金土日"
_DAY = timedelta(days=1)
_A_YEAR = 367


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when staff answer, on which weekdays (letters of WEEKDAYS), and the holidays."""

    weekdays: str
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether staff answer on that day."""
        return WEEKDAYS[day.weekday()] in self.weekdays and day not in self.holidays


def is_open(hours: Hours, local: datetime) -> bool:
    """Whether staff answer at that moment."""
    return hours.works_on(local.date()) and hours.opens <= local.time() < hours.closes


def next_opening(hours: Hours, local: datetime) -> datetime | None:
    """When staff answer next: the moment itself while they do; None when no day within a year is a working day."""
    if is_open(hours, local):
        return local
    for days in range(_A_YEAR):
        opening = _opening(hours, local, local.date() + days * _DAY)
        if opening > local and hours.works_on(opening.date()):
            return opening
    return None


def due_after(hours: Hours, local: datetime, business_time: timedelta) -> datetime:
    """The moment by which staff have had that much working time since `local`.

    Without a working day within a year, plain time is counted, so that every promise has an end.
    """
    left, at = business_time, local
    while (opening := next_opening(hours, at)) is not None:
        closing = _closing(hours, opening, opening.date())
        if left <= closing - opening:
            return opening + left
        left, at = left - (closing - opening), closing
    return at + left


def latest_start(hours: Hours, local: datetime, business_time: timedelta) -> datetime:
    """The inverse of `due_after`: whoever has waited since this moment or longer has waited that much working
    time."""
    left, day = business_time, local.date()
    for _ in range(_A_YEAR):
        opening, closing = _opening(hours, local, day), min(_closing(hours, local, day), local)
        if hours.works_on(day) and opening < closing:
            if left <= closing - opening:
                return closing - left
            left -= closing - opening
        day -= _DAY
    return local - business_time


def working_time(hours: Hours, begin: datetime, end: datetime) -> timedelta:
    """How much working time lies between the two moments; none when the first is the later."""
    total, day = timedelta(), begin.date()
    while day <= end.date():
        opening, closing = max(_opening(hours, begin, day), begin), min(_closing(hours, begin, day), end)
        if hours.works_on(day) and opening < closing:
            total += closing - opening
        day += _DAY
    return total


def closed_since(hours: Hours, local: datetime) -> datetime | None:
    """When the present time outside hours began; None while staff are there."""
    if is_open(hours, local):
        return None
    for days in range(_A_YEAR):
        closing = _closing(hours, local, local.date() - days * _DAY)
        if closing <= local and hours.works_on(closing.date()):
            return closing
    return local - _A_YEAR * _DAY


def may_notify_closed(hours: Hours, local: datetime, *spoken_at: datetime | None) -> bool:
    """Whether to send the customer the notice that staff are away: once outside hours, and not after staff
    have written during them. `spoken_at`: when the notice was last sent, when staff last wrote."""
    closed_at = closed_since(hours, local)
    return closed_at is not None and all(at is None or at < closed_at for at in spoken_at)


def in_words(moment: datetime, local: datetime) -> str:
    """The moment in words, relative to now: 本日10:00, 明日10:00, 10月5日(月)10:00."""
    clock = f"{moment.hour}:{moment.minute:02}"
    match (moment.date() - local.date()).days:
        case 0:
            return f"本日{clock}"
        case 1:
            return f"明日{clock}"
        case _:
            return f"{moment.month}月{moment.day}日({WEEKDAYS[moment.weekday()]}){clock}"


def _opening(hours: Hours, local: datetime, day: date) -> datetime:
    return datetime.combine(day, hours.opens, tzinfo=local.tzinfo)


def _closing(hours: Hours, local: datetime, day: date) -> datetime:
    return datetime.combine(day, hours.closes, tzinfo=local.tzinfo)
