"""What the limits of unasked messages need to know of customers, from support and rewards."""

from collections.abc import Sequence

from bot import localtime
from bot.db.value_lists import is_one_of
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.sending.limits import BLOCKED, OPTED_OUT, QUIET_PERIOD, TICKET, Recipient
from rewards.ranks import stored_ranks
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
    ranks = stored_ranks.ranks_of(ids)
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


def why_not(customer_ids: Sequence[int]) -> dict[int, str]:
    """Of these customers, those whom staff cannot write to unasked just now, each with the reason as
    `journeys/sending/limits.py` names it."""
    known = of_ids(customer_ids)
    return {customer_id: reason for customer_id, facts in known.items() if (reason := _reason(facts))}


def _reason(facts: Recipient) -> str:
    if facts.is_blocked:
        return BLOCKED
    if facts.is_opted_out:
        return OPTED_OUT
    if facts.has_ticket:
        return TICKET
    return QUIET_PERIOD if facts.rests_until is not None else ""
