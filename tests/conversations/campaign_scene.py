"""Campaigns for conversation tests: scheduled as the console does it, and run as the clock does."""

from datetime import datetime
from typing import Any

from bot import localtime
from bot.db.database import write_transaction
from journeys.audience.tables import CustomerProfile
from journeys.campaigns import campaigns, freezing
from journeys.campaigns.campaigns import Progress
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import Campaign, CampaignRecipient
from rewards.ranks.customer_rank import CustomerRank
from rewards.ranks.rules import Rank
from tests.conversations.scenario import Phone

NEWS = "春の新しいお茶が入りました。"


def defined(text: str = NEWS, **changed: Any) -> CampaignDefinition:
    """A campaign of care for everybody, with nobody held out, with these fields changed."""
    message = {"text": text} | changed.pop("message", {})
    values = {"name": "春のお知らせ", "class_": "care", "message": message, "holdout_percent": 0}
    return CampaignDefinition.model_validate(values | changed)


def scheduled(text: str = NEWS, at: datetime | None = None, **changed: Any) -> Campaign:
    """That campaign, scheduled."""
    with write_transaction():
        campaign = campaigns.create(defined(text, **changed), None)
        assert campaigns.schedule(campaign, at or localtime.now())
    return campaign


def frozen(campaign: Campaign) -> None:
    """Its audience complete, nothing sent yet."""
    with write_transaction():
        while freezing.freeze_chunk(fresh(campaign)):
            pass


def stopped(campaign: Campaign) -> None:
    with write_transaction():
        assert campaigns.stop(fresh(campaign))


def going_on(campaign: Campaign) -> None:
    with write_transaction():
        assert campaigns.go_on(fresh(campaign))


def cancelled(campaign: Campaign) -> None:
    with write_transaction():
        assert campaigns.cancel(fresh(campaign))


def fresh(campaign: Campaign) -> Campaign:
    """The campaign as it is stored now."""
    found: Campaign = Campaign.get_by_id(campaign.id)
    return found


def progress(campaign: Campaign) -> Progress:
    return campaigns.progress(campaign)


def state_of(campaign: Campaign, phone: Phone) -> tuple[str, str]:
    """State and reason of that recipient."""
    row = CampaignRecipient.get(
        CampaignRecipient.campaign == campaign.id, CampaignRecipient.customer == phone.customer.id
    )
    return row.state, row.reason


def has_rank(phone: Phone, rank: Rank) -> None:
    """As if the customer had been reviewed; the profile that audiences are chosen by follows."""
    mine = phone.customer.id
    CustomerRank.update(rank=rank).where(CustomerRank.customer == mine).execute()
    now = localtime.now()
    CustomerProfile.insert(
        customer=mine, rank=rank, stage="first", stage_since=now, changed_at=now
    ).on_conflict(conflict_target=[CustomerProfile.customer], update={CustomerProfile.rank: rank}).execute()
