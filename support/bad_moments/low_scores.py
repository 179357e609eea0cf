"""Answers who talks with staff, and how the tickets went that began with a low score. Their life is in
`support/tickets/tickets.py`."""

from datetime import datetime
from typing import Any

from bot import localtime
from support.bad_moments import quiet_period
from support.hours import business_hours
from support.hours import settings as hours_settings
from support.tickets import settings as ticket_settings
from support.tickets.tickets import DETRACTOR, RESOLVED, Ticket


def customers_with_staff() -> Any:
    """Query of the customers who talk with staff, or did until just now, for the other rooms."""
    return Ticket.select(Ticket.customer).where(quiet_period.lasts())


def is_with_staff(customer_id: int) -> bool:
    """The same of one customer."""
    return quiet_period.is_resting(customer_id, after_conversation=True)


def resolved_since(moment: datetime) -> list[tuple[int, int, datetime]]:
    """Talks about low scores that were resolved since then and still are: customer, ticket, when; the first first.

    A case that was put away without a word to the customer is none.
    """
    rows: Any = (
        Ticket.select(Ticket.customer, Ticket.id, Ticket.resolved_at)
        .where(_conversation_ended(), Ticket.resolved_at >= moment)
        .order_by(Ticket.resolved_at, Ticket.id)
        .tuples()
    )
    return list(rows)


def _conversation_ended() -> Any:
    return (Ticket.cause == DETRACTOR) & (Ticket.state == RESOLVED) & Ticket.handed_over_at.is_null(False)


def resolved_at(ticket_id: int) -> datetime | None:
    """When that talk about a low score was resolved; None while it is not, or when it is another's ticket."""
    found = Ticket.get_or_none(Ticket.id == ticket_id, _conversation_ended())
    return found.resolved_at if found is not None else None


def first_responses(begin: datetime, end: datetime) -> list[tuple[datetime, datetime | None, datetime]]:
    """Tickets of low scores opened in that time: when, when staff first answered (None: not yet), and by when that
    was promised; of tickets from before there were promises, by when it would be promised now."""
    rows: Any = (
        Ticket.select(Ticket.opened_at, Ticket.first_response_at, Ticket.due_at)
        .where(Ticket.cause == DETRACTOR, Ticket.opened_at >= begin, Ticket.opened_at < end)
        .order_by(Ticket.opened_at)
        .tuples()
    )
    hours, allowed = hours_settings.hours(), ticket_settings.promised(DETRACTOR)
    return [
        (
            opened_at,
            responded_at,
            due_at or business_hours.due_after(hours, localtime.local(opened_at), allowed),
        )
        for opened_at, responded_at, due_at in rows
    ]
