"""Counts the messages that campaigns will still send this month, for the month's budget."""

from datetime import datetime

from journeys.campaigns import campaigns, forecast
from journeys.campaigns.recipients import PRIORITY
from journeys.campaigns.tables import DRAFT, WAITING, Campaign, CampaignRecipient
from journeys.sending.budget import Demand
from journeys.sending.message_kinds import MessageClass


def until(month_end: datetime) -> list[Demand]:
    """What campaigns that are scheduled or not over will send until then, beside what is planned already."""
    found = []
    open_ones = Campaign.select().where(
        Campaign.state != DRAFT, Campaign.finished_at.is_null(), Campaign.scheduled_at < month_end
    )
    for campaign in open_ones:
        definition = campaigns.definition_of(campaign)
        if campaign.frozen_at is None:
            count = forecast.of(definition).recipient_count
        else:
            waits = (CampaignRecipient.campaign == campaign.id) & (CampaignRecipient.state == WAITING)
            count = CampaignRecipient.select().where(waits).count()
        found.append(Demand(MessageClass(definition.class_), PRIORITY, count))
    return found
