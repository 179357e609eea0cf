"""Counts the sales of the whole shop and of given customers: all orders that were reported, on LINE or not.

Which orders count is `purchases.is_purchase`; which days, `customers/values/windows.py`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Case, fn

from customers.orders.purchases import is_purchase
from customers.orders.tables import Purchase
from customers.values import windows
from customers.values.windows import Window

MOST_CUSTOMERS = 500
"""So many customers are summed at once; lists that are longer are summed by their first."""


@dataclass(frozen=True, slots=True)
class Sales:
    """Sales of some days, in yen less refunds, and in how many orders."""

    yen: int = 0
    order_count: int = 0
    linked_yen: int = 0
    """The part of buyers who are linked to a customer on LINE."""

    @property
    def linked_share(self) -> float | None:
        """That part, 0 to 1; None without sales."""
        return self.linked_yen / self.yen if self.yen else None


def of(window: Window) -> Sales:
    """The sales of these days."""
    is_linked = Purchase.customer.is_null(is_null=False)
    row: Any = (
        Purchase.select(
            fn.COALESCE(fn.SUM(_net()), 0),
            fn.COUNT(Purchase.id),
            fn.COALESCE(fn.SUM(Case(None, [(is_linked, _net())], 0)), 0),
        )
        .where(is_purchase(), Purchase.ordered_on.between(window.first_on, window.last_on))
        .tuples()
        .first()
    )
    return Sales(*map(int, row))


def people(window: Window) -> Any:
    """Query of the customers on LINE who bought on these days."""
    bought = Purchase.select(Purchase.customer).distinct()
    in_window = Purchase.ordered_on.between(window.first_on, window.last_on)
    return bought.where(is_purchase(), Purchase.customer.is_null(is_null=False), in_window)


def year_of_customers(customer_ids: Collection[int], on: date) -> int:
    """What these customers bought in the twelve months that end on that day, in yen, all together; of more than
    MOST_CUSTOMERS the first in the order given."""
    ids = list(dict.fromkeys(customer_ids))[:MOST_CUSTOMERS]
    return year_of_those(ids, on) if ids else 0


def year_of_those(customers: Any, on: date) -> int:
    """The same of as many customers as a query of their ids finds."""
    window = windows.year(on)
    in_window = Purchase.ordered_on.between(window.first_on, window.last_on)
    query = Purchase.select(fn.COALESCE(fn.SUM(_net()), 0))
    return int(query.where(Purchase.customer.in_(customers), is_purchase(), in_window).scalar())


def _net() -> Any:
    return Purchase.total_yen - Purchase.refunded_yen
