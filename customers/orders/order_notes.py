"""Stores what staff note on an order: that a replacement was promised or sent, or anything else. No money and no points
follow from a note, and customers never see it; it is never changed after it was written."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, advisory_lock, require_transaction

LONGEST = 500
DOUBLE = timedelta(minutes=1)
"""The same note again within this time is a double click."""


class OrderNoteKind(StrEnum):
    """What a note says."""

    REPLACEMENT_PROMISED = "replacement-promised"
    REPLACEMENT_SENT = "replacement-sent"
    OTHER = "other"


class OrderNote(Model):
    """A note by a person of staff on the order with that number."""

    order_number = peewee.CharField(64, index=True)
    kind = peewee.CharField(24)
    body = peewee.TextField(default="")
    written_at = UtcDateTimeField()
    written_by_id = peewee.IntegerField(null=True)

    class Meta:
        table_name = "order_note"


def add(order_number: str, kind: OrderNoteKind, body: str, staff_id: int) -> bool:
    """Store a note, once. False for one that says nothing."""
    require_transaction()
    body = body.replace("\r\n", "\n").strip()[:LONGEST]
    if kind is OrderNoteKind.OTHER and not body:
        return False
    advisory_lock(f"order-note:{order_number}")
    just_now = OrderNote.written_at > localtime.now() - DOUBLE
    same = (OrderNote.order_number == order_number) & (OrderNote.kind == kind) & (OrderNote.body == body)
    if not OrderNote.select().where(same, OrderNote.written_by_id == staff_id, just_now).exists():
        OrderNote.create(
            order_number=order_number,
            kind=kind,
            body=body,
            written_at=localtime.now(),
            written_by_id=staff_id,
        )
    return True


def of_orders(order_numbers: Collection[str]) -> dict[str, list[OrderNote]]:
    """The notes on each of these orders, oldest first."""
    found: dict[str, list[OrderNote]] = {number: [] for number in order_numbers}
    rows = OrderNote.select().where(OrderNote.order_number.in_(list(order_numbers))).order_by(OrderNote.id)
    for each in rows:
        found[each.order_number].append(each)
    return found
