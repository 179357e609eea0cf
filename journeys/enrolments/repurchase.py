"""Finds the order whose products will be bought again, and after how many days they usually are."""

from collections.abc import Sequence
from typing import Any

from peewee import fn

from customers.orders.tables import PAID, Product, Purchase, PurchaseItem
from journeys.enrolments.tables import Enrolment
from journeys.enrolments.waits import Repurchase
from journeys.flows.definition import Wait


def of(enrolment: Enrolment, wait: Wait) -> Repurchase | None:
    """What a wait for the repurchase days counts from, for that enrolment; None for other waits."""
    if not wait.repurchase:
        return None
    return of_customer(enrolment.customer_id, enrolment.order_number, enrolment.products)


def of_customer(
    customer_id: int, order_number: str | None = None, products: Sequence[str] = ()
) -> Repurchase | None:
    """That order of the customer; without a number the newest one, of these products where some are given. Its
    days are the fewest of its products; None where none of them has any, or there is no order."""
    order = _order(customer_id, order_number, products)
    if order is None:
        return None
    days = days_of(products or _products_of(order))
    return Repurchase(order.ordered_at, days) if days is not None else None


def days_of(products: Sequence[str]) -> int | None:
    """After how many days these products are usually bought again: the fewest; None where none has any."""
    found = Product.select(fn.MIN(Product.repurchase_days)).where(Product.sku.in_(list(products))).scalar()
    return int(found) if found is not None else None


def _order(customer_id: int, order_number: str | None, products: Sequence[str]) -> Purchase | None:
    mine = Purchase.select().where(Purchase.customer == customer_id)
    if order_number is not None:
        found: Purchase | None = mine.where(Purchase.order_number == order_number).first()
        return found
    newest = mine.where(Purchase.state == PAID).order_by(Purchase.ordered_at.desc(), Purchase.id.desc())
    if products:
        having = PurchaseItem.select(PurchaseItem.purchase).where(PurchaseItem.sku.in_(list(products)))
        newest = newest.where(Purchase.id.in_(having))
    found = newest.first()
    return found


def _products_of(order: Purchase) -> list[str]:
    rows: Any = PurchaseItem.select(PurchaseItem.sku).where(PurchaseItem.purchase == order.id).tuples()
    return [sku for (sku,) in rows if sku]
