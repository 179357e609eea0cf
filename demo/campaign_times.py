"""When campaigns have something to do, for time travel, which stops there."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot import localtime
from bot.config import shop
from journeys.campaigns import campaigns
from journeys.campaigns.settings import late_after
from journeys.campaigns.tables import (
    IN_A_CALL,
    PLANNED,
    SCHEDULED,
    SENDING,
    WAITING,
    Campaign,
    CampaignRecipient,
)
from journeys.sending import limits
from journeys.sending.limits import QUIET_HOURS
from journeys.sending.settings import SendingRules
from journeys.sending.tables import WAITING as NOT_SENT
from journeys.sending.tables import PlannedMessage


def next_one(after: datetime, before: datetime) -> datetime | None:
    """The first moment between these at which a campaign begins or goes on; None when there is none."""
    return min((each for each in _moments(after) if after < each < before), default=None)


def anything_due(moment: datetime) -> bool:
    """Whether a campaign has not done all that it could do by that moment."""
    for campaign in Campaign.select().where(Campaign.state.in_((SCHEDULED, SENDING))):
        begins_at = campaigns.begins_at(campaign)
        if campaign.state == SCHEDULED and begins_at is not None and begins_at <= moment:
            return True
        if campaign.state == SENDING and _is_under_way(campaign, moment):
            return True
    return False


def _is_under_way(campaign: Campaign, moment: datetime) -> bool:
    mine = CampaignRecipient.campaign == campaign.id
    if CampaignRecipient.select().where(mine, CampaignRecipient.state == IN_A_CALL).exists():
        return True
    waiting = mine & (CampaignRecipient.state == WAITING) & (CampaignRecipient.send_at <= moment)
    return campaign.reason != QUIET_HOURS and CampaignRecipient.select().where(waiting).exists()


def _moments(now: datetime) -> Iterator[datetime]:
    for campaign in Campaign.select().where(Campaign.state.in_((SCHEDULED, SENDING))):
        if campaign.state == SCHEDULED:
            yield from (each for each in (campaigns.begins_at(campaign), campaign.scheduled_at) if each)
            continue
        mine = CampaignRecipient.campaign == campaign.id
        times: Any = CampaignRecipient.select(CampaignRecipient.send_at).distinct()
        yield from (at for (at,) in times.where(mine, CampaignRecipient.state == WAITING).tuples())
        held: Any = PlannedMessage.select(PlannedMessage.due_at).distinct()
        held = held.join(CampaignRecipient, on=(CampaignRecipient.planned_id == PlannedMessage.id))
        waiting = mine & (CampaignRecipient.state == PLANNED) & (PlannedMessage.state == NOT_SENT)
        yield from (at for (at,) in held.where(waiting).tuples())
        if campaign.reason == QUIET_HOURS:
            morning = limits.next_open(localtime.local(now), shop.get(SendingRules).limits())
            yield min(morning, now + late_after() * 3 / 4)  # a longer silence is taken for an outage
