"""Decides nothing by itself: finds the tickets whose customers wait longer than the shop allows, and wakes what was
put aside until now. In pieces, so that no write holds the lock for long."""

from datetime import datetime
from typing import Any

from peewee import SQL

from bot import localtime
from bot.db.database import require_transaction
from support.tickets.tickets import UNRESOLVED, WAITING, Ticket


def too_long(since_before: datetime, limit: int) -> list[int]:
    """Tickets that have waited since that moment or longer and of which nobody was told in this wait, longest first."""
    query: Any = (
        Ticket.select(Ticket.id)
        .where(Ticket.state == WAITING, Ticket.since_at <= since_before, Ticket.handed_over_at.is_null(False))
        .where(Ticket.alarmed_at.is_null(), Ticket.snoozed_until.is_null())
        .where(Ticket.woken_at.is_null() | (Ticket.woken_at <= since_before))
        .order_by(Ticket.since_at, Ticket.id)
        .limit(limit)
        .tuples()
    )
    return [ticket_id for (ticket_id,) in query]


def raise_alarm(ticket_ids: list[int], *, unassign: bool) -> int:
    """Note that staff are told of this wait, and take the tickets from those who let them lie if that is the rule."""
    require_transaction()
    columns: dict[str, Any] = {"alarmed_at": localtime.now()}
    if unassign:
        columns["assignee_id"] = None
    still = Ticket.id.in_(ticket_ids) & (Ticket.state == WAITING) & Ticket.alarmed_at.is_null()
    return int(Ticket.update(columns).where(still).execute())


def alarmed_count() -> int:
    """Waits of which staff were told and that go on."""
    alarmed = Ticket.alarmed_at.is_null(False) & (Ticket.state == WAITING)
    return int(Ticket.select().where(alarmed, Ticket.snoozed_until.is_null()).count())


def overdue_count() -> int:
    """Low scores whom nobody has written to in the time that was promised; the bot still has the chat."""
    promised = Ticket.first_response_at.is_null() & (Ticket.due_at < localtime.now())
    untouched = promised & Ticket.handed_over_at.is_null() & Ticket.snoozed_until.is_null()
    return int(Ticket.select().where(Ticket.state != SQL("'resolved'"), untouched).count())


def wake_due(limit: int) -> int:
    """Take off what was put aside until now; how many those were."""
    require_transaction()
    due = Ticket.snoozed_until <= localtime.now()
    some = Ticket.select(Ticket.id).where(due, Ticket.state.in_(UNRESOLVED)).limit(limit)
    return int(
        Ticket.update(snoozed_until=None, woken_at=localtime.now()).where(Ticket.id.in_(some)).execute()
    )


def anything_to_wake() -> bool:
    """A look without a lock."""
    return bool(Ticket.select().where(Ticket.snoozed_until <= localtime.now()).exists())
