"""The usual time until a second purchase, and the first buyers who come to its end.

Of customers on LINE. The time is the middle one of those who bought exactly twice and whose second purchase was in the
last twelve months.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from bot.db.database import is_postgres
from customers.people.customer import Customer, can_be_written_to
from customers.values import windows

FEWEST = 30
"""Second purchases that a usual time needs to rest on."""
DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Ending:
    """The first buyers for whom the usual time ends within the next days."""

    gap_days: int
    count: int


def usual_gap(on: date) -> int | None:
    """After how many days the second purchase came, the middle one; None with fewer than FEWEST."""
    window = windows.year(on)
    twice = (Customer.purchase_count == 2) & Customer.last_purchased_on.between(
        window.first_on, window.last_on
    )
    days = _days_between(Customer.first_purchased_on, Customer.last_purchased_on)
    query: Any = Customer.select(days, fn.COUNT(Customer.id)).where(twice).group_by(days)
    return middle((int(gap), int(count)) for gap, count in query.tuples())


def middle(counts: Iterable[tuple[int, int]], fewest: int = FEWEST) -> int | None:
    """The middle of values given with how often each occurs, the lower one of two; None with fewer than `fewest`.
    Pure."""
    ordered = sorted(counts)
    total = sum(count for _, count in ordered)
    passed = 0
    for value, count in ordered:
        passed += count
        if total >= fewest and 2 * passed >= total:
            return value
    return None


def ending(on: date) -> Ending | None:
    """Who bought once, can be written to, and comes to the end of the usual time within the next days."""
    gap = usual_gap(on)
    if gap is None:
        return None
    last_on = on - timedelta(days=gap)
    once = (Customer.purchase_count == 1) & can_be_written_to()
    in_days = Customer.last_purchased_on.between(last_on, last_on + timedelta(days=DAYS_AHEAD - 1))
    return Ending(gap, int(Customer.select().where(once, in_days).count()))


def _days_between(first: Any, last: Any) -> Any:
    if is_postgres():
        return last - first
    return (fn.JULIANDAY(last) - fn.JULIANDAY(first)).cast("INTEGER")
