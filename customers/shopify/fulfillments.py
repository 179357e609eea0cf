"""Reads parcels from Shopify's webhooks, and takes them into the shop's orders.

They come alone (fulfillments/create, fulfillments/update, fulfillment_events/create) or within an order
(orders/fulfilled, orders/updated …). Sources: https://shopify.dev/docs/api/webhooks and
https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import localtime, log
from customers.orders import carriers, shipments
from customers.orders.order import Item
from customers.orders.shipments import ShipmentOutcome, ShipmentReport
from customers.shopify import messages
from customers.shopify.messages import Unreadable
from customers.values.parsing import BadValue

SOURCE = "shopify"
FULFILLMENT_TOPICS = ("fulfillments/create", "fulfillments/update")
EVENT_TOPIC = "fulfillment_events/create"
_SENT = ("success", "")
"""`pending` and `open` wait for the warehouse; `fulfillments/update` follows."""
_TAKEN_BACK = ("cancelled", "error", "failure")
DELIVERED = "delivered"
_MOST_PARCELS = 20


@dataclass(frozen=True, slots=True)
class ShopifyParcel:
    """One parcel of a fulfilment: its order's alias, and what is known of it."""

    report: ShipmentReport
    is_taken_back: bool = False


def read_fulfillment(content: Mapping[str, Any]) -> list[ShopifyParcel]:
    """The parcels of a fulfilment, one for each tracking number. Raises Unreadable.

    Its times are estimates: Shopify gives none for a delivery but that of the change.
    """
    alias, status = messages.alias_of(content.get("order_id")), str(content.get("status") or "")
    if status not in (*_SENT, *_TAKEN_BACK):
        log.info("fulfilment ignored", source=SOURCE, order=alias, status=status[:40])
        return []
    carrier = messages.shortened(content.get("tracking_company"), carriers.LONGEST_NAME)
    numbers = _texts(content.get("tracking_numbers")) or _texts([content.get("tracking_number")])
    pages = _texts(content.get("tracking_urls")) or _texts([content.get("tracking_url")])
    changed_at = _moment(content.get("updated_at"))
    is_delivered = content.get("shipment_status") == DELIVERED
    # A label may be printed days before the parcel leaves; Shopify notifies customers when it is fulfilled.
    dispatched_at = _moment(content.get("created_at")) or changed_at or localtime.now()
    items = tuple(_item(line) for line in messages.objects(content.get("line_items"))[:_MOST_PARCELS])
    return [
        ShopifyParcel(
            ShipmentReport(
                alias,
                SOURCE,
                carrier,
                number,
                page,
                min(dispatched_at, localtime.now()),
                min(changed_at or localtime.now(), localtime.now()) if is_delivered else None,
                items=items if len(numbers) < 2 else (),
                is_estimate=True,
            ),
            is_taken_back=status in _TAKEN_BACK,
        )
        for number, page in _numbered(numbers, pages)
    ]


def take_fulfillment(content: Mapping[str, Any]) -> str:
    """Takes the parcels of a fulfilment; returns what was done. Raises Unreadable."""
    outcomes = [_take(parcel) for parcel in read_fulfillment(content)]
    return "; ".join(dict.fromkeys(outcomes)) or "Ignored: no parcel was sent."


def take_those_of_order(content: Mapping[str, Any]) -> None:
    """Takes the parcels within an order. One that cannot be read is left out with a line in the log, since the
    order itself must not be lost for it."""
    for each in messages.objects(content.get("fulfillments")):
        try:
            take_fulfillment({"order_id": content.get("id"), **each})
        except Unreadable as unreadable:
            log.warning("fulfilment ignored", source=SOURCE, reason=str(unreadable))


def take_event(content: Mapping[str, Any]) -> str:
    """Takes a delivery from fulfillment_events/create, of which only the order is named: its only parcel is
    meant. Raises Unreadable."""
    alias = messages.alias_of(content.get("order_id"))
    if content.get("status") != DELIVERED:
        return "Ignored: no delivery."
    happened_at = _moment(content.get("happened_at")) or localtime.now()
    return _take(ShopifyParcel(ShipmentReport(alias, SOURCE, delivered_at=min(happened_at, localtime.now()))))


def _take(parcel: ShopifyParcel) -> str:
    report = parcel.report
    if parcel.is_taken_back:
        count = shipments.withdraw(report.order_number, report.tracking_number)
        return "Taken back." if count else "Ignored: that parcel is not known."
    taken = shipments.take(report)
    if taken.outcome is ShipmentOutcome.UNCLEAR:
        log.info("parcel is not clear", source=SOURCE, order=report.order_number)
        return "Ignored: the order has several parcels, and no tracking number says which."
    return "Taken."


def _numbered(numbers: list[str], pages: list[str]) -> list[tuple[str, str]]:
    """Each tracking number in normal form with its page; one parcel without a number where none is given."""
    found: dict[str, str] = {}
    for place, written in enumerate(numbers[:_MOST_PARCELS]):
        try:
            number = carriers.tracking_number(written)
        except BadValue:
            log.warning("tracking number ignored", source=SOURCE)
            continue
        found.setdefault(number, _page(pages[place] if place < len(pages) else ""))
    return list(found.items()) or [("", _page(pages[0] if pages else ""))]


def _page(written: str) -> str:
    try:
        return carriers.web_address(written) if written else ""
    except BadValue:
        return ""


def _item(line: Mapping[str, Any]) -> Item:
    quantity = line.get("quantity")
    return Item(
        sku=messages.shortened(line.get("sku"), 64),
        name=messages.shortened(line.get("name") or line.get("title"), 255),
        quantity=quantity if type(quantity) is int and 1 <= quantity <= 999_999 else 1,
    )


def _texts(found: object) -> list[str]:
    return [each for each in found if isinstance(each, str) and each] if isinstance(found, list) else []


def _moment(written: object) -> datetime | None:
    return messages.moment(written)
