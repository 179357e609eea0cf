"""What the limits of unasked messages need to know of a customer, from support and rewards."""

from bot import localtime
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.sending.limits import Recipient
from rewards.ranks import customer_rank
from rewards.ranks.rules import Rank
from support.bad_moments import quiet_period
from support.tickets import tickets


def of_customer(customer: Customer) -> Recipient:
    """The customer's facts now."""
    held = customer_rank.of_customer(customer.id)
    rests_until = quiet_period.rests_until(customer.id)
    return Recipient(
        is_blocked=not customers.is_reachable(customer),
        is_opted_out=customer.opted_out_at is not None,
        is_basic=held is None or held.rank == min(Rank),
        has_ticket=tickets.open_ticket_of(customer.id) is not None,
        rests_until=localtime.local(rests_until) if rests_until else None,
    )
