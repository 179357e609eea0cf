"""Finds a page of customers of a query by ranges of ids: the next thousands first, then ranges twice as long, so that a
page of many costs little, and one of few no more than the whole.
"""

from collections.abc import Callable
from typing import Any

from peewee import fn

from bot.db.workloads import short_read
from customers.people.customer import Customer

NEAR = 5_000
"""How many ids the first range has."""


def page(query_of: Callable[[int, int], Any], after_id: int, limit: int) -> list[int]:
    """The next customers by id. `query_of` makes the query of the customers above an id and up to another."""
    last = Customer.select(fn.MAX(Customer.id)).scalar() or 0
    found: list[int] = []
    length = NEAR
    while len(found) < limit and after_id < last:
        with short_read():
            ids = sorted(customer_id for (customer_id,) in query_of(after_id, after_id + length).tuples())
        found += ids
        after_id, length = after_id + length, length * 2
    return found[:limit]
