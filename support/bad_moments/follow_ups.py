"""Whether a follow-up that staff chose to have sent by itself may still go to the customer.

When it is due is `support/tickets/waiting_tickets.py`'s; it is sent by `handlers/follow_ups.py`.
"""

from customers.people import customer as customers
from customers.people.customer import Customer
from support.bad_moments import quiet_period
from support.tickets.tickets import OPEN, Ticket


def may_be_sent(ticket: Ticket, customer: Customer) -> bool:
    """Whether the customer has been answered and is not harmed, angry or hurt lately, may be written to, and got none
    since staff last wrote."""
    if ticket.state != OPEN or quiet_period.is_complaint(ticket) or not customers.can_be_pushed(customer):
        return False
    if ticket.followed_up_at is not None and ticket.followed_up_at >= (
        ticket.staff_spoke_at or ticket.opened_at
    ):
        return False
    return quiet_period.rests_until(customer.id) is None
