"""Who is due for an individual message and until when, how customers are ordered, and which draft fits. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

BASIC = 1
"""The lowest rank, whose customers nothing is sold to."""
FEWEST_FOR_USUAL = 2
"""With no more order days than this, the one time between them is no habit."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days since the last purchase from which a customer is in the queue, and from which it is too late."""

    from_days: int
    until_days: int

    def of_product(self, repurchase_days: int | None) -> "Window":
        """The same window moved to begin when the product is usually bought again; it lasts as many days."""
        if repurchase_days is None or repurchase_days < 1:
            return self
        return Window(repurchase_days, repurchase_days + self.until_days - self.from_days)

    def is_open(self, purchased_on: date, today: date) -> bool:
        """Whether today lies in it."""
        return self.from_days <= (today - purchased_on).days < self.until_days

    def begins_on(self, purchased_on: date) -> date:
        """The first day in the queue."""
        return purchased_on + timedelta(days=self.from_days)

    def ends_on(self, purchased_on: date) -> date:
        """The first day that is too late."""
        return purchased_on + timedelta(days=self.until_days)


def usual_days(days: Iterable[date]) -> int | None:
    """After how many days the customer usually bought again: the middle of the times between their order days,
    rounded down; None with fewer than two such days."""
    bought = sorted(set(days))
    gaps = [(later - earlier).days for earlier, later in pairwise(bought)]
    return int(median(gaps)) if gaps else None


def overdue(days_since: int, usual: int | None, from_days: int) -> float:
    """How often the customer's usual time has passed since the last purchase; without one, that of the window."""
    return days_since / max(1, usual or from_days)


def importance(
    year_yen: int, days_since: int, usual: int | None, from_days: int, contact_id: int
) -> tuple[int, float, int]:
    """The key by which the queue is sorted: most sales of the last year first, then the most overdue, then the
    one found first."""
    return -year_yen, -overdue(days_since, usual, from_days), contact_id


def draft_key(rank: int, product_name: str) -> str:
    """The name of the sentence to begin with: one that asks how it went, and for Basic never more than that."""
    if not product_name:
        return "draft_without_product"
    return "draft_for_basic" if rank <= BASIC else "draft"


def product_of(items: Sequence[tuple[str, int | None]]) -> tuple[str, int | None]:
    """Of the items of an order, as name and repurchase days: the one to speak of, with the fewest days; else the
    first with a name."""
    cyclic = [(name, days) for name, days in items if days]
    if cyclic:
        return min(cyclic, key=lambda each: each[1] or 0)
    return next(((name, None) for name, _ in items if name), ("", None))


def room(capacity: int, taken_count: int) -> int:
    """How many more customers are shown today."""
    return max(0, capacity - taken_count)
