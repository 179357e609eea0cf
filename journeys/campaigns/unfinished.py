"""Finds the campaigns that wait for a person: late ones, and those that stopped by themselves."""

from typing import Any

from peewee import JOIN, fn

from journeys.campaigns.campaigns import STAFF
from journeys.campaigns.tables import LATE, STOPPED, WAITING, Campaign, CampaignRecipient

MOST = 20


def waiting_for_a_person() -> list[tuple[Campaign, int]]:
    """Each with how many of its recipients have got nothing yet; the oldest first, at most MOST."""
    asks = (Campaign.state == LATE) | ((Campaign.state == STOPPED) & (Campaign.reason != STAFF))
    found = list(Campaign.select().where(asks).order_by(Campaign.id).limit(MOST))
    counts: Any = (
        Campaign.select(Campaign.id, fn.COUNT(CampaignRecipient.id))
        .join(
            CampaignRecipient,
            JOIN.LEFT_OUTER,
            on=(CampaignRecipient.campaign == Campaign.id) & (CampaignRecipient.state == WAITING),
        )
        .where(Campaign.id.in_([each.id for each in found]))
        .group_by(Campaign.id)
        .tuples()
    )
    waiting = dict(counts) if found else {}
    return [(each, int(waiting.get(each.id, 0))) for each in found]
