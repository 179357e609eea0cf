"""Writes orders of customers straight into the tables, for tests of what follows from them."""

from datetime import datetime

from bot import localtime
from customers.orders import purchases
from customers.orders.tables import Purchase, PurchaseItem
from customers.people.customer import Customer


def ordered(who: Customer, at: datetime, yen: int = 3_000, sku: str = "") -> Purchase:
    """An order of that customer, of one product where its code is given."""
    made: Purchase = Purchase.create(
        source="test",
        order_number=f"N-{Purchase.select().count()}",
        customer=who.id,
        ordered_at=at,
        ordered_on=localtime.local_date(at),
        total_yen=yen,
        recorded_at=at,
        credited_at=at,
    )
    if sku:
        PurchaseItem.create(purchase=made, sku=sku, name=sku)
    purchases.refresh(who)
    return made
