"""Facts about tickets for low scores that surveys need: who is with staff, what was resolved, how soon staff
answered.

The tickets themselves are in `support/tickets/tickets.py`.
"""

from datetime import datetime
from typing import Any

from bot import localtime
from support.bad_moments import quiet_period
from support.hours import business_hours
from support.hours import settings as hours_settings
from support.tickets import settings as ticket_settings
from support.tickets.tickets import DETRACTOR, RESOLVED, Ticket


def customers_with_staff() -> Any:
    """Query of the customers who are not to be surveyed: an unresolved ticket, one just resolved, or the
    quiet period."""
    return Ticket.select(Ticket.customer).where(quiet_period.survey_must_wait())


def is_with_staff(customer_id: int) -> bool:
    """Whether that holds for one customer."""
    return quiet_period.is_resting(customer_id, after_conversation=True)


def resolved_since(moment: datetime) -> list[tuple[int, int, datetime]]:
    """Tickets for low scores in which staff had the chat, resolved since then: customer, ticket, when; oldest first.

    A case resolved without a conversation is left out.
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
    """When that ticket for a low score was resolved; None while it is not, or for any other ticket."""
    found = Ticket.get_or_none(Ticket.id == ticket_id, _conversation_ended())
    return found.resolved_at if found is not None else None


def first_responses(begin: datetime, end: datetime) -> list[tuple[datetime, datetime | None, datetime]]:
    """Tickets for low scores opened in that time: when opened, when staff first answered (None: not yet), and
    by when that was promised. Tickets older than promises get the time that would be promised now."""
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
