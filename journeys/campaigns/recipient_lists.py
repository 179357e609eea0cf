"""Lists the recipients of a campaign by what became of the message to each, for the console and its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from customers.people.customer import Customer
from journeys.campaigns.tables import CampaignRecipient


@dataclass(frozen=True, slots=True)
class Group:
    """Recipients with the same state for the same reason."""

    state: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One recipient in a list."""

    id: int
    customer_id: int
    name: str
    state: str
    reason: str
    send_at: datetime
    settled_at: datetime | None


def groups(campaign_id: int) -> list[Group]:
    """How many recipients are in which state for which reason, the greatest group first."""
    count = peewee.fn.COUNT(CampaignRecipient.id)
    query: Any = (
        CampaignRecipient.select(CampaignRecipient.state, CampaignRecipient.reason, count)
        .where(CampaignRecipient.campaign == campaign_id)
        .group_by(CampaignRecipient.state, CampaignRecipient.reason)
        .order_by(count.desc(), CampaignRecipient.state, CampaignRecipient.reason)
    )
    return [Group(*row) for row in query.tuples()]


def page(
    campaign_id: int, limit: int, *, after_id: int = 0, state: str = "", reason: str | None = None
) -> list[Listed]:
    """The recipients after that row, of a state and a reason where these are given."""
    query: Any = (
        CampaignRecipient.select(
            CampaignRecipient.id,
            CampaignRecipient.customer,
            Customer.display_name,
            CampaignRecipient.state,
            CampaignRecipient.reason,
            CampaignRecipient.send_at,
            CampaignRecipient.settled_at,
        )
        .join(Customer)
        .where(CampaignRecipient.campaign == campaign_id, CampaignRecipient.id > after_id)
        .order_by(CampaignRecipient.id)
        .limit(limit)
    )
    if state:
        query = query.where(CampaignRecipient.state == state)
    if reason is not None:
        query = query.where(CampaignRecipient.reason == reason)
    return [Listed(*row) for row in query.tuples()]


def every(campaign_id: int, at_once: int = 1_000) -> Iterator[Listed]:
    """All recipients; so many are in memory at a time."""
    after_id = 0
    while found := page(campaign_id, at_once, after_id=after_id):
        yield from found
        after_id = found[-1].id
