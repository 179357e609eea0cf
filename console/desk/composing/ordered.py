"""The customer's orders beside the chat: items, price, state, parcels; the order they write about comes first."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.shell.translation import gettext
from customers.orders import order_notes, purchases, shipments
from customers.orders.order import Item
from customers.orders.order_notes import OrderNote
from customers.orders.purchases import CANCELLED, REFUNDED, Purchase
from customers.orders.shipments import Shipment
from customers.values import written_numbers
from support.replies.words import words
from support.tickets.tickets import Ticket

MOST_ORDERS = 5


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel, and what is put into the reply about it; empty without an address that is certain."""

    shipment: Shipment
    words: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """One order as it is shown."""

    purchase: Purchase
    items: Sequence[Item]
    parcels: list[Parcel]
    state: str
    is_named: bool
    """Whether the customer wrote its number."""
    notes: Sequence[OrderNote]
    """What staff noted on it."""


@dataclass(frozen=True, slots=True)
class Orders:
    """The customer's orders, and numbers that they wrote of orders which are not linked to them."""

    orders: list[Ordered]
    of_others: list[str]


def of(found: Ticket, texts: Sequence[str]) -> Orders:
    """The latest orders of the ticket's customer, those named in these texts first."""
    named = _named(texts)
    mine = [each for each in named if each.customer_id == found.customer_id]
    latest = purchases.latest_of(found.customer, MOST_ORDERS)
    shown = [*mine, *(each for each in latest if each.id not in {one.id for one in mine})][:MOST_ORDERS]
    items = purchases.items_of([each.id for each in shown])
    parcels = shipments.of_orders([each.order_number for each in shown])
    notes = order_notes.of_orders([each.order_number for each in shown])
    named_ids = {each.id for each in mine}
    return Orders(
        [
            Ordered(
                each,
                items.get(each.id, ()),
                [Parcel(parcel, _tracking(parcel)) for parcel in parcels[each.order_number]],
                _state(each, parcels[each.order_number]),
                each.id in named_ids,
                notes[each.order_number],
            )
            for each in shown
        ],
        [each.order_number for each in named if each.customer_id != found.customer_id],
    )


def with_tracking(found: Ticket, draft: str, shipment_id: int) -> str:
    """The draft with that parcel's tracking address appended, when the parcel is this customer's."""
    shipment = shipments.find(shipment_id)
    purchase = purchases.find(shipment.order_number) if shipment is not None else None
    if shipment is None or purchase is None or purchase.customer_id != found.customer_id:
        return draft
    return "\n".join(part for part in (draft.rstrip("\n"), _tracking(shipment)) if part)


def _named(texts: Sequence[str]) -> list[Purchase]:
    numbers = written_numbers.numbers_in(texts)
    spellings = {each for number in numbers for each in (number, number.upper(), number.lower())}
    by_number = {each.order_number.lower(): each for each in purchases.by_numbers(spellings)}
    return [by_number[number.lower()] for number in numbers if number.lower() in by_number]


def _state(purchase: Purchase, parcels: Sequence[Shipment]) -> str:
    """The order's state in the reader's language."""
    if purchase.state == CANCELLED:
        return gettext("取り消し済み")
    if purchase.state == REFUNDED:
        return gettext("返金済み")
    delivered_count = sum(each.delivered_at is not None for each in parcels)
    if parcels and delivered_count == len(parcels):
        return gettext("お届け済み")
    if delivered_count:
        return gettext(
            "%(delivered)d個お届け済み（全%(all)d個）", delivered=delivered_count, all=len(parcels)
        )
    if any(each.dispatched_at is not None for each in parcels):
        return gettext("発送済み")
    return gettext("発送の記録はまだありません")


def _tracking(shipment: Shipment) -> str:
    if not shipment.tracking_address:
        return ""
    sentence = words().tracking.format(
        carrier=shipment.carrier_name, number=shipment.shown_number, address=shipment.tracking_address
    )
    return "\n".join(part.strip() for part in sentence.split("\n") if part.strip())
