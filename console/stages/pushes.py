"""What pushes customers on from each stage: flows, campaigns, individual contact and recommendations, each at the
stage it serves, with what its comparison says.

A flow serves the stage of whoever triggers it (TRIGGERS), a campaign the one stage of its audience. What serves
several stages is at none. Effects are counted in `console/figures/effects.py`, and said in
`console/journeys/effect_words.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from console.figures import cache, effects
from console.figures import campaigns as figures_of_campaigns
from console.figures.effects import Subject
from console.journeys import effects as effect_pages
from console.journeys.effect_words import Said
from journeys.audience.definition import Audience
from journeys.campaigns import campaigns
from journeys.enrolments.stages import Stage
from journeys.flows import stock
from journeys.flows.definition import Event
from journeys.flows.occurrences import On
from journeys.flows.tables import OFF, ON, PAUSED

TRIGGERS = {
    On.FOLLOW: Stage.ACQUIRED,
    On.RECENCY: Stage.REPEAT,
    On.TESTIMONIAL: Stage.WORD_OF_MOUTH,
    On.REFERRAL_JOINED: Stage.WORD_OF_MOUTH,
    On.REFERRAL_BOUGHT: Stage.WORD_OF_MOUTH,
}
"""The stage of those to whom it happens, where it is one. Of orders, deliveries, ranks and scores see `of_event`."""
FAN_RANKS = ("premium", "ambassador")
LOWEST_PROMOTER = 9


@dataclass(frozen=True, slots=True)
class Push:
    """One push, and what its comparison says."""

    name: str
    address: str | None
    said: Said


def of_event(event: Event) -> Stage | None:
    """The stage that a flow with this trigger serves; None where customers of several stages trigger it."""
    match event.on:
        case On.ORDER | On.DISPATCH | On.DELIVERY:
            return Stage.FIRST if event.nth == 1 else Stage.REPEAT if event.nth else None
        case On.RANK:
            return Stage.FAN if event.rank in FAN_RANKS else None
        case On.SCORE:
            return Stage.FAN if (event.min_score or 0) >= LOWEST_PROMOTER else None
    return TRIGGERS.get(event.on)


def of_audience(audience: Audience) -> Stage | None:
    """The stage that a campaign for these customers serves; None where it is for several."""
    if audience.stages:
        return Stage(audience.stages[0]) if len(set(audience.stages)) == 1 else None
    if audience.segments == ("promoter",) and not audience.silent:
        return Stage.FAN
    if audience.max_orders == 0:
        return Stage.ACQUIRED
    if audience.max_orders == 1 and audience.min_orders == 1:
        return Stage.FIRST
    return Stage.REPEAT if (audience.min_orders or 0) > 1 else None


def by_stage(counted: cache.Shown) -> dict[Stage | None, list[Push]]:
    """All pushes that are compared or could be, by the stage they serve."""
    found: dict[Stage | None, list[Push]] = {}
    for stage, subject in _subjects():
        address = url_for(subject.endpoint, **subject.values) if subject.endpoint else None
        push = Push(effect_pages.name_of(subject), address, effect_pages.said(subject, counted))
        found.setdefault(stage, []).append(push)
    return found


def _subjects() -> Iterable[tuple[Stage | None, Subject]]:
    for flow in stock.flows_in(ON, PAUSED, OFF):
        yield of_event(stock.definition_of(flow).trigger), effects.of_flow(flow)
    for campaign in figures_of_campaigns.begun():
        yield of_audience(campaigns.definition_of(campaign).audience), effects.of_campaign(campaign)
    yield Stage.REPEAT, effects.of_contacts()
    for subject in effects.of_recommendations():
        yield Stage.REPEAT, subject
