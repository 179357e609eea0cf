"""Finds the customers of an audience who can be written to."""

from datetime import datetime
from typing import Any, NamedTuple

from peewee import fn

from customers.people.customer import Customer
from journeys.audience.definition import Audience
from journeys.audience.tables import CustomerProfile
from journeys.flows.field_types import RANKS


class Selected(NamedTuple):
    """A customer of an audience, and their conversation."""

    customer_id: int
    conversation_id: int


def query(audience: Audience, now: datetime | None = None) -> Any:
    """Query of (customer id, conversation id) of those in the audience who can be written to."""
    found = Customer.select(Customer.id, Customer.conversation).where(
        Customer.conversation.is_null(False)
        & Customer.line_user_id.is_null(False)
        & Customer.blocked_at.is_null()
        & Customer.opted_out_at.is_null()
        & (Customer.followed_at.is_null(False) | Customer.last_seen_at.is_null(False))
    )
    if audience.ranks:
        found = found.join(CustomerProfile, on=(CustomerProfile.customer == Customer.id))
        found = found.where(CustomerProfile.rank.in_([RANKS.index(rank) + 1 for rank in audience.ranks]))
    return found.where(Customer.id.in_(audience.customer_ids)) if audience.customer_ids else found


def count(audience: Audience, now: datetime | None = None) -> int:
    """How many can be written to."""
    return int(query(audience, now).columns(fn.COUNT(Customer.id)).scalar())


def ids_after(audience: Audience, after_id: int, limit: int, now: datetime | None = None) -> list[Selected]:
    """The next chunk of the audience, by customer id, for a walk over all of it; empty at its end."""
    page = query(audience, now).where(Customer.id > after_id).order_by(Customer.id).limit(limit)
    return [Selected(customer_id, conversation_id) for customer_id, conversation_id in page.tuples()]
