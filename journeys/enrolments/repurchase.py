"""After how many days a product is usually bought again."""

from collections.abc import Sequence
from typing import Any

from peewee import fn

from customers.orders.tables import PAID, Product, Purchase, PurchaseItem


def days_of(products: Sequence[str], customer_id: int) -> int | None:
    """The repurchase days of these products, the fewest where several have some; without products, those of the
    customer's newest order. None where none has any."""
    codes = list(products) or _newest_order(customer_id)
    query = Product.select(fn.MIN(Product.repurchase_days)).where(Product.sku.in_(codes))
    found = query.scalar() if codes else None
    return int(found) if found is not None else None


def _newest_order(customer_id: int) -> list[str]:
    newest = Purchase.select(Purchase.id).where(Purchase.customer == customer_id, Purchase.state == PAID)
    newest_id = newest.order_by(Purchase.ordered_at.desc(), Purchase.id.desc()).limit(1).scalar()
    rows: Any = PurchaseItem.select(PurchaseItem.sku).where(PurchaseItem.purchase == newest_id).tuples()
    return [sku for (sku,) in rows if sku] if newest_id is not None else []
