"""Decides whether a customer is a human being's affair, since when, and whose turn it is.

A customer has at most one unresolved ticket. It is `waiting` while the customer waits for us and `open` while staff
have answered and the talk goes on. What is said on either side, and who may do what, is left to others.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee

from bot import database, localtime
from bot.conversations import Conversation
from bot.database import Model, UtcDateTimeField
from customers.customer import Customer

OPEN, WAITING, RESOLVED = "open", "waiting", "resolved"
UNRESOLVED = (WAITING, OPEN)

DETRACTOR, ASKED, FALLBACK, UPSET, FAQ_FAILED = "detractor", "asked", "fallback", "upset", "faq_failed"
CAUSES = (DETRACTOR, ASKED, FALLBACK, UPSET, FAQ_FAILED)
"""Why it was opened: a low score, the customer's word, nothing understood, anger, a FAQ answer that did not help."""


class Ticket(Model):
    """One matter of one customer that a human being takes care of."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE", backref="+")
    conversation_id: int
    state = peewee.CharField(16, default=WAITING)
    cause = peewee.CharField(32)
    cause_key = peewee.CharField(150, unique=True)
    """What opened it (`survey-answer:184`, an event's id): the same thing never opens two."""
    assignee_id = peewee.IntegerField(null=True, index=True)
    note = peewee.TextField(default="")
    opened_at = UtcDateTimeField()
    since_at = UtcDateTimeField()
    """Since when it has been in its state: of a waiting ticket, since when the customer waits."""
    first_response_at = UtcDateTimeField(null=True)
    resolved_at = UtcDateTimeField(null=True)
    resolved_by_id = peewee.IntegerField(null=True)

    @property
    def first_response_time(self) -> timedelta | None:
        """From opening to staff's first answer; None while there was none."""
        return self.first_response_at - self.opened_at if self.first_response_at else None


@dataclass(frozen=True, slots=True)
class Opened:
    """The customer's ticket. `is_new` is False when it was there already."""

    ticket: Ticket
    is_new: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets with their customers, and where the list goes on (None at its end)."""

    tickets: list[Ticket]
    next_cursor: str | None


def open_ticket(
    customer_id: int, conversation_id: int, *, cause: str, cause_key: str, note: str = ""
) -> Opened:
    """Open a ticket, or return the one that is unresolved, or the one this very cause opened before.

    Raises ValueError for a cause that is not one of CAUSES.
    """
    database.require_transaction()
    if cause not in CAUSES:
        raise ValueError(f"{cause!r} is no cause of a ticket; known: {', '.join(CAUSES)}")
    now = localtime.now()
    made = database.insert_once(
        Ticket,
        customer=customer_id,
        conversation=conversation_id,
        state=WAITING,
        cause=cause,
        cause_key=cause_key,
        note=note,
        opened_at=now,
        since_at=now,
    )
    if made is not None:
        return Opened(Ticket.get_by_id(made), is_new=True)
    there = open_ticket_of(customer_id) or Ticket.get(Ticket.cause_key == cause_key)
    return Opened(there, is_new=False)


def open_ticket_of(customer_id: int) -> Ticket | None:
    """The customer's unresolved ticket: while there is one, the bot does not talk over the staff."""
    found: Ticket | None = (
        Ticket.select().where(Ticket.customer == customer_id, Ticket.state != RESOLVED).first()
    )
    return found


def find(ticket_id: int) -> Ticket | None:
    """The ticket with its customer, or None."""
    found: Ticket | None = _with_customer().where(Ticket.id == ticket_id).first()
    return found


def customer_wrote(ticket_id: int) -> bool:
    """The customer said something: it is our turn. False when it was our turn already, or the ticket is resolved."""
    return _move(ticket_id, (OPEN,), state=WAITING)


def first_response(ticket_id: int, staff_id: int) -> bool:
    """Staff answered: the customer's turn. The first answer is timed, and takes a ticket that is nobody's.

    To be called for every answer; True when this was the first.
    """
    was_first = _set(
        (Ticket.id == ticket_id) & Ticket.first_response_at.is_null(), first_response_at=localtime.now()
    )
    _set((Ticket.id == ticket_id) & Ticket.assignee_id.is_null(), assignee_id=staff_id)
    _move(ticket_id, (WAITING,), state=OPEN)
    return was_first


def assign(ticket_id: int, staff_id: int | None) -> bool:
    """Make it that person's, or nobody's. False when there is no such ticket."""
    return _set(Ticket.id == ticket_id, assignee_id=staff_id)


def keep_note(ticket_id: int, note: str) -> bool:
    """Staff's own words about the matter; the customer never sees them."""
    return _set(Ticket.id == ticket_id, note=note)


def resolve(ticket_id: int, staff_id: int | None = None) -> bool:
    """The matter is done. False when it was already."""
    now = localtime.now()
    return _move(ticket_id, UNRESOLVED, state=RESOLVED, resolved_at=now, resolved_by_id=staff_id)


def reopen(ticket_id: int) -> bool:
    """The matter is not done after all. False when it is unresolved, or the customer has another open ticket."""
    try:
        with database.savepoint():
            return _move(ticket_id, (RESOLVED,), state=WAITING, resolved_at=None, resolved_by_id=None)
    except peewee.IntegrityError:
        return False


def unresolved(
    *,
    states: Sequence[str] = UNRESOLVED,
    assignee_id: int | None = None,
    only_unassigned: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """The queue: those who wait come first, longest first; then those whose answer we await."""
    query = _with_customer().where(Ticket.state.in_(list(states)))
    if assignee_id is not None:
        query = query.where(Ticket.assignee_id == assignee_id)
    if only_unassigned:
        query = query.where(Ticket.assignee_id.is_null())
    after = _read_cursor(cursor)
    if after:
        state, since_at, ticket_id = after
        later = (Ticket.since_at > since_at) | ((Ticket.since_at == since_at) & (Ticket.id > ticket_id))
        query = query.where((Ticket.state < state) | ((Ticket.state == state) & later))
    return _page(query.order_by(Ticket.state.desc(), Ticket.since_at, Ticket.id), limit)


def resolved(*, cursor: str | None = None, limit: int = 50) -> Page:
    """What is done, the latest first."""
    query = _with_customer().where(Ticket.state == RESOLVED)
    after = _read_cursor(cursor)
    if after:
        _, since_at, ticket_id = after
        query = query.where(
            (Ticket.since_at < since_at) | ((Ticket.since_at == since_at) & (Ticket.id < ticket_id))
        )
    return _page(query.order_by(Ticket.since_at.desc(), Ticket.id.desc()), limit)


def of_customer(customer_id: int, limit: int = 50) -> list[Ticket]:
    """All tickets of one customer, the latest first."""
    query = Ticket.select().where(Ticket.customer == customer_id).order_by(Ticket.id.desc())
    return list(query.limit(limit))


def latest_of(customer_ids: list[int]) -> dict[int, int]:
    """The id of each customer's latest ticket, of those who have one."""
    query: Any = Ticket.select(Ticket.customer, peewee.fn.MAX(Ticket.id)).group_by(Ticket.customer)
    return dict(query.where(Ticket.customer.in_(customer_ids)).tuples()) if customer_ids else {}


def count_by_state() -> dict[str, int]:
    """How many are waiting and how many are open."""
    counts = dict.fromkeys(UNRESOLVED, 0)
    query: Any = Ticket.select(Ticket.state, peewee.fn.COUNT(Ticket.id)).where(
        Ticket.state.in_(list(UNRESOLVED))
    )
    counts.update(query.group_by(Ticket.state).tuples())
    return counts


def _with_customer() -> Any:
    return Ticket.select(Ticket, Customer).join(Customer)


def _move(ticket_id: int, expected: Sequence[str], **columns: Any) -> bool:
    """Change the state if it is one of those expected: of two people who press at once, one has done it."""
    return _set(
        (Ticket.id == ticket_id) & Ticket.state.in_(list(expected)), since_at=localtime.now(), **columns
    )


def _set(condition: Any, **columns: Any) -> bool:
    database.require_transaction()
    return bool(Ticket.update(**columns).where(condition).execute() == 1)


def _page(query: Any, limit: int) -> Page:
    rows = list(query.limit(limit + 1))
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(rows[-1]) if more else None)


def _cursor(ticket: Ticket) -> str:
    since = int((ticket.since_at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    return base64.urlsafe_b64encode(json.dumps([ticket.state, since, ticket.id]).encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[str, datetime, int] | None:
    """A cursor that nobody made starts the list over."""
    try:
        state, since, ticket_id = json.loads(base64.urlsafe_b64decode(cursor or ""))
        return str(state), datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=since), int(ticket_id)
    except (binascii.Error, ValueError, TypeError, OverflowError):
        return None
