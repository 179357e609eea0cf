"""Why customers cannot be written to by staff unasked just now, for many at once."""

from collections.abc import Sequence

from customers.people.customer import Customer
from journeys.sending.limits import BLOCKED, OPTED_OUT, QUIET_PERIOD, TICKET
from support.bad_moments import quiet_period


def why_not(customer_ids: Sequence[int]) -> dict[int, str]:
    """Of these customers, those who blocked the shop, opted out, have an unresolved ticket or are in the quiet
    period after a complaint, each with the reason as `journeys/sending/limits.py` names it."""
    found = dict.fromkeys(quiet_period.among(list(customer_ids)), QUIET_PERIOD)
    found |= dict.fromkeys(quiet_period.with_unresolved_ticket(customer_ids), TICKET)
    gone = Customer.blocked_at.is_null(False) | Customer.opted_out_at.is_null(False)
    for customer in Customer.select().where(Customer.id.in_(list(customer_ids)), gone):
        found[customer.id] = BLOCKED if customer.blocked_at is not None else OPTED_OUT
    return found
