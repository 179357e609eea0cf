"""Pages of a list of customers by id, read from one range of ids after the other.

A query of all its customers may read the whole shop; restricted to a range, it reads those of the range. The ranges
grow, so that a list of few is read in a dozen queries.
"""

from collections.abc import Callable, Iterable

import peewee

from customers.people.customer import Customer

SPAN = 1_000
GROWTH = 4
Between = Callable[[int, int], Iterable[int]]
"""The listed customers with ids from the first to the last of these, in any order."""


def page(between: Between, after: int, limit: int) -> list[int]:
    """The next so many of the list after that id, in order."""
    highest = Customer.select(peewee.fn.MAX(Customer.id)).scalar() or 0
    found: list[int] = []
    low, span = after + 1, SPAN
    while low <= highest and len(found) < limit:
        found += sorted(between(low, min(low + span - 1, highest)))
        low, span = low + span, span * GROWTH
    return found[:limit]
