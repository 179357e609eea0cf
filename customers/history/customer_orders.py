"""Sums up what each of some customers bought, for the page of one customer and for a sheet with one row for each.

What counts as a purchase is `purchases.is_purchase`; nothing dated after the day counts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

from bot.db.value_lists import is_one_of
from customers.orders.purchases import Purchase, is_purchase
from customers.values import windows

Bought = tuple[date, int]
"""The day of a purchase and what was paid for it, in yen less refunds."""


@dataclass(frozen=True, slots=True)
class CustomerOrders:
    """A customer's purchases; amounts in yen, less refunds."""

    count: int = 0
    year_count: int = 0
    sales_yen: int = 0
    year_yen: int = 0
    """Of the twelve months that end on the day: their LTV."""
    first_on: date | None = None
    last_on: date | None = None
    median_gap_days: float | None = None
    """Between a purchase and the next; None with fewer than two."""
    recency_days: int | None = None
    """Since the last purchase."""

    @property
    def order_yen(self) -> int | None:
        """The price of an average purchase, rounded to yen."""
        return round(self.sales_yen / self.count) if self.count else None


NOTHING = CustomerOrders()


def summed(purchases: Iterable[Bought], on: date) -> CustomerOrders:
    """The sums as of that day. Pure."""
    rows = sorted(each for each in purchases if each[0] <= on)
    if not rows:
        return NOTHING
    year = windows.year(on)
    this_year = [yen for day, yen in rows if day in year]
    gaps = [(later - earlier).days for (earlier, _), (later, _) in pairwise(rows)]
    return CustomerOrders(
        count=len(rows),
        year_count=len(this_year),
        sales_yen=sum(yen for _, yen in rows),
        year_yen=sum(this_year),
        first_on=rows[0][0],
        last_on=rows[-1][0],
        median_gap_days=float(median(gaps)) if gaps else None,
        recency_days=(on - rows[-1][0]).days,
    )


def of_customers(customer_ids: Collection[int], on: date) -> dict[int, CustomerOrders]:
    """The sums of each of these customers, in one statement; without those who bought nothing."""
    query: Any = Purchase.select(
        Purchase.customer, Purchase.ordered_on, Purchase.total_yen - Purchase.refunded_yen
    )
    found: dict[int, list[Bought]] = {}
    for customer_id, day, yen in query.where(
        is_one_of(Purchase.customer, customer_ids), is_purchase()
    ).tuples():
        found.setdefault(customer_id, []).append((day, int(yen)))
    return {customer_id: sums for customer_id, rows in found.items() if (sums := summed(rows, on)).count}
