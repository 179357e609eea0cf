"""Facts about tickets for low scores that surveys need: who is with staff, what was resolved, how soon staff
answered.

The tickets themselves are in `support/tickets/tickets.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
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


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """How staff first answered a ticket for a low score."""

    opened_at: datetime
    responded_at: datetime | None
    """None while they have not."""
    due_at: datetime
    """By when it was promised; for tickets older than promises, by when it would be promised now."""
    working_time: timedelta | None
    """Staff's working hours between opening and answer, by the hours set now; None without an answer."""


def first_responses(begin: datetime, end: datetime) -> list[FirstResponse]:
    """The tickets for low scores opened in that time, as they were at its end; oldest first."""
    rows: Any = (
        opened(begin, end)
        .select(Ticket.opened_at, Ticket.first_response_at, Ticket.due_at)
        .order_by(Ticket.opened_at, Ticket.id)
        .tuples()
    )
    hours, allowed = hours_settings.hours(), ticket_settings.promised(DETRACTOR)
    found = []
    for opened_at, responded_at, due_at in rows:
        local, by_then = localtime.local(opened_at), responded_at
        if responded_at is not None and responded_at >= end:
            by_then = None
        worked = by_then and business_hours.working_time(hours, local, localtime.local(by_then))
        due = due_at or business_hours.due_after(hours, local, allowed)
        found.append(FirstResponse(opened_at, by_then, due, worked))
    return found


def replied(begin: datetime, end: datetime) -> Any:
    """Query of those of them who had a first answer by the end of that time."""
    return opened(begin, end).where(Ticket.first_response_at < end)


def judged(begin: datetime, end: datetime) -> Any:
    """Query of those of them who had a first answer, or whose promised time was past; promises are newer than tickets
    without one."""
    until = min(localtime.now(), end)
    is_past = Ticket.due_at.is_null() | (Ticket.due_at < until)
    return opened(begin, end).where((Ticket.first_response_at < end) | is_past)


def opened(begin: datetime, end: datetime) -> Any:
    """Query of the customers of the tickets for low scores opened in that time."""
    return Ticket.select(Ticket.customer).where(
        Ticket.cause == DETRACTOR, Ticket.opened_at >= begin, Ticket.opened_at < end
    )
