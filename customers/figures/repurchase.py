"""How many buyers of an order made the following one, by order number. Pure.

継続率 (continuation rate) to the n-th order: of all who made a first one, the share who made an n-th. 残存率 (survival
rate) to the n-th: of those who made the one before, the share who made the n-th. Both are of all up to the day, so
those who bought yesterday count as not having come back yet. The matured rate has nobody who still has time: of those
whose order was in the 12 months that ended 180 days ago, the share who made the following one within 180 days; of first
orders it is the second-purchase rate. `repurchase_counts.py` counts the same in the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from customers.figures.histories import History
from customers.values import windows
from customers.values.windows import Window

WITHIN_DAYS = 180
"""The window in which the following order is counted for the matured rate."""
MOST_PLACES = 10
"""The last order number that is counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """From the order of that number, 1 for the first, to the following one; counts of customers."""

    place: int
    reached_count: int = 0
    next_count: int = 0
    matured_count: int = 0
    matured_next_count: int = 0


def matured_window(on: date) -> Window:
    """The days of the orders of the matured rate: all of them have had 180 days."""
    return windows.year(on - timedelta(days=WITHIN_DAYS))


def steps_of(histories: Iterable[History], on: date) -> tuple[Step, ...]:
    """The steps from each order number, the first to the tenth."""
    counts = [[0, 0, 0, 0] for _ in range(MOST_PLACES)]
    for history in histories:
        days = [each.on for each in history.purchases]
        for index, day in enumerate(days[:MOST_PLACES]):
            following = days[index + 1] if index + 1 < len(days) else None
            is_matured = day in matured_window(on)
            is_within = following is not None and (following - day).days <= WITHIN_DAYS
            found = (True, following is not None, is_matured, is_matured and is_within)
            counts[index] = [count + each for count, each in zip(counts[index], found, strict=True)]
    return tuple(Step(place, *each) for place, each in enumerate(counts, 1))
