"""The people in a figure, by customer id. Whom a figure holds is in its `Definition.people`.

Finding a figure's people may read the whole shop, so that it is done once, for a list as for a file: never again for
each page of either.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from console.figures.definition import Definition
from customers.people.customer import Customer

BATCH = 500


@dataclass(frozen=True, slots=True)
class Person:
    """A customer in a list."""

    customer_id: int
    name: str
    purchase_count: int
    sales_yen: int
    last_purchased_on: date | None


def ids(definition: Definition, on: date) -> "array[int]":
    """The ids of all its customers, in order: 8 bytes each. Raises ValueError where a figure has no list of people."""
    if definition.people is None:
        raise ValueError(f"figure {definition.name!r} has no people")
    found: Any = (
        Customer.select(Customer.id).where(Customer.id.in_(definition.people(on))).order_by(Customer.id)
    )
    return array("q", (customer_id for (customer_id,) in found.tuples().iterator()))


def named(customer_ids: Sequence[int]) -> list[Person]:
    """These customers, by id."""
    rows: Any = (
        Customer.select(
            Customer.id,
            Customer.display_name,
            Customer.purchase_count,
            Customer.sales_yen,
            Customer.last_purchased_on,
        )
        .where(Customer.id.in_(list(customer_ids)))
        .order_by(Customer.id)
        .tuples()
    )
    return [Person(*each) for each in rows]


def every(definition: Definition, on: date) -> Iterator[Person]:
    """All of its people."""
    found = ids(definition, on)
    for begin in range(0, len(found), BATCH):
        yield from named(found[begin : begin + BATCH])


def count(definition: Definition, on: date) -> int | None:
    """How many customers are in it; None where it has no list of people."""
    return None if definition.people is None else len(ids(definition, on))
