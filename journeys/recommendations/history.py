"""Reads what a customer bought, and products, as the choice takes them."""

from collections.abc import Collection
from typing import Any

from customers.orders.tables import PAID, Purchase, PurchaseItem
from customers.orders.tables import Product as ProductRow
from journeys.recommendations.choosing import Bought, Product

_COLUMNS = (
    *(
        ProductRow.id,
        ProductRow.sku,
        ProductRow.name,
        ProductRow.url,
        ProductRow.picture_url,
        ProductRow.price_yen,
    ),
    *(ProductRow.in_stock, ProductRow.is_recommended, ProductRow.premium, ProductRow.repurchase_days),
)


def of_customer(customer_id: int) -> list[Bought]:
    """Each product that the customer ever bought, returned or not, as of their last order with it. What was sent
    for free was not bought."""
    rows: Any = (
        ProductRow.select(ProductRow.id, Purchase.ordered_on, Purchase.state, Purchase.refunded_yen)
        .join(PurchaseItem, on=PurchaseItem.sku == ProductRow.sku)
        .join(Purchase, on=PurchaseItem.purchase == Purchase.id)
        .where(Purchase.customer == customer_id, Purchase.total_yen > 0)
        .order_by(Purchase.ordered_at, Purchase.id)
        .tuples()
    )
    found = {
        product_id: Bought(product_id, ordered_on, state != PAID or refunded_yen > 0)
        for product_id, ordered_on, state, refunded_yen in rows
    }
    return list(found.values())


def products(product_ids: Collection[int]) -> dict[int, Product]:
    """These products, by id."""
    return _read(ProductRow.id.in_(list(product_ids))) if product_ids else {}


def premium_products() -> dict[int, Product]:
    """The shop's premium products."""
    return _read(ProductRow.premium)


def first_that_can_be_shown(*, premium: bool = False) -> Product | None:
    """The first product that can be recommended, for previews and checks."""
    fits = ProductRow.in_stock & ProductRow.is_recommended & (ProductRow.url != "") & (ProductRow.name != "")
    fits = fits & ProductRow.premium if premium else fits
    row: Any = ProductRow.select(*_COLUMNS).where(fits).order_by(ProductRow.sku).tuples().first()
    return Product(*row) if row is not None else None


def _read(which: Any) -> dict[int, Product]:
    rows: Any = ProductRow.select(*_COLUMNS).where(which).order_by(ProductRow.sku).tuples()
    return {row[0]: Product(*row) for row in rows}
