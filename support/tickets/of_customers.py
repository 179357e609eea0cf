"""Reads customers' tickets: the latest of one with staff's notes, and how many each of some had."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import peewee

from bot.db.database import as_moment
from bot.db.value_lists import is_one_of
from support.tickets.notes import TicketNote
from support.tickets.tickets import Ticket

MOST_AT_ONCE = 60


class Tickets(NamedTuple):
    """How many tickets a customer had, and when the last was opened."""

    ticket_count: int
    last_opened_at: datetime | None


def latest_of(customer_id: int, limit: int) -> Sequence[Ticket]:
    """The customer's tickets, the newest first."""
    mine = Ticket.select().where(Ticket.customer == customer_id)
    return list(mine.order_by(Ticket.id.desc()).limit(limit))


def resolved_between(
    customer_id: int, but_id: int, first_at: datetime, last_at: datetime
) -> Sequence[Ticket]:
    """The customer's other resolved tickets that were open at some time between two moments, in order."""
    theirs = (Ticket.customer == customer_id) & (Ticket.id != but_id)
    then = (Ticket.opened_at <= last_at) & (Ticket.resolved_at >= first_at)
    return list(Ticket.select().where(theirs, then).order_by(Ticket.id.desc()).limit(MOST_AT_ONCE))[::-1]


def latest_notes(ticket_ids: Collection[int], limit: int) -> Sequence[TicketNote]:
    """Staff's notes on these tickets, the newest first."""
    theirs = TicketNote.select().where(TicketNote.ticket.in_(list(ticket_ids)))
    return list(theirs.order_by(TicketNote.id.desc()).limit(limit))


def counted(customer_ids: Collection[int]) -> dict[int, Tickets]:
    """By customer, in one statement; without those who had none."""
    query: Any = (
        Ticket.select(Ticket.customer, peewee.fn.COUNT(Ticket.id), peewee.fn.MAX(Ticket.opened_at))
        .where(is_one_of(Ticket.customer, customer_ids))
        .group_by(Ticket.customer)
        .tuples()
    )
    return {customer_id: Tickets(int(count), as_moment(last)) for customer_id, count, last in query}
