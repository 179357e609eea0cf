"""Reads what a customer bought and kept: their orders that were not reversed, and the products in them.

What is stored and changed is in `purchases.py`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from customers.orders.tables import PAID, Product, Purchase, PurchaseItem


def order_totals_yen(customer_id: int) -> list[int]:
    """The yen of each order, less refunds, oldest first."""
    totals: Any = _paid(customer_id).select(Purchase.total_yen - Purchase.refunded_yen)
    return [yen for (yen,) in totals.order_by(Purchase.ordered_at, Purchase.id).tuples()]


def products_of(customer_id: int) -> list[tuple[str, bool]]:
    """The products, each as its code and whether it is a premium one."""
    rows: Any = (
        PurchaseItem.select(PurchaseItem.sku, fn.COALESCE(Product.premium, False))
        .join(Purchase)
        .join(Product, JOIN.LEFT_OUTER, on=(Product.sku == PurchaseItem.sku))
        .where(Purchase.customer == customer_id, Purchase.state == PAID)
        .distinct()
        .tuples()
    )
    return [(sku, bool(premium)) for sku, premium in rows]


def has_bought_since(customer_id: int, recorded_at: datetime, ordered_on: date, *, except_order: str) -> bool:
    """Whether an order other than that one was recorded since then and placed on that day or later: older orders
    that an import brings do not count."""
    since = (Purchase.recorded_at >= recorded_at) & (Purchase.ordered_on >= ordered_on)
    return bool(_paid(customer_id).where(since, Purchase.order_number != except_order).exists())


def position_of(purchase: Purchase, customer_id: int) -> int:
    """Which of the customer's orders it is, from 1, by their times."""
    earlier = (Purchase.ordered_at < purchase.ordered_at) | (
        (Purchase.ordered_at == purchase.ordered_at) & (Purchase.id < purchase.id)
    )
    return int(_paid(customer_id).where(earlier).count()) + 1


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
    orders = _paid(customer_id).order_by(Purchase.ordered_at.desc(), Purchase.id.desc())
    if skus:
        having = PurchaseItem.select(PurchaseItem.purchase).where(PurchaseItem.sku.in_(list(skus)))
        orders = orders.where(Purchase.id.in_(having))
    found: Purchase | None = orders.first()
    return found


def orders_recorded_since(
    customer_id: int, recorded_at: datetime, ordered_on: date, *, except_order: str | None
) -> list[tuple[int, Purchase]]:
    """As `has_bought_since`, each with its position among the customer's orders, from 1."""
    rows = _paid(customer_id).order_by(Purchase.ordered_at, Purchase.id)
    return [
        (position, order)
        for position, order in enumerate(rows, 1)
        if order.recorded_at >= recorded_at
        and order.ordered_on >= ordered_on
        and order.order_number != except_order
    ]


def _paid(customer_id: int) -> Any:
    return Purchase.select().where(Purchase.customer == customer_id, Purchase.state == PAID)
