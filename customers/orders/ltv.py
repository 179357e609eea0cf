"""Computes LTV: one customer's sales over one year, and its averages over groups of customers.

The year ends on the given day. Averages are over the customers who bought in that year; those who did not are
counted separately.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from customers.orders.purchases import Purchase, is_purchase
from customers.people.customer import Customer


@dataclass(frozen=True)
class Ltv:
    """LTV of a group of customers. `deviation_yen` is the sample's standard deviation."""

    customer_count: int
    buyer_count: int
    purchase_count: int
    sales_yen: int
    deviation_yen: float

    @property
    def average_yen(self) -> int | None:
        """Average sales of one buyer in the year, in yen; None without buyers."""
        return round(self.sales_yen / self.buyer_count) if self.buyer_count else None

    @property
    def margin_yen(self) -> int | None:
        """Half the width of the average's 95 % confidence interval, in yen; None for fewer than two
        buyers."""
        if self.buyer_count < 2:
            return None
        return round(1.96 * self.deviation_yen / math.sqrt(self.buyer_count))


def year_ending(on: date) -> tuple[date, date]:
    """The first and the last day of the year that ends on that day."""
    try:
        day_before = on.replace(year=on.year - 1)
    except ValueError:  # 29 February
        day_before = date(on.year - 1, 2, 28)
    return day_before + timedelta(days=1), on


def average(on: date, customer_ids: Any = None) -> Ltv:
    """LTV of all customers, or of those whose ids the query `customer_ids` selects."""
    bought = _by_customer(*year_ending(on))
    everyone = Customer.select(fn.COUNT(Customer.id))
    if customer_ids is not None:
        bought = bought.where(Purchase.customer.in_(customer_ids))
        everyone = everyone.where(Customer.id.in_(customer_ids))
    bought = bought.alias("bought")
    # As floats: the sum of squares of a large shop exceeds the range of integers.
    yen = bought.c.sales_yen.cast("DOUBLE PRECISION")
    row: Any = (
        Purchase.select(
            fn.COUNT(bought.c.customer),
            fn.COALESCE(fn.SUM(bought.c.purchase_count), 0),
            fn.COALESCE(fn.SUM(bought.c.sales_yen), 0),
            fn.COALESCE(fn.SUM(yen * yen), 0.0),
        )
        .from_(bought)
        .tuples()
        .first()
    )
    buyer_count, purchase_count, sales_yen, squares = row
    return Ltv(
        customer_count=int(everyone.scalar() or 0),
        buyer_count=int(buyer_count),
        purchase_count=int(purchase_count),
        sales_yen=int(sales_yen),
        deviation_yen=deviation(int(buyer_count), float(sales_yen), float(squares)),
    )


def second_purchases() -> tuple[int, int]:
    """The numbers of customers with at least two purchases and with at least one."""
    return _bought_at_least(2), _bought_at_least(1)


def price_per_order(on: date) -> int | None:
    """Average price of one order in the year ending on that day, in yen; None without orders."""
    row: Any = (
        Purchase.select(fn.COUNT(Purchase.id), _net_yen())
        .where(is_purchase(), Purchase.ordered_on.between(*year_ending(on)))
        .tuples()
        .first()
    )
    return round(row[1] / row[0]) if row[0] else None


def deviation(count: int, total: float, squares: float) -> float:
    """The sample's standard deviation from its count, sum and sum of squares."""
    if count < 2:
        return 0.0
    return math.sqrt(max(0.0, (squares - total * total / count) / (count - 1)))


def _by_customer(first_on: date, last_on: date) -> Any:
    """Query: for each customer who bought on these days, the number of purchases and sales; without cancelled
    orders."""
    return (
        Purchase.select(
            Purchase.customer.alias("customer"),
            fn.COUNT(Purchase.id).alias("purchase_count"),
            _net_yen().alias("sales_yen"),
        )
        .where(
            Purchase.customer.is_null(False),
            is_purchase(),
            Purchase.ordered_on.between(first_on, last_on),
        )
        .group_by(Purchase.customer)
    )


def _net_yen() -> Any:
    """Sales less refunds, as an SQL expression."""
    return fn.COALESCE(fn.SUM(Purchase.total_yen - Purchase.refunded_yen), 0)


def _bought_at_least(purchase_count: int) -> int:
    bought = Customer.select(fn.COUNT(Customer.id)).where(Customer.purchase_count >= purchase_count)
    return int(bought.scalar() or 0)
