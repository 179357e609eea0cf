"""Finds the customers to whom an answer was promised that has not come, and when each hears of it next.

Staff see them as a notice that is renewed until all are answered; a customer is told a bounded number of times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import require_transaction
from support.tickets.tickets import Ticket

AGAIN_AFTER = (timedelta(days=2), timedelta(days=5))
"""From one sentence to the next; the last interval stands for all later ones, doubled."""
STEADY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Late:
    """A promise that is broken, and where its customer's events queue."""

    ticket_id: int
    number: int
    """How often the customer has been told so in this wait."""
    conversation_key: str
    line_user_id: str | None
    since_at: datetime


def next_after(count: int) -> timedelta:
    """How long after the last sentence the next may come, of which `count` were said."""
    return AGAIN_AFTER[count - 1] if count <= len(AGAIN_AFTER) else STEADY


def to_notify(after_id: int, limit: int) -> list[Late]:
    """Those whose customers hear of it now, by the ticket's id."""
    now = localtime.now()
    query: Any = (
        Ticket.select(Ticket, Conversation.key, Conversation.line_user_id)
        .join(Conversation)
        .where(_broken(), Ticket.id > after_id)
        .order_by(Ticket.id)
    )
    found = []
    for ticket in query.iterator():
        if ticket.late_at is None or now - ticket.late_at >= next_after(ticket.late_count):
            chat = ticket.conversation
            found.append(Late(ticket.id, ticket.late_count, chat.key, chat.line_user_id, ticket.since_at))
        if len(found) == limit:
            break
    return found


def is_late(ticket: Ticket, number: int) -> bool:
    """Whether the promise is broken still, and nothing was said of it since that number was put."""
    return ticket.late_count == number and bool(
        Ticket.select().where(_broken(), Ticket.id == ticket.id).exists()
    )


def record_notified(ticket_id: int) -> None:
    """The customer has been told."""
    require_transaction()
    columns: dict[str, Any] = {"late_count": Ticket.late_count + 1, "late_at": localtime.now()}
    Ticket.update(columns).where(Ticket.id == ticket_id).execute()


def count_and_oldest() -> tuple[int, datetime | None]:
    """How many promises are broken, and by when the oldest of them was due."""
    row: Any = (
        Ticket.select(peewee.fn.COUNT(Ticket.id), peewee.fn.MIN(Ticket.answer_due_at))
        .where(_broken())
        .tuples()
    )
    count, oldest = next(iter(row))
    return int(count), Ticket.answer_due_at.python_value(oldest) if oldest is not None else None


def _broken() -> Any:
    waits = (Ticket.state == peewee.SQL("'waiting'")) & Ticket.handed_over_at.is_null(False)
    return waits & (Ticket.answer_due_at < localtime.now()) & Ticket.snoozed_until.is_null()
