"""Reads what a customer bought and kept: their purchases, and the products in them.

What counts as a purchase, and what is stored and changed, is in `purchases.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import SQL, Case, fn

from customers.orders.purchases import is_purchase
from customers.orders.tables import Product, Purchase, PurchaseItem


def products_of(customer_id: int) -> frozenset[str]:
    """The codes of the products."""
    rows: Any = (
        PurchaseItem.select(PurchaseItem.sku)
        .join(Purchase)
        .where(Purchase.customer == customer_id, is_purchase(), PurchaseItem.sku != "")
        .distinct()
        .tuples()
    )
    return frozenset(sku for (sku,) in rows)


def has_bought_since(customer_id: int, recorded_at: datetime, ordered_on: date, *, except_order: str) -> bool:
    """Whether an order other than that one was recorded since then and placed on that day or later: older orders
    that an import brings do not count."""
    since = (Purchase.recorded_at >= recorded_at) & (Purchase.ordered_on >= ordered_on)
    return bool(_purchases(customer_id).where(since, Purchase.order_number != except_order).exists())


def position_of(purchase: Purchase, customer_id: int) -> int:
    """Which of the customer's purchases it is, from 1, by their times."""
    earlier = (Purchase.ordered_at < purchase.ordered_at) | (
        (Purchase.ordered_at == purchase.ordered_at) & (Purchase.id < purchase.id)
    )
    return int(_purchases(customer_id).where(earlier).count()) + 1


def skus_of(purchase_id: int) -> tuple[str, ...]:
    """The product codes of the order."""
    rows: Any = PurchaseItem.select(PurchaseItem.sku).where(PurchaseItem.purchase == purchase_id)
    return tuple(sku for (sku,) in rows.tuples() if sku)


def repurchase_days(skus: Sequence[str]) -> int | None:
    """After how many days these products are usually bought again: the fewest; None where none has any."""
    found = Product.select(fn.MIN(Product.repurchase_days)).where(Product.sku.in_(list(skus))).scalar()
    return int(found) if found is not None else None


def order_of(customer_id: int, order_number: str) -> Purchase | None:
    """The customer's order of that number, reversed or not."""
    found: Purchase | None = Purchase.get_or_none(
        Purchase.customer == customer_id, Purchase.order_number == order_number
    )
    return found


def newest_order(customer_id: int, skus: Sequence[str] = ()) -> Purchase | None:
    """The customer's newest order, of these products where some are given."""
    orders = _purchases(customer_id).order_by(Purchase.ordered_at.desc(), Purchase.id.desc())
    if skus:
        having = PurchaseItem.select(PurchaseItem.purchase).where(PurchaseItem.sku.in_(list(skus)))
        orders = orders.where(Purchase.id.in_(having))
    found: Purchase | None = orders.first()
    return found


def orders_recorded_since(
    customer_id: int, recorded_at: datetime, ordered_on: date, *, except_order: str | None
) -> list[tuple[int, Purchase]]:
    """As `has_bought_since`, each with its position among the customer's orders, from 1."""
    rows = _purchases(customer_id).order_by(Purchase.ordered_at, Purchase.id)
    return [
        (position, order)
        for position, order in enumerate(rows, 1)
        if order.recorded_at >= recorded_at
        and order.ordered_on >= ordered_on
        and order.order_number != except_order
    ]


def latest_orders_of(customer_ids: Sequence[int], count: int) -> dict[int, list[Purchase]]:
    """Up to so many orders of each customer, the latest first, in one statement."""
    mine = Purchase.customer.in_(customer_ids) & (is_purchase())
    found: dict[int, list[Purchase]] = {}
    for row in Purchase.select().where(mine).order_by(Purchase.ordered_at.desc(), Purchase.id.desc()):
        if row.customer_id is not None and len(found.setdefault(row.customer_id, [])) < count:
            found[row.customer_id].append(row)
    return found


def _purchases(customer_id: int) -> Any:
    return Purchase.select().where(Purchase.customer == customer_id, is_purchase())


@dataclass(frozen=True, slots=True)
class OrderSums:
    """What a customer bought and kept; amounts in yen, less refunds."""

    order_count: int = 0
    first_order_yen: int = 0
    sales_yen: int = 0
    bought_premium: bool = False
    """A product that the shop marked as premium."""


def sums_of(customer_ids: Sequence[int]) -> dict[int, OrderSums]:
    """The sums of each customer's orders, in one statement; without those who bought nothing."""
    premium = (
        PurchaseItem.select(SQL("1"))
        .join(Product, on=(Product.sku == PurchaseItem.sku))
        .where(PurchaseItem.purchase == Purchase.id, Product.premium)
    )
    place = fn.ROW_NUMBER().over(
        partition_by=[Purchase.customer], order_by=[Purchase.ordered_at, Purchase.id]
    )
    orders = (
        Purchase.select(
            Purchase.customer.alias("customer_id"),
            (Purchase.total_yen - Purchase.refunded_yen).alias("yen"),
            place.alias("place"),
            Case(None, [(fn.EXISTS(premium), 1)], 0).alias("premium"),
        )
        .where(Purchase.customer.in_(customer_ids), is_purchase())
        .alias("orders")
    )
    columns = orders.c
    rows: Any = (
        Purchase.select(
            columns.customer_id,
            fn.COUNT(columns.place),
            fn.MAX(Case(None, [(columns.place == 1, columns.yen)])),
            fn.SUM(columns.yen),
            fn.MAX(columns.premium),
        )
        .from_(orders)
        .group_by(columns.customer_id)
        .tuples()
    )
    return {
        customer_id: OrderSums(int(count), int(first_yen), int(sales_yen), bool(premium))
        for customer_id, count, first_yen, sales_yen, premium in rows
    }
