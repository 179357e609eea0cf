"""What each customer bought by a day, from which the figures of sales, LTV and second purchases are counted. Pure.

A history is of one customer on LINE and holds purchases (`purchases.is_purchase`) dated up to and including a day;
two of the same day are two. `bought.py` is the same as a table of SQL.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from customers.values.windows import Window

YEAR_DAYS = 365
"""The days of a customer's first year, from the day of the first purchase."""


@dataclass(frozen=True, slots=True)
class Purchased:
    """One purchase: whose, on which day, and its yen less refunds, more than 0."""

    customer_id: int
    on: date
    yen: int


@dataclass(frozen=True, slots=True)
class History:
    """One customer's purchases by a day, the oldest first; at least one."""

    purchases: tuple[Purchased, ...]

    @property
    def first_on(self) -> date:
        """The day of the first purchase."""
        return self.purchases[0].on

    @property
    def second_on(self) -> date | None:
        """The day of the second purchase; None without one."""
        return self.purchases[1].on if len(self.purchases) > 1 else None

    def within(self, window: Window) -> tuple[Purchased, ...]:
        """The purchases on these days."""
        return tuple(each for each in self.purchases if each.on in window)

    def first_days(self, count: int) -> tuple[Purchased, ...]:
        """The purchases of the first so many days, of which the first is that of the first purchase."""
        return tuple(each for each in self.purchases if (each.on - self.first_on).days < count)

    def is_first_at_least(self, days: int, on: date) -> bool:
        """Whether the first purchase is at least so many days ago."""
        return (on - self.first_on).days >= days


def histories(purchases: Iterable[Purchased], on: date) -> list[History]:
    """The histories of all who had bought by that day; what is dated later is left out."""
    by_customer: defaultdict[int, list[Purchased]] = defaultdict(list)
    for each in purchases:
        if each.on <= on:
            by_customer[each.customer_id].append(each)
    return [History(tuple(sorted(found, key=lambda each: each.on))) for found in by_customer.values()]


def yen_of(purchases: Iterable[Purchased]) -> int:
    """What these purchases come to, in yen."""
    return sum(each.yen for each in purchases)
