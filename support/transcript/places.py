"""Places in a chat: who came first of what was received and sent, and the cursors by which pages ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage

INCOMING, OUTGOING = 0, 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Place = tuple[datetime, int, int]
"""A time, a side, and the row's id."""


def place_of(row: InboxEvent | OutboxMessage) -> Place:
    """The row's place. Both times are of our own clock. At the same moment, incoming comes before outgoing."""
    if isinstance(row, OutboxMessage):
        return row.created_at, OUTGOING, row.id
    return row.received_at, INCOMING, row.id


def earlier(moment: Any, number: Any, side: int, until: Place) -> Any:
    """The condition for rows of one side that come before a place."""
    at, that_side, that_id = until
    if side == that_side:
        return (moment < at) | ((moment == at) & (number < that_id))
    return moment <= at if side < that_side else moment < at


def later(moment: Any, number: Any, side: int, after: Place) -> Any:
    """The condition for rows of one side that come after a place."""
    at, that_side, that_id = after
    if side == that_side:
        return (moment > at) | ((moment == at) & (number > that_id))
    return moment >= at if side > that_side else moment > at


def cursor(place: Place) -> str:
    """The place as pages pass it on."""
    at, side, number = place
    return f"{(at - EPOCH) // timedelta(microseconds=1)}.{side}.{number}"


def read_cursor(cursor: str | None) -> Place | None:
    """The place at a cursor; None for anything else."""
    try:
        micros, side, number = (int(part) for part in (cursor or "").split("."))
        return EPOCH + timedelta(microseconds=micros), side, number
    except (ValueError, OverflowError):
        return None
