"""Reads whose orders came in, were credited, refunded or cancelled since, for figures that are kept up to date."""

from datetime import datetime
from typing import Any

from customers.orders.tables import Purchase, Refund


def recorded_after(position: int, limit: int) -> list[tuple[int, int | None, datetime]]:
    """Purchases with a higher id, in its order: each as its id, the customer and when it was recorded."""
    query: Any = Purchase.select(Purchase.id, Purchase.customer, Purchase.recorded_at)
    return list(query.where(Purchase.id > position).order_by(Purchase.id).limit(limit).tuples())


def refunded_after(position: int, limit: int) -> list[tuple[int, int | None, datetime]]:
    """Refunds with a higher id, in its order: each as its id, the customer and when it was recorded."""
    query: Any = Refund.select(Refund.id, Purchase.customer, Refund.refunded_at).join(Purchase)
    return list(query.where(Refund.id > position).order_by(Refund.id).limit(limit).tuples())


def credited_or_cancelled_since(moment: datetime) -> set[int]:
    """Customers whose orders became theirs later than they were recorded, or were cancelled, since that moment."""
    found: set[int] = set()
    for changed in (
        (Purchase.credited_at > Purchase.recorded_at) & (Purchase.credited_at >= moment),
        Purchase.cancelled_at >= moment,
    ):
        rows: Any = Purchase.select(Purchase.customer).where(changed, Purchase.customer.is_null(False))
        found |= {customer_id for (customer_id,) in rows.distinct().tuples()}
    return found
