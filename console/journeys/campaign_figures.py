"""The figures of campaigns for their list and their page: how many got it, clicked, bought, and against the hold-out."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.journeys import campaign_words
from journeys.campaigns import campaigns as engine
from journeys.campaigns.campaigns import Progress
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import Campaign


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign in the list."""

    campaign: Campaign
    definition: CampaignDefinition
    progress: Progress
    audience: Sequence[tuple[str, str]]
    result: object


def rows(campaigns: Sequence[Campaign]) -> list[Row]:
    """The campaigns with their figures."""
    return [_row(each) for each in campaigns]


def result(campaign: Campaign) -> object:
    return None


def _row(campaign: Campaign) -> Row:
    definition = engine.definition_of(campaign)
    audience = campaign_words.audience(definition.audience)
    return Row(
        campaign,
        definition,
        engine.progress(campaign),
        audience,
        result(campaign) if campaign.started_at else None,
    )
