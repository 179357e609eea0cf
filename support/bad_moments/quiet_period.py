"""Whether a customer is to be left in peace: while a ticket is open, and for days after a complaint was closed.

What came due meanwhile comes later or never; which of the two is for whoever would have said it.
"""

from datetime import timedelta
from typing import Any

from bot import localtime
from bot.config import shop
from support.tickets.settings import RestRules
from support.tickets.tickets import DETRACTOR, RESOLVED, Ticket

AFTER_A_CONVERSATION = timedelta(days=1)
"""After any talk with staff: how it went is asked at its end, and one question at a time is enough."""
_UNRESOLVED: Any = Ticket.state != RESOLVED


def is_complaint(ticket: Ticket) -> bool:
    """Whether it was about something bad: a low score, anger, damage, harm, danger."""
    return ticket.cause == DETRACTOR or ticket.urgency > 0


def is_resting(
    customer_id: int, *, after_conversation: bool = False, longer: timedelta = timedelta()
) -> bool:
    """Whether nothing cheerful is said to the customer unasked now; a survey also waits `after_conversation`, and what
    must not come together with it waits `longer`."""
    condition = lasts() if after_conversation else _UNRESOLVED | _complained_lately(longer)
    return bool(Ticket.select().where(Ticket.customer == customer_id, condition).exists())


def lasts() -> Any:
    """Condition on tickets: their customers are not asked anything now."""
    just_now = (Ticket.resolved_at > localtime.now() - AFTER_A_CONVERSATION) & Ticket.handed_over_at.is_null(
        False
    )
    return _UNRESOLVED | just_now | _complained_lately()


def among(customer_ids: list[int]) -> set[int]:
    """Of these customers, those who are to be left in peace."""
    theirs = Ticket.customer.in_(customer_ids) & (_UNRESOLVED | _complained_lately())
    return {ticket.customer_id for ticket in Ticket.select(Ticket.customer).where(theirs)}


def days() -> int:
    """For how many days after a complaint."""
    return shop.get(RestRules).days


def _complained_lately(longer: timedelta = timedelta()) -> Any:
    """A complaint over which nobody spoke with the customer ends in silence, and nothing has to be rested from."""
    begin = localtime.now() - timedelta(days=days()) - longer
    complaint = (Ticket.cause == DETRACTOR) | (Ticket.urgency > 0)
    return complaint & (Ticket.resolved_at > begin) & Ticket.handed_over_at.is_null(False)
