"""The queues of tickets: which tickets are in each, their order, and how many.

Every queue has its own index, and counts go no further than COUNTED, so that a page stays fast with any
number of tickets.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee

from bot import localtime
from bot.config import shop
from bot.db.database import UtcDateTimeField
from bot.text.cleaning import read_json
from customers.people.customer import Customer
from support.tickets.notes import TicketMention
from support.tickets.settings import Promises
from support.tickets.tags import TicketTag
from support.tickets.tickets import WAITING, Ticket

ALL, MINE, UNASSIGNED, LONGEST, AT_RISK = "all", "mine", "unassigned", "waiting", "at_risk"
SNOOZED, MENTIONED, RESOLVED = "snoozed", "mentioned", "resolved"
QUEUES = (ALL, MINE, UNASSIGNED, LONGEST, AT_RISK, SNOOZED, MENTIONED, RESOLVED)
COUNTED = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Literals, not bound values: only then do both databases use the partial index.
_IS_RESOLVED = Ticket.state == peewee.SQL("'resolved'")
_UNRESOLVED = Ticket.state != peewee.SQL("'resolved'")
_AWAKE = _UNRESOLVED & Ticket.snoozed_until.is_null()


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets with their customers, and the cursor of the next page (None at the end)."""

    tickets: list[Ticket]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Queue:
    """Which tickets it holds, for a person, and its order: fields, with True for descending."""

    holds: Callable[[int], Any]
    order: tuple[tuple[Any, bool], ...]
    of_mentions: bool = False


# Tickets waiting for staff before those waiting for the customer; then by urgency, then the longest waiting.
_BY_TURN = ((Ticket.state, True), (Ticket.urgency, True), (Ticket.since_at, False), (Ticket.id, False))

_QUEUES = {
    ALL: _Queue(lambda _: _AWAKE, _BY_TURN),
    MINE: _Queue(lambda staff_id: _AWAKE & (Ticket.assignee_id == staff_id), _BY_TURN),
    UNASSIGNED: _Queue(lambda _: _AWAKE & Ticket.assignee_id.is_null(), _BY_TURN),
    LONGEST: _Queue(lambda _: _AWAKE & (Ticket.state == WAITING), _BY_TURN),
    AT_RISK: _Queue(lambda _: _at_risk(), ((Ticket.answer_due_at, False), (Ticket.id, False))),
    SNOOZED: _Queue(
        lambda _: _UNRESOLVED & Ticket.snoozed_until.is_null(False),
        ((Ticket.snoozed_until, False), (Ticket.id, False)),
    ),
    MENTIONED: _Queue(
        lambda staff_id: (TicketMention.staff_id == staff_id) & TicketMention.seen_at.is_null(),
        ((TicketMention.mentioned_at, True), (Ticket.id, True)),
        of_mentions=True,
    ),
    RESOLVED: _Queue(lambda _: _IS_RESOLVED, ((Ticket.since_at, True), (Ticket.id, True))),
}


def page(
    name: str, staff_id: int, *, tag: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page:
    """One page of a queue as that person sees it; with a tag, only tickets that have it."""
    queue = _QUEUES[name]
    query: Any = Ticket.select(Ticket, Customer).join(Customer)
    if queue.of_mentions:
        query = query.select_extend(TicketMention).switch(Ticket)
        query = query.join(TicketMention, on=TicketMention.ticket == Ticket.id, attr="mention")
    query = query.where(queue.holds(staff_id))
    if tag:
        query = query.where(Ticket.id.in_(TicketTag.select(TicketTag.ticket).where(TicketTag.tag == tag)))
    places = _read_cursor(cursor, queue)
    if places is not None:
        query = query.where(_beyond(queue, places))
    ordered = query.order_by(*(field.desc() if down else field for field, down in queue.order))
    rows = list(ordered.limit(limit + 1))
    return Page(rows[:limit], _cursor(rows[limit - 1], queue) if len(rows) > limit else None)


def counts(staff_id: int) -> dict[str, int]:
    """How many are in each queue but the resolved, as that person sees it; COUNTED means that many or more."""
    return {name: _count(queue, staff_id) for name, queue in _QUEUES.items() if name != RESOLVED}


def _count(queue: _Queue, staff_id: int) -> int:
    model: Any = TicketMention if queue.of_mentions else Ticket
    return int(model.select(model.id).where(queue.holds(staff_id)).limit(COUNTED).count())


def _at_risk() -> Any:
    """Condition: nobody has answered, and the promised time is near or past."""
    soon = localtime.now() + timedelta(hours=shop.get(Promises).at_risk_hours)
    return (Ticket.state == peewee.SQL("'waiting'")) & (Ticket.answer_due_at <= soon)


def _beyond(queue: _Queue, places: list[Any]) -> Any:
    """Condition: after those places in the queue's order."""
    beyond: Any = None
    for (field, down), place in reversed(list(zip(queue.order, places, strict=True))):
        further = field < place if down else field > place
        beyond = further if beyond is None else further | ((field == place) & beyond)
    return beyond


def _cursor(ticket: Any, queue: _Queue) -> str:
    places = [getattr(_row_of(ticket, field), field.name) for field, _ in queue.order]
    plain = [
        (place - _EPOCH) // timedelta(microseconds=1) if isinstance(place, datetime) else place
        for place in places
    ]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def _row_of(ticket: Any, field: Any) -> Any:
    return ticket.mention if field.model is TicketMention else ticket


def _read_cursor(cursor: str | None, queue: _Queue) -> list[Any] | None:
    """The places a cursor stands for; None, the beginning, when it is invalid or another queue's."""
    try:
        plain = read_json(base64.urlsafe_b64decode(cursor or ""))
        return [_place(field, each) for (field, _), each in zip(queue.order, plain, strict=True)]
    except (binascii.Error, ValueError, TypeError, OverflowError):
        return None


def _place(field: Any, plain: object) -> Any:
    if not isinstance(plain, str if isinstance(field, peewee.CharField) else int):
        raise TypeError(f"no {field.name}: {plain!r}")
    return _EPOCH + timedelta(microseconds=int(plain)) if isinstance(field, UtcDateTimeField) else plain
