"""Whether a customer is in the quiet period: while a ticket is unresolved, and for days after a complaint was
resolved.

During it nothing cheerful is sent unasked. Whether a message is postponed or dropped is left to its handler.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import localtime
from bot.config import shop
from bot.db.value_lists import is_one_of
from support.tickets.settings import RestRules
from support.tickets.tickets import DETRACTOR, RESOLVED, Ticket

AFTER_A_CONVERSATION = timedelta(days=1)
"""After any conversation with staff: the satisfaction question comes at its end, and a survey must not follow
at once."""
_UNRESOLVED: Any = Ticket.state != RESOLVED


def is_complaint(ticket: Ticket) -> bool:
    """Whether the ticket is about a low score, anger, damage, injury or danger."""
    return ticket.cause == DETRACTOR or ticket.urgency > 0


def is_resting(
    customer_id: int, *, after_conversation: bool = False, longer: timedelta = timedelta()
) -> bool:
    """Whether the customer is in the quiet period. A survey also waits `after_conversation`; what must not
    arrive together with the survey waits `longer`."""
    condition = survey_must_wait() if after_conversation else _UNRESOLVED | _complained_lately(longer)
    return bool(Ticket.select().where(Ticket.customer == customer_id, condition).exists())


def survey_must_wait() -> Any:
    """Condition on tickets: their customers are not to be surveyed now."""
    just_now = (Ticket.resolved_at > localtime.now() - AFTER_A_CONVERSATION) & Ticket.handed_over_at.is_null(
        False
    )
    return _UNRESOLVED | just_now | _complained_lately()


def among(customer_ids: Sequence[int]) -> set[int]:
    """Of these customers, those in the quiet period."""
    return _customers_with(_UNRESOLVED | _complained_lately(), customer_ids)


def resting_customers() -> Any:
    """Query of the ids of all customers in the quiet period."""
    return Ticket.select(Ticket.customer).where(_UNRESOLVED | _complained_lately())


def with_unresolved_ticket(customer_ids: Sequence[int]) -> set[int]:
    """Of these customers, those with an unresolved ticket."""
    return _customers_with(_UNRESOLVED, customer_ids)


def rests_until_of(customer_ids: Sequence[int]) -> dict[int, datetime]:
    """`rests_until` of many customers, in one statement; without those outside of the quiet period."""
    theirs = is_one_of(Ticket.customer, customer_ids) & _complained_lately()
    ends: dict[int, datetime] = {}
    for ticket in Ticket.select(Ticket.customer, Ticket.resolved_at).where(theirs):
        end = ticket.resolved_at + timedelta(days=days())
        ends[ticket.customer_id] = max(end, ends.get(ticket.customer_id, end))
    return ends


def days() -> int:
    """The days of the quiet period after a complaint."""
    return shop.get(RestRules).days


def rests_until(customer_id: int) -> datetime | None:
    """The end of the quiet period after the customer's last resolved complaint; None outside of it."""
    return rests_until_of([customer_id]).get(customer_id)


def _customers_with(condition: Any, customer_ids: Sequence[int]) -> set[int]:
    """Of these customers, those with a ticket like that."""
    theirs = is_one_of(Ticket.customer, customer_ids) & condition
    return {ticket.customer_id for ticket in Ticket.select(Ticket.customer).where(theirs)}


def _complained_lately(longer: timedelta = timedelta()) -> Any:
    """Condition: a complaint resolved within the days. One in which staff never had the chat has no quiet period."""
    begin = localtime.now() - timedelta(days=days()) - longer
    complaint = (Ticket.cause == DETRACTOR) | (Ticket.urgency > 0)
    return complaint & (Ticket.resolved_at > begin) & Ticket.handed_over_at.is_null(False)
