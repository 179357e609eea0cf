"""Answers what customers bought in a window of days; what it is worth to them is for the domains above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import ModelSelect, fn

from customers.purchases import PAID, Purchase


@dataclass(frozen=True)
class Bought:
    """A customer's purchases of some days, refunds taken off, cancelled orders left out."""

    purchase_count: int
    sales_yen: int
    last_on: date | None


def of_customer(customer_id: int, since: date, until: date) -> Bought:
    """What the customer bought from `since` to `until`, both days included. One indexed query."""
    row: Any = (
        Purchase.select(fn.COUNT(Purchase.id), net_yen(), fn.MAX(Purchase.ordered_on))
        .where(Purchase.customer == customer_id, _counts(since, until))
        .tuples()
        .first()
    )
    count, sales_yen, last_on = row
    return Bought(count, int(sales_yen), last_on)


def by_customer(since: date, until: date) -> ModelSelect[Purchase]:
    """The same of every customer who bought, to be joined by others: customer, purchase_count, sales_yen, last_on."""
    return (
        Purchase.select(
            Purchase.customer.alias("customer"),
            fn.COUNT(Purchase.id).alias("purchase_count"),
            net_yen().alias("sales_yen"),
            fn.MAX(Purchase.ordered_on).alias("last_on"),
        )
        .where(Purchase.customer.is_null(False), _counts(since, until))
        .group_by(Purchase.customer)
    )


def net_yen() -> Any:
    """Sales without what was given back, as an SQL expression."""
    return fn.COALESCE(fn.SUM(Purchase.total_yen - Purchase.refunded_yen), 0)


def _counts(since: date, until: date) -> Any:
    return (Purchase.state == PAID) & Purchase.ordered_on.between(since, until)
