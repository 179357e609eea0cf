"""The people in a figure, by customer id: a page at a time, and all of them in batches. Whom a figure holds is in its
`Definition.people`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from console.figures.definition import Definition
from customers.people.customer import Customer

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Person:
    """A customer in a list."""

    customer_id: int
    name: str
    purchase_count: int
    sales_yen: int
    last_purchased_on: date | None


def page(definition: Definition, on: date, limit: int, after_id: int = 0) -> list[Person]:
    """The next so many of its people. Raises ValueError where a figure has no list of people."""
    if definition.people is None:
        raise ValueError(f"figure {definition.name!r} has no people")
    return _page(definition.people(on), limit, after_id)


def every(definition: Definition, on: date) -> Iterator[Person]:
    """All of its people."""
    after_id = 0
    while found := page(definition, on, BATCH, after_id):
        yield from found
        after_id = found[-1].customer_id


def _page(ids: Any, limit: int, after_id: int) -> list[Person]:
    rows: Any = (
        Customer.select(
            Customer.id,
            Customer.display_name,
            Customer.purchase_count,
            Customer.sales_yen,
            Customer.last_purchased_on,
        )
        .where(Customer.id.in_(ids), Customer.id > after_id)
        .order_by(Customer.id)
        .limit(limit)
        .tuples()
    )
    return [Person(*each) for each in rows]


def count(definition: Definition, on: date) -> int | None:
    """How many customers are in it; None where it has no list of people."""
    if definition.people is None:
        return None
    ids: Any = definition.people(on)
    return int(Customer.select(peewee.fn.COUNT(Customer.id)).where(Customer.id.in_(ids)).scalar() or 0)
