"""Takes back what an import stored where nothing came of it: orders that nobody on LINE was credited, and products as
they were before.

What may have come of an order elsewhere (points, messages, coupons) is asked by `handlers/import_undo.py`.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from peewee import fn

from bot import localtime
from bot.db.database import require_transaction
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from customers.imports.tables import DataImport, ImportOrder, ImportProduct, ImportState
from customers.orders import reversals
from customers.orders.parked import ParkedOrder
from customers.orders.purchases import Purchase
from customers.orders.shipments import Shipment
from customers.orders.tables import PAID, Product, PurchaseItem

SOURCE = "csv"


def orders_after(row: DataImport, number: str, limit: int, outcome: str) -> list[str]:
    """The numbers of the next orders with that outcome in the import."""
    mine = (ImportOrder.data_import == row.id) & (ImportOrder.outcome == outcome)
    query: Any = ImportOrder.select(ImportOrder.order_number).where(mine, ImportOrder.order_number > number)
    return [str(found) for (found,) in query.order_by(ImportOrder.order_number).limit(limit).tuples()]


def count(row: DataImport, outcome: str) -> int:
    """How many orders have that outcome in the import."""
    mine = (ImportOrder.data_import == row.id) & (ImportOrder.outcome == outcome)
    return int(ImportOrder.select(fn.COUNT(ImportOrder.id)).where(mine).scalar())


def pending(numbers: Sequence[str]) -> int:
    """How many of these orders the worker has not handled yet."""
    waiting = (InboxEvent.state == inbox.PENDING) & InboxEvent.event_id.in_(
        [f"order:{each}" for each in numbers]
    )
    return int(InboxEvent.select(fn.COUNT(InboxEvent.id)).where(waiting).scalar())


def purchases_of(numbers: Sequence[str]) -> list[Purchase]:
    """The recorded ones of these orders."""
    return list(Purchase.select().where(Purchase.order_number.in_(list(numbers))))


def forget(purchase: Purchase) -> None:
    """Delete an order that nobody was credited, as if it had never been reported: it can be imported again.

    The caller has locked the order. Its buyer's row stays: it holds hashes alone, and other orders may have it.
    """
    require_transaction()
    number = str(purchase.order_number)
    numbered = Shipment.order_number == number
    events = [f"order:{number}", f"order:{number}:named"]
    parcels: Any = Shipment.select(Shipment.id).where(numbered).tuples()
    events += [f"{kind}:{id_}" for (id_,) in parcels for kind in ("order-dispatched", "order-delivered")]
    events += _refund_events(number)
    InboxEvent.delete().where(InboxEvent.event_id.in_(events)).execute()
    Shipment.delete().where(numbered).execute()
    ParkedOrder.delete().where(ParkedOrder.order_number == number, ParkedOrder.source == SOURCE).execute()
    PurchaseItem.delete().where(PurchaseItem.purchase == purchase.id).execute()
    Purchase.delete().where(Purchase.id == purchase.id).execute()


def is_free(purchase: Purchase) -> bool:
    """Whether nothing came of the order yet: nobody was credited, and no other source changed it."""
    return purchase.customer_id is None and purchase.state == PAID and purchase.source == SOURCE


def unpark(numbers: Collection[str]) -> None:
    """Delete the open questions of these orders, which the import parked."""
    require_transaction()
    mine = ParkedOrder.order_number.in_(list(numbers)) & (ParkedOrder.source == SOURCE)
    ParkedOrder.delete().where(mine, ParkedOrder.closed_at.is_null()).execute()


def take_products_back(row: DataImport) -> dict[str, int]:
    """Restore the products that nobody changed since, and delete those that were new and never ordered; how many of
    each, and how many stay."""
    require_transaction()
    counts = {"removed": 0, "restored": 0, "left": 0}
    query = ImportProduct.select().where(ImportProduct.data_import == row.id).order_by(ImportProduct.sku)
    for each in list(query):
        counts[_take_back(each)] += 1
    return counts


def settle(row: DataImport, state: ImportState, **columns: Any) -> None:
    """Note how far the undoing is. An import that was undone may be imported again."""
    require_transaction()
    if state is ImportState.UNDONE:
        columns |= {"once_key": None, "undone_at": localtime.now()}
    DataImport.update(state=state, **columns).where(DataImport.id == row.id).execute()


def _take_back(each: ImportProduct) -> str:
    product: Product | None = Product.get_or_none(Product.sku == each.sku)
    after: dict[str, Any] = json.loads(each.after)
    if product is None or any(getattr(product, name) != value for name, value in after.items()):
        return "left"
    if each.before:
        Product.update(**json.loads(each.before)).where(Product.id == product.id).execute()
        return "restored"
    if PurchaseItem.select().where(PurchaseItem.sku == each.sku).exists():
        return "left"
    Product.delete().where(Product.id == product.id).execute()
    return "removed"


def _refund_events(number: str) -> list[str]:
    """The events of refunds that came with the order. LIKE ignores case, and the prefix may match a longer number."""
    prefix = f"order-refunded:{number}:"
    query: Any = InboxEvent.select(InboxEvent.event_id).where(InboxEvent.event_id.startswith(prefix)).tuples()
    return [str(found) for (found,) in query if str(found).startswith(prefix)]


def lock(number: str) -> None:
    """Wait for other transactions that handle the order."""
    reversals.lock_order(number)
