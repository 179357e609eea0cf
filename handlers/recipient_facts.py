"""What the limits of unasked messages need to know of customers, from support and rewards."""

from collections.abc import Sequence

from bot import localtime
from bot.db.database import is_one_of
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.sending.limits import Recipient
from rewards.ranks import customer_rank
from rewards.ranks.rules import Rank
from support.bad_moments import quiet_period


def of_customer(customer: Customer) -> Recipient:
    """The customer's facts now."""
    return of_customers([customer])[customer.id]


def of_ids(customer_ids: Sequence[int]) -> dict[int, Recipient]:
    """The facts of many customers now, by id."""
    return of_customers(list(Customer.select(*_NEEDED).where(is_one_of(Customer.id, customer_ids))))


_NEEDED = (
    Customer.id,
    Customer.line_user_id,
    Customer.followed_at,
    Customer.last_seen_at,
    Customer.blocked_at,
    Customer.opted_out_at,
)
"""The columns that are asked for below: reading all of a row takes longer than what is decided from it."""


def of_customers(some: Sequence[Customer]) -> dict[int, Recipient]:
    """The same of customers that were read; the same number of statements however many they are."""
    ids = [each.id for each in some]
    ranks = customer_rank.ranks_of(ids)
    rests_until = quiet_period.rests_until_of(ids)
    with_ticket = quiet_period.with_unresolved_ticket(ids)
    return {
        each.id: Recipient(
            is_blocked=not customers.is_reachable(each),
            is_opted_out=each.opted_out_at is not None,
            is_basic=ranks.get(each.id, Rank.BASIC) == Rank.BASIC,
            has_ticket=each.id in with_ticket,
            rests_until=localtime.local(rests_until[each.id]) if each.id in rests_until else None,
        )
        for each in some
    }
