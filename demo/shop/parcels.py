"""The sample shop's parcels: those of the last days are reported one by one, the older ones written together."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import localtime
from customers.orders import carriers, shipments
from customers.orders.purchases import PAID, Purchase
from customers.orders.shipments import Shipment, ShipmentReport
from demo.shop.plan import causes
from demo.shop.shop_system import CARRIER, DISPATCHED_AFTER, tracking_number

REPORTED_SINCE = timedelta(days=8)
"""The product itself takes in the parcels of orders since then."""
WRITTEN_SINCE = timedelta(days=240)
"""The shop reports parcels since then."""
ROWS_AT_ONCE = 100


def reported_at(order_number: str, ordered_at: datetime, present: datetime) -> Iterator[datetime]:
    """When it is dispatched and when it is delivered."""
    yield ordered_at + DISPATCHED_AFTER
    yield ordered_at + causes.delivered_after(order_number, ordered_at, present)


def report(order_number: str) -> None:
    """The shop's system reports the order's parcel: dispatched, then delivered. A cancelled order has none."""
    known, now = shipments.of_order(order_number), localtime.now()
    if not Purchase.select().where(Purchase.order_number == order_number, Purchase.state == PAID).exists():
        return
    shipments.take(
        ShipmentReport(
            order_number,
            "api",
            CARRIER,
            tracking_number(order_number),
            dispatched_at=known[0].dispatched_at if known else now,
            delivered_at=now if known else None,
        )
    )


def still_to_come() -> Iterator[tuple[str, datetime]]:
    """The orders of the last days whose parcel has not been delivered, by number, and when they were placed."""
    lately = Purchase.ordered_at > localtime.now() - REPORTED_SINCE
    delivered = Shipment.select(Shipment.order_number).where(Shipment.delivered_at.is_null(False))
    waiting = (Purchase.state == PAID) & Purchase.order_number.not_in(delivered)
    for purchase in Purchase.select().where(lately, waiting).order_by(Purchase.id):
        yield purchase.order_number, purchase.ordered_at


def write_older(present: datetime) -> None:
    """Write the parcels of the months before, as the product left them: all of them delivered, nothing to send."""
    since, until = present - WRITTEN_SINCE, present - REPORTED_SINCE
    within = (Purchase.ordered_at >= since) & (Purchase.ordered_at < until) & (Purchase.state == PAID)
    reported = Shipment.select(Shipment.order_number)
    query = Purchase.select().where(within, Purchase.order_number.not_in(reported)).order_by(Purchase.id)
    rows = [_row(each.order_number, each.ordered_at, present) for each in query]
    for first in range(0, len(rows), ROWS_AT_ONCE):
        Shipment.insert_many(rows[first : first + ROWS_AT_ONCE]).execute()


def _row(order_number: str, ordered_at: datetime, present: datetime) -> dict[str, object]:
    dispatched_at = ordered_at + DISPATCHED_AFTER
    delivered_at = ordered_at + causes.delivered_after(order_number, ordered_at, present)
    return {
        "order_number": order_number,
        "carrier": carriers.key_of(CARRIER),
        "carrier_written": CARRIER,
        "tracking_number": tracking_number(order_number),
        "dispatched_at": dispatched_at,
        "delivered_at": delivered_at,
        "source": "api",
        "recorded_at": dispatched_at,
        "dispatch_noted_at": dispatched_at,
        "delivery_noted_at": delivered_at,
    }
