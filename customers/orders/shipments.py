"""Stores parcels of orders as they are reported, from every source, and puts what is new into the inbox.

One row is one parcel, known by order, carrier and tracking number; an order may have several. A parcel may be
reported before its order, repeatedly, and delivered before dispatched. What the customer is sent about it:
`handlers/order_shipments.py`; which carriers are known: `carriers.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from peewee import CharField, DateField, TextField

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from customers.orders import carriers, reversal_intake, reversals
from customers.orders.order import Item

LATEST = timedelta(days=1)
"""Clocks differ by minutes or a zone; what lies further in the future is a plan or a typing error."""


class Shipment(Model):
    """One parcel. `carrier` is a key of `carriers.py` or the name in one form; empty when it is not known."""

    order_number = CharField(80)
    """The order's number, or its alias in another system until the order comes."""
    carrier = CharField(64, default="")
    carrier_written = CharField(64, default="")
    tracking_number = CharField(40, default="")
    tracking_url = CharField(1000, default="")
    """The tracking page that the shop's system gave; else the carrier's own is shown."""
    items = TextField(default="[]")
    """What is in the parcel, as JSON, where it was said; otherwise everything ordered may be."""
    dispatched_at = UtcDateTimeField(null=True)
    delivered_at = UtcDateTimeField(null=True)
    arrives_on = DateField(null=True)
    source = CharField(32)
    recorded_at = UtcDateTimeField()
    dispatch_noted_at = UtcDateTimeField(null=True)
    delivery_noted_at = UtcDateTimeField(null=True)
    """When the worker acted on the dispatch or the delivery, which it does once."""

    class Meta:
        table_name = "shipment"
        indexes = ((("order_number", "carrier", "tracking_number"), True),)

    @property
    def carrier_name(self) -> str:
        """The carrier's name for people; empty when it is not known."""
        return carriers.name_of(self.carrier, self.carrier_written)

    @property
    def shown_number(self) -> str:
        """The tracking number as carriers print it."""
        return carriers.shown_number(self.tracking_number)

    @property
    def tracking_address(self) -> str | None:
        """Where the parcel is tracked; None when there is no address that is certain."""
        return carriers.tracking_address(self.carrier, self.tracking_number, self.tracking_url)

    @property
    def item_list(self) -> list[Item]:
        """What is in the parcel, where it was said."""
        return [Item.model_validate(each) for each in json.loads(self.items)]


@dataclass(frozen=True, slots=True)
class ShipmentReport:
    """A parcel as a source reports it. `order_number` may be an alias; `tracking_number` is in normal form."""

    order_number: str
    source: str
    carrier: str = ""
    """As written."""
    tracking_number: str = ""
    tracking_url: str = ""
    dispatched_at: datetime | None = None
    delivered_at: datetime | None = None
    arrives_on: date | None = None
    items: tuple[Item, ...] = ()
    is_estimate: bool = False
    """Whether the times are those of the report, so that a known time stays."""


class ShipmentOutcome(StrEnum):
    """The result of reporting a parcel."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"
    UNCLEAR = "unclear"
    """No tracking number, and the order has several parcels that it may mean."""


@dataclass(frozen=True, slots=True)
class TakenShipment:
    """A reported parcel and the result; without a shipment when it is unclear."""

    outcome: ShipmentOutcome
    shipment: Shipment | None = None


def take(report: ShipmentReport) -> TakenShipment:
    """Stores the parcel or what is new of it, and puts a dispatch and a delivery into the inbox, once each.

    A parcel without any time counts as dispatched when it is reported.
    """
    require_transaction()
    number = reversals.number_of(report.order_number)
    reversals.lock_order(number)  # the order may be recorded at this moment
    known = of_order(number)
    matching = matches(report, known)
    if len(matching) > 1:
        return TakenShipment(ShipmentOutcome.UNCLEAR)
    shipment = matching[0] if matching else None
    outcome = ShipmentOutcome.NEW if shipment is None else ShipmentOutcome.KNOWN
    if shipment is None:
        shipment = _insert(number, report)
    changes = changes_by(report, shipment)
    if changes:
        Shipment.update(**changes).where(Shipment.id == shipment.id).execute()
        shipment = Shipment.get_by_id(shipment.id)
        outcome = ShipmentOutcome.CHANGED if outcome is ShipmentOutcome.KNOWN else outcome
    _put_events(number, shipment)
    return TakenShipment(outcome, shipment)


def matches(report: ShipmentReport, known: Iterable[Shipment]) -> list[Shipment]:
    """The known parcels of the order that the report may be about; pure.

    The parcel of the same number, else one that lacks what the report has: its number, or its carrier. A
    report without a number is about the only parcel.
    """
    key = carriers.key_of(report.carrier)
    alike = [each for each in known if not key or not each.carrier or each.carrier == key]
    if not report.tracking_number:
        return alike
    same = [each for each in alike if each.tracking_number == report.tracking_number]
    exact = [each for each in same if each.carrier == key]
    return exact or same or [each for each in alike if not each.tracking_number][:1]


def changes_by(report: ShipmentReport, shipment: Shipment) -> dict[str, Any]:
    """What the report changes of the parcel's row; pure."""
    found: dict[str, Any] = {
        "tracking_number": report.tracking_number or shipment.tracking_number,
        "tracking_url": report.tracking_url or shipment.tracking_url,
        "arrives_on": report.arrives_on or shipment.arrives_on,
        "dispatched_at": _moment(report.dispatched_at, shipment.dispatched_at, report),
        "delivered_at": _moment(report.delivered_at, shipment.delivered_at, report),
    }
    if report.carrier and not shipment.carrier:
        found |= {"carrier": carriers.key_of(report.carrier), "carrier_written": report.carrier}
    if report.items:
        found["items"] = _items_text(report)
    if found["dispatched_at"] is None and found["delivered_at"] is None:
        found["dispatched_at"] = localtime.now()
    return {name: value for name, value in found.items() if value != getattr(shipment, name)}


def withdraw(order_number: str, tracking_number: str) -> int:
    """Removes parcels that the shop's system took back before they were delivered; returns how many."""
    require_transaction()
    number = reversals.number_of(order_number)
    reversals.lock_order(number)
    gone = [
        each
        for each in of_order(number)
        if each.tracking_number == tracking_number and each.delivered_at is None
    ]
    ids = [each.id for each in gone]
    return int(Shipment.delete().where(Shipment.id.in_(ids)).execute()) if ids else 0


def find(shipment_id: int) -> Shipment | None:
    """The parcel with that id."""
    return Shipment.get_or_none(Shipment.id == shipment_id)


def of_order(order_number: str) -> list[Shipment]:
    """The order's parcels, in the sequence in which they were reported."""
    names = reversals.names_of(order_number)
    return list(Shipment.select().where(Shipment.order_number.in_(names)).order_by(Shipment.id))


def of_orders(order_numbers: Collection[str]) -> dict[str, list[Shipment]]:
    """The parcels of recorded orders, by order number; one statement."""
    found: dict[str, list[Shipment]] = {number: [] for number in order_numbers}
    rows = Shipment.select().where(Shipment.order_number.in_(list(order_numbers))).order_by(Shipment.id)
    for each in list(rows) if found else []:
        found[each.order_number].append(each)
    return found


def adopt(order_number: str) -> list[Shipment]:
    """Gives parcels that came before their order, under its name in another system, the order's number; returns
    those that have it now. The parcel's events may have been handled before, when the order was unknown."""
    require_transaction()
    reversals.lock_order(order_number)
    adopted = [each for each in of_order(order_number) if each.order_number != order_number]
    for each in adopted:
        same = (Shipment.order_number == order_number) & (Shipment.carrier == each.carrier)
        twin = Shipment.get_or_none(same, Shipment.tracking_number == each.tracking_number)
        if twin is None:
            Shipment.update(order_number=order_number).where(Shipment.id == each.id).execute()
            continue
        changes = changes_by(_as_report(each), twin)
        if changes:
            Shipment.update(**changes).where(Shipment.id == twin.id).execute()
        Shipment.delete().where(Shipment.id == each.id).execute()
    return of_order(order_number) if adopted else []


def announce_again(order_number: str, adopted: Iterable[Shipment]) -> None:
    """Puts events of parcels that got their order's number just now, which was recorded before."""
    for each in adopted:
        _put_events(order_number, each, ":adopted")


def settle_dispatch(shipment: Shipment) -> bool:
    """Records that the worker acts on the dispatch; False when it did before."""
    return _settle(shipment, Shipment.dispatch_noted_at, dispatch_noted_at=localtime.now())


def settle_delivery(shipment: Shipment) -> bool:
    """Records that the worker acts on the delivery, after which a dispatch is no news; False when it did
    before."""
    now = localtime.now()
    return _settle(shipment, Shipment.delivery_noted_at, delivery_noted_at=now, dispatch_noted_at=now)


def _settle(shipment: Shipment, column: Any, **noted: datetime) -> bool:
    require_transaction()
    row = (Shipment.id == shipment.id) & column.is_null()
    return bool(Shipment.update(**noted).where(row).execute() == 1)


def _insert(number: str, report: ShipmentReport) -> Shipment:
    carrier = carriers.key_of(report.carrier)
    insert_once(
        Shipment,
        order_number=number,
        carrier=carrier,
        carrier_written=report.carrier,
        tracking_number=report.tracking_number,
        items=_items_text(report),
        source=report.source,
        recorded_at=localtime.now(),
    )
    same = (Shipment.order_number == number) & (Shipment.carrier == carrier)
    found: Shipment = Shipment.get(same, Shipment.tracking_number == report.tracking_number)
    return found


def _items_text(report: ShipmentReport) -> str:
    return json.dumps([each.model_dump(exclude_none=True) for each in report.items], ensure_ascii=False)


def _moment(reported: datetime | None, known: datetime | None, report: ShipmentReport) -> datetime | None:
    """The time that holds: a known one stays against an estimate, and against its own day without a time."""
    if reported is None or (known is not None and report.is_estimate):
        return known
    local = localtime.local(reported)
    is_day = not any(local.timetuple()[3:6])
    return known if known is not None and is_day and localtime.local_date(known) == local.date() else reported


def _as_report(shipment: Shipment) -> ShipmentReport:
    return ShipmentReport(
        shipment.order_number,
        shipment.source,
        shipment.carrier_written,
        shipment.tracking_number,
        shipment.tracking_url,
        shipment.dispatched_at,
        shipment.delivered_at,
        shipment.arrives_on,
        tuple(shipment.item_list),
        is_estimate=True,
    )


def _put_events(number: str, shipment: Shipment, again: str = "") -> None:
    waiting = []
    if shipment.dispatched_at is not None and shipment.dispatch_noted_at is None:
        waiting.append((event_kinds.ORDER_DISPATCHED, f"order-dispatched:{shipment.id}{again}"))
    if shipment.delivered_at is not None and shipment.delivery_noted_at is None:
        waiting.append((event_kinds.ORDER_DELIVERED, f"order-delivered:{shipment.id}{again}"))
    if not waiting:
        return
    key, line_user_id = reversal_intake.queue_of(number)
    for kind, event_id in waiting:
        inbox.put(kind, event_id, key, {"shipment_id": shipment.id}, line_user_id=line_user_id)


erasure.blanked(
    Shipment,
    lambda: {
        "tracking_number": erasure.code("", Shipment.id),
        "tracking_url": "",
        "carrier_written": "",
        "items": "[]",
    },
    lambda who: Shipment.order_number.in_(who.order_numbers),
)
