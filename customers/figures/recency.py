"""How long repeat buyers have not bought: their bands of days, and those who passed a number of days. Pure.

A repeat buyer of a day has two purchases or more up to and including it (`purchases.is_purchase`); R is the days since
the last of them. `recency_counts.py` counts the same in the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from customers.values.windows import Window

FROM_DAYS = 30
"""From this R on a repeat buyer needs individual contact."""
UNTIL_DAYS = 60
"""From this R on the response is poor."""
FEWEST_PURCHASES = 2


@dataclass(frozen=True, slots=True)
class Band:
    """R from the first day up to, but without, the end; None for no end."""

    name: str
    first: int
    end: int | None

    def bought_last(self, on: date) -> tuple[date | None, date]:
        """The first and the last day on which somebody of this band bought last; None for no first."""
        first = None if self.end is None else on - timedelta(days=self.end - 1)
        return first, on - timedelta(days=self.first)


RECENT, DUE, LATE = (
    Band("recent", 0, FROM_DAYS),
    Band("due", FROM_DAYS, UNTIL_DAYS),
    Band("late", UNTIL_DAYS, None),
)
BANDS = (RECENT, DUE, LATE)


def band_of(days: Iterable[date], on: date) -> Band | None:
    """The band of somebody who bought on these days; None for who is no repeat buyer of that day."""
    known = [day for day in days if day <= on]
    if len(known) < FEWEST_PURCHASES:
        return None
    recency = (on - max(known)).days
    return next(band for band in BANDS if band.first <= recency and (band.end is None or recency < band.end))


def passed_on(days: Sequence[date], count: int = UNTIL_DAYS) -> list[date]:
    """The days on which R of this repeat buyer came to so many days."""
    known = sorted(days)
    found = []
    for place, day in enumerate(known, 1):
        then = day + timedelta(days=count)
        following = known[place] if place < len(known) else None
        if place >= FEWEST_PURCHASES and (following is None or following > then):
            found.append(then)
    return found


def passed_within(days: Sequence[date], window: Window, count: int = UNTIL_DAYS) -> bool:
    """Whether R came to so many days on one of these days."""
    return any(day in window for day in passed_on(days, count))
