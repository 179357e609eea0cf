"""Reads one customer's orders a page at a time, the newest first, with what was in them and their parcels.

At any number of orders a page costs the same: it follows the last one shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from customers.orders import purchases, shipments
from customers.orders.order import Item
from customers.orders.shipments import Shipment
from customers.orders.tables import Purchase


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order, reversed ones included."""

    purchase: Purchase
    items: Sequence[Item]
    parcels: Sequence[Shipment]

    @property
    def net_yen(self) -> int:
        """What of it is paid for good, in yen: nothing of a cancelled one."""
        if self.purchase.state == purchases.CANCELLED:
            return 0
        return int(self.purchase.total_yen - self.purchase.refunded_yen)

    @property
    def cursor(self) -> str:
        """Where the orders after it begin."""
        return f"{self.purchase.ordered_on.isoformat()}_{self.purchase.id}"


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders, and the cursor of the older ones; empty at the end."""

    orders: Sequence[ShownOrder]
    older: str


def page(customer_id: int, limit: int, cursor: str = "") -> OrderPage:
    """The customer's orders after that cursor; one that is none begins with the newest."""
    query = Purchase.select().where(Purchase.customer == customer_id)
    if place := _read(cursor):
        day, order_id = place
        query = query.where(
            Purchase.ordered_on <= day, (Purchase.ordered_on < day) | (Purchase.id < order_id)
        )
    rows = list(query.order_by(Purchase.ordered_on.desc(), Purchase.id.desc()).limit(limit + 1))
    shown = rows[:limit]
    items = purchases.items_of([each.id for each in shown])
    parcels = shipments.of_orders([each.order_number for each in shown])
    orders = [ShownOrder(each, items.get(each.id, []), parcels[each.order_number]) for each in shown]
    return OrderPage(orders, orders[-1].cursor if len(rows) > limit else "")


def _read(cursor: str) -> tuple[date, int] | None:
    day, _, order_id = cursor.partition("_")
    try:
        return date.fromisoformat(day), int(order_id) if len(order_id) <= 18 else 0
    except ValueError:
        return None
