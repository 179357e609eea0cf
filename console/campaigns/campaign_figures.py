"""The figures of campaigns for their list and their page: how many got it, clicked and bought, and whether the hold-out
says that it earned anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.campaigns import campaign_words
from console.figures import cache, effects
from console.figures import campaigns as figures
from console.journeys import effects as effects_page
from console.journeys.effect_words import Said
from journeys.campaigns import campaigns as engine
from journeys.campaigns.campaigns import Progress
from journeys.campaigns.results import Results
from journeys.campaigns.tables import Campaign


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign in the list."""

    campaign: Campaign
    progress: Progress
    audience: str
    results: Results | None
    verdict: str
    """What the hold-out says, in a word; empty before it was sent."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a campaign brought."""

    results: Results
    said: Said | None
    """Against the hold-out; None while a large shop's comparisons are counted for the first time."""
    counted: cache.Shown


def rows(campaigns: Sequence[Campaign]) -> list[Row]:
    """The campaigns with their figures."""
    counted, compared = figures.shown(), effects.shown()
    return [_row(each, counted, compared) for each in campaigns]


def brought(campaign: Campaign) -> Brought | None:
    """What the campaign brought; None before anything was sent or counted."""
    counted, compared = figures.shown(), effects.shown()
    found = figures.of_campaign(counted, campaign)
    if counted is None or found is None:
        return None
    return Brought(found, _said(campaign, compared), counted)


def _said(campaign: Campaign, compared: cache.Shown | None) -> Said | None:
    return effects_page.said(effects.of_campaign(campaign), compared) if compared is not None else None


def _row(campaign: Campaign, counted: cache.Shown | None, compared: cache.Shown | None) -> Row:
    found = figures.of_campaign(counted, campaign)
    said = _said(campaign, compared) if found is not None else None
    return Row(
        campaign,
        engine.progress(campaign),
        campaign_words.audience(engine.definition_of(campaign).audience),
        found,
        campaign_words.verdict(said.kind) if said is not None else "",
    )
