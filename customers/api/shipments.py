"""The API's route for parcels of orders; `customers/orders/shipments.py` stores them."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response

from bot import localtime
from customers.api.answers import ShipmentAnswer, ShipmentState, refusal
from customers.api.auth import Refused, api_key, as_json, body, fault_of, once, read_json
from customers.api.keys import ORDERS_WRITE
from customers.api.shipment_schema import ShipmentIn
from customers.orders import carriers, schema, shipments
from customers.orders.order import Item
from customers.orders.shipments import Shipment, ShipmentOutcome, ShipmentReport
from customers.values import identities, parsing
from customers.values.faults import EXAMPLES, Problem

SOURCE = "api"


def register(api: Blueprint) -> None:
    """Adds the route to the API."""
    api.post("/orders/<path:order_number>/shipments")(receive_shipment)


def receive_shipment(order_number: str) -> Response:
    """Accepts one parcel of an order, which may come later. 202: stored; 200: nothing of it was new."""
    key = api_key(ORDERS_WRITE)
    content = body()
    example = {name: EXAMPLES[name] for name in ("carrier", "tracking_number", "dispatched_at", "arrives_on")}
    payload = schema.read_as(ShipmentIn, read_json(content, example))
    if not isinstance(payload, ShipmentIn):
        raise Refused(422, [fault_of(problem) for problem in payload])
    report = _report(_number(order_number), payload)
    return once(key, content, lambda: _stored(report))


def state_of(shipment: Shipment) -> ShipmentState:
    """The parcel as the API shows it."""
    known = carriers.BY_KEY.get(shipment.carrier)
    return ShipmentState(
        carrier=shipment.carrier_name,
        carrier_key=known.key if known else "",
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_address,
        dispatched_at=shipment.dispatched_at.isoformat() if shipment.dispatched_at else None,
        delivered_at=shipment.delivered_at.isoformat() if shipment.delivered_at else None,
        arrives_on=shipment.arrives_on.isoformat() if shipment.arrives_on else None,
    )


def _stored(report: ShipmentReport) -> Response:
    taken = shipments.take(report)
    if taken.shipment is None:
        return as_json(422, refusal([fault_of(Problem("tracking_number", "several_parcels"))]))
    known = taken.outcome is ShipmentOutcome.KNOWN
    answer = ShipmentAnswer(
        order_number=report.order_number, already_known=known, shipment=state_of(taken.shipment)
    )
    return as_json(200 if known else 202, answer)


def _report(order_number: str, payload: ShipmentIn) -> ShipmentReport:
    dispatched_at = _moment("dispatched_at", payload.dispatched_at)
    delivered_at = _moment("delivered_at", payload.delivered_at)
    return ShipmentReport(
        order_number,
        SOURCE,
        payload.carrier,
        payload.tracking_number,
        payload.tracking_url,
        dispatched_at,
        delivered_at,
        payload.arrives_on,
        tuple(Item(**each.model_dump()) for each in payload.items),
    )


def _moment(field: str, written: datetime | None) -> datetime | None:
    """The time in UTC. Refuses with 422 what lies in the future."""
    if written is None:
        return None
    moment = localtime.in_utc(written)
    if moment > localtime.now() + shipments.LATEST:
        raise Refused(422, [fault_of(Problem(field, "future_date"))])
    return moment


def _number(written: str) -> str:
    try:
        number = identities.number(written)
    except parsing.BadValue as bad:
        raise Refused(422, [fault_of(Problem("order_number", bad.code))]) from None
    if not number:
        raise Refused(422, [fault_of(Problem("order_number", "empty"))])
    return number
