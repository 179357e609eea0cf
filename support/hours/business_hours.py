"""Decides whether staff are there to answer now, when they will be next, and how long is long in working time. Pure.

All on the shop's own clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEKDAYS = "月火水木金土日"
_DAY = timedelta(days=1)
_A_YEAR = 367


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
    for days in range(_A_YEAR):
        opening = _opening(hours, local, local.date() + days * _DAY)
        if opening > local and hours.works_on(opening.date()):
            return opening
    return None


def due_after(hours: Hours, local: datetime, business_time: timedelta) -> datetime:
    """The moment by which staff have had that much working time since `local`.

    A shop that works on no day of a year is held to the plain time: a promise has to end somewhere.
    """
    left, at = business_time, local
    while (opening := next_opening(hours, at)) is not None:
        closing = _closing(hours, opening, opening.date())
        if left <= closing - opening:
            return opening + left
        left, at = left - (closing - opening), closing
    return at + left


def latest_start(hours: Hours, local: datetime, business_time: timedelta) -> datetime:
    """Whoever has waited since this moment or longer has waited that much working time by now: `due_after` turned
    round."""
    left, day = business_time, local.date()
    for _ in range(_A_YEAR):
        opening, closing = _opening(hours, local, day), min(_closing(hours, local, day), local)
        if hours.works_on(day) and opening < closing:
            if left <= closing - opening:
                return closing - left
            left -= closing - opening
        day -= _DAY
    return local - business_time


def closed_since(hours: Hours, local: datetime) -> datetime | None:
    """When the present closing time began; None while staff are there."""
    if is_open(hours, local):
        return None
    for days in range(_A_YEAR):
        closing = _closing(hours, local, local.date() - days * _DAY)
        if closing <= local and hours.works_on(closing.date()):
            return closing
    return local - _A_YEAR * _DAY


def may_notify_closed(hours: Hours, local: datetime, *spoken_at: datetime | None) -> bool:
    """Whether the customer is to be told that nobody is there: once in a closing time, and not when staff, who are
    there after all, have spoken in it. `spoken_at`: when it was last told, when staff last spoke."""
    closed_at = closed_since(hours, local)
    return closed_at is not None and all(at is None or at < closed_at for at in spoken_at)


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


def _opening(hours: Hours, local: datetime, day: date) -> datetime:
    return datetime.combine(day, hours.opens, tzinfo=local.tzinfo)


def _closing(hours: Hours, local: datetime, day: date) -> datetime:
    return datetime.combine(day, hours.closes, tzinfo=local.tzinfo)
