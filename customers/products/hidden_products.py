"""Finds products that sell and cannot be recommended, since customers could not open or name them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from customers.orders.purchases import is_purchase
from customers.orders.tables import Product, Purchase, PurchaseItem
from customers.values import windows

SOLD_WITHIN_DAYS = 30


@dataclass(frozen=True, slots=True)
class HiddenProducts:
    """How many there are, and what was sold of them lately."""

    count: int
    sold_yen: int
    """In the last SOLD_WITHIN_DAYS, at the prices of the orders' items; items without a price are left out."""
    only_id: int | None
    """The product's id where it is one."""


def sold_lately(on: date) -> HiddenProducts:
    """Products in stock that may be recommended but have no page or no name, and were bought lately."""
    window = windows.days(on, SOLD_WITHIN_DAYS)
    lacks = Product.in_stock & Product.is_recommended & ((Product.url == "") | (Product.name == ""))
    yen = fn.COALESCE(fn.SUM(PurchaseItem.quantity * PurchaseItem.unit_yen), 0)
    rows: Any = (
        Product.select(Product.id, yen)
        .join(PurchaseItem, on=(PurchaseItem.sku == Product.sku))
        .join(Purchase, on=(PurchaseItem.purchase == Purchase.id))
        .where(lacks, is_purchase(), Purchase.ordered_on.between(window.first_on, window.last_on))
        .group_by(Product.id)
        .tuples()
    )
    found = list(rows)
    return HiddenProducts(
        len(found), sum(int(each) for _, each in found), int(found[0][0]) if len(found) == 1 else None
    )
