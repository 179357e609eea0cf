"""Stores staff's notes on a ticket and whom they mention; customers never see them.

A note is never changed after it was written.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from support.alerts import alerts
from support.tickets.tables import Ticket

LONGEST = 2000
DOUBLE = timedelta(minutes=1)
"""The same note again within this time is a double click."""


class TicketNote(Model):
    """A note by a person of staff."""

    ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", backref="+")
    staff_id = peewee.IntegerField()
    body = peewee.TextField()
    written_at = UtcDateTimeField()


class TicketMention(Model):
    """A person of staff is asked to read a ticket's notes; mentioned again, it is unread again."""

    ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", backref="+", index=False)
    staff_id = peewee.IntegerField()
    mentioned_at = UtcDateTimeField()
    seen_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("ticket", "staff_id"), True),)


def add(ticket_id: int, staff_id: int, body: str, mentions: Iterable[int] = ()) -> bool:
    """Store a note, and mention and alert those people. False for an empty one."""
    require_transaction()
    body = body.replace("\r\n", "\n").strip()[:LONGEST]
    if not body:
        return False
    now = localtime.now()
    newest = TicketNote.select().where(TicketNote.ticket == ticket_id).order_by(TicketNote.id.desc()).first()
    if newest and (newest.staff_id, newest.body) == (staff_id, body) and newest.written_at > now - DOUBLE:
        return True
    written = TicketNote.create(ticket=ticket_id, staff_id=staff_id, body=body, written_at=now)
    for each in sorted(set(mentions)):
        values = {TicketMention.mentioned_at: now, TicketMention.seen_at: None}
        asked = TicketMention.insert(ticket=ticket_id, staff_id=each, mentioned_at=now, seen_at=None)
        asked.on_conflict(
            conflict_target=[TicketMention.ticket, TicketMention.staff_id], update=values
        ).execute()
        alerts.mentioned(ticket_id, written.id, each)
    return True


def of_ticket(ticket_id: int, limit: int = 100) -> Sequence[TicketNote]:
    """The latest notes, oldest first."""
    newest = TicketNote.select().where(TicketNote.ticket == ticket_id).order_by(TicketNote.id.desc())
    return list(newest.limit(limit))[::-1]


def of_customer(customer_id: int, limit: int = 100) -> Sequence[TicketNote]:
    """The latest notes on any of the customer's tickets, oldest first: they follow from one ticket to the next."""
    query: Any = TicketNote.select(TicketNote, Ticket).join(Ticket).where(Ticket.customer == customer_id)
    return list(query.order_by(TicketNote.id.desc()).limit(limit))[::-1]


def is_asked(ticket_id: int, staff_id: int) -> bool:
    """Whether the person is mentioned and has not marked it as read."""
    return bool(TicketMention.select().where(_unseen(ticket_id, staff_id)).exists())


def mark_seen(ticket_id: int, staff_id: int) -> bool:
    """Mark the mention as read. False when there was none."""
    require_transaction()
    query = TicketMention.update(seen_at=localtime.now())
    return bool(query.where(_unseen(ticket_id, staff_id)).execute())


def _unseen(ticket_id: int, staff_id: int) -> Any:
    mine = (TicketMention.ticket == ticket_id) & (TicketMention.staff_id == staff_id)
    return mine & TicketMention.seen_at.is_null()


erasure.deleted(
    TicketNote,
    lambda who: TicketNote.ticket.in_(Ticket.select(Ticket.id).where(Ticket.customer == who.customer_id)),
)
erasure.deleted(
    TicketMention,
    lambda who: TicketMention.ticket.in_(Ticket.select(Ticket.id).where(Ticket.customer == who.customer_id)),
)
