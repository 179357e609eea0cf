"""Answers a parcel that was dispatched or delivered: passes it on to flows and notifies the customer, once each.

Parcels are stored in `customers/orders/shipments.py`; the cards are in `order_cards.py`.
"""

import json

from bot import localtime
from bot.config import shop
from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.orders import purchases, reversals, shipments
from customers.orders.purchases import PAID, Purchase
from customers.orders.shipments import Shipment
from customers.people.customer import Customer
from handlers import flow_triggers, order_cards, unasked
from handlers.order_cards import ShownOrder
from handlers.order_settings import OrderMessages, is_recent
from journeys.flows.occurrences import Occurrence, On
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import PlannedMessage

routes = Routes()


@routes.on_internal_event(event_kinds.ORDER_DISPATCHED)
@routes.on_internal_event(event_kinds.ORDER_DELIVERED)
def parcel_reported(event: InternalEvent) -> Answer:
    """Notify the customer of the parcel, if its order is recorded and somebody's; otherwise that follows when
    the order comes."""
    parcel = shipments.find(int(event.data["shipment_id"]))
    if parcel is None:
        return []
    reversals.lock_order(parcel.order_number)
    purchase = purchases.find(reversals.number_of(parcel.order_number))
    if purchase is not None and purchase.customer is not None:
        notify(purchase.customer, purchase, shipments.find(parcel.id))
    return []


def notify_of_all(purchase: Purchase) -> None:
    """The same for all parcels of an order that was recorded just now."""
    shipments.adopt(purchase.order_number)
    parcels = shipments.of_order(purchase.order_number)
    if purchase.customer is not None:
        for parcel in parcels:
            notify(purchase.customer, purchase, parcel)


def notify(customer: Customer, purchase: Purchase, parcel: Shipment | None) -> None:
    """Pass the delivery, else the dispatch, on to flows and to the customer. Not of a reversed order, and not of
    what is older than the days of thanks: an import of old parcels must send nothing."""
    if parcel is None or purchase.state != PAID:
        return
    rules = shop.get(OrderMessages)
    if parcel.delivered_at is not None:
        at, is_first, is_wanted = parcel.delivered_at, shipments.settle_delivery(parcel), rules.delivered
        kind, on = Kind.ORDER_DELIVERED, On.DELIVERY
    elif parcel.dispatched_at is not None:
        at, is_first, is_wanted = parcel.dispatched_at, shipments.settle_dispatch(parcel), rules.dispatched
        kind, on = Kind.ORDER_DISPATCHED, On.DISPATCH
    else:
        return
    if not is_first or not is_recent(localtime.local_date(at)):
        return
    cause = f"{kind}:{parcel.id}"
    flow_triggers.note(customer, _occurrence(on, cause, purchase, parcel))
    if is_wanted:
        order = ShownOrder(purchase)
        is_delivery = on is On.DELIVERY
        card = order_cards.delivered(order) if is_delivery else order_cards.dispatched(order, parcel)
        unasked.say(customer, [card], kind=kind, cause=cause, data={"shipment_id": parcel.id})


def card_now(row: PlannedMessage, _customer: Customer) -> list[Message] | None:
    """The card that was planned, when it is sent; None for an order that was reversed, and for a dispatch when the
    parcel was delivered or taken back meanwhile."""
    parcel = shipments.find(int(json.loads(row.data)["shipment_id"]))
    purchase = purchases.find(parcel.order_number) if parcel is not None else None
    if parcel is None or purchase is None or purchase.state != PAID:
        return None
    is_past = parcel.delivered_at is not None and row.kind == Kind.ORDER_DISPATCHED
    return None if is_past else list(json.loads(row.messages))


def _occurrence(on: On, cause: str, purchase: Purchase, parcel: Shipment) -> Occurrence:
    items = parcel.item_list or purchases.items_of([purchase.id]).get(purchase.id, [])
    products = tuple(dict.fromkeys(item.sku for item in items if item.sku))
    return Occurrence(on, cause, order_number=purchase.order_number, products=products)
