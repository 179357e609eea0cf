"""Finds customers whose promised answer is overdue, and when each is next to be sent an apology.

The alert to staff and the messages are in `handlers/overdue_answers.py`.
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
"""Intervals between the first apologies; later ones follow each STEADY."""
STEADY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Late:
    """An overdue promise, and the conversation of its customer."""

    ticket_id: int
    number: int
    """How many apologies were sent in this wait."""
    conversation_key: str
    line_user_id: str | None
    since_at: datetime


def next_after(count: int) -> timedelta:
    """How long after the last of `count` apologies the next one may come."""
    return AGAIN_AFTER[count - 1] if count <= len(AGAIN_AFTER) else STEADY


def to_notify(after_id: int, limit: int) -> list[Late]:
    """Overdue tickets whose customers are due an apology now, by the ticket's id."""
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
    """Whether the answer is still overdue, and no further apology was sent since the event was put."""
    return ticket.late_count == number and bool(
        Ticket.select().where(_broken(), Ticket.id == ticket.id).exists()
    )


def record_notified(ticket_id: int) -> None:
    """Record that the customer was sent an apology."""
    require_transaction()
    columns: dict[str, Any] = {"late_count": Ticket.late_count + 1, "late_at": localtime.now()}
    Ticket.update(columns).where(Ticket.id == ticket_id).execute()


def count_and_oldest() -> tuple[int, datetime | None]:
    """How many answers are overdue, and the due time of the oldest."""
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
