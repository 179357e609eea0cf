"""The windows of time over which figures are counted: defined once, so that two figures of "the last 12 months" are
of the same days. Pure.

All days are the shop's own calendar days, both ends included. A window that ends on a day holds nothing dated
later: an order dated tomorrow counts from tomorrow on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Days from the first to the last, both included."""

    first_on: date
    last_on: date

    @property
    def day_count(self) -> int:
        """How many days it has."""
        return (self.last_on - self.first_on).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


def year(on: date) -> Window:
    """The twelve months that end on that day: from the day after the same day of the year before."""
    return months(on, 12)


def months(on: date, count: int) -> Window:
    """So many months that end on that day: from the day after the same day so many months before, or after that
    month's last day."""
    return Window(same_day_before(on, count) + timedelta(days=1), on)


def year_before(on: date) -> Window:
    """The twelve months that end on the day before `year(on)` begins."""
    return year(year(on).first_on - timedelta(days=1))


def days(on: date, count: int) -> Window:
    """So many days that end on that day, which is one of them."""
    return Window(on - timedelta(days=count - 1), on)


def month_to(on: date) -> Window:
    """The calendar month of that day, up to that day."""
    return Window(on.replace(day=1), on)


def calendar_month(on: date) -> Window:
    """The whole calendar month of that day."""
    first_on = on.replace(day=1)
    return Window(first_on, first_of_month(first_on, -1) - timedelta(days=1))


def same_days_before(window: Window, month_count: int) -> Window:
    """The days of another month that correspond to those of a window within one month: 1 to 14 May for 1 to 14 June.

    Where the other month is shorter it ends with it; a whole month corresponds to a whole month.
    """
    first_on = same_day_before(window.first_on, month_count)
    if window == calendar_month(window.first_on):
        return calendar_month(first_on)
    return Window(first_on, same_day_before(window.last_on, month_count))


def calendar_months(on: date, count: int) -> Iterator[Window]:
    """The last so many calendar months, oldest first; the last is that day's own, up to that day."""
    for back in range(count - 1, 0, -1):
        yield calendar_month(first_of_month(on, back))
    yield month_to(on)


def same_day_after(day: date, month_count: int) -> date:
    """The same day so many months after, or that month's last day."""
    return same_day_before(day, -month_count)


def full_months(first_on: date, last_on: date) -> int:
    """Full months from the first day to the last; never negative."""
    count = (last_on.year - first_on.year) * 12 + last_on.month - first_on.month
    return max(0, count - (last_on.day < first_on.day))


def first_of_month(day: date, months_back: int = 0) -> date:
    """The first day of the month so many months before that day's; negative for months after."""
    index = day.year * 12 + day.month - 1 - months_back
    return date(index // 12, index % 12 + 1, 1)


def same_day_before(day: date, month_count: int) -> date:
    """The same day so many months before (negative: after), or that month's last day."""
    first_on = first_of_month(day, month_count)
    last_on = first_of_month(first_on, -1) - timedelta(days=1)
    return min(first_on + timedelta(days=day.day - 1), last_on)
