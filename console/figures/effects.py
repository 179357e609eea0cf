"""Counts every comparison that the console shows; cached for a large shop (`cache.py`).

Another subject (contacts, recommendations) joins by adding a function to SOURCES. What is said of them is in
`console/journeys/effect_words.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from console.figures import cache
from console.figures import campaigns as figures_of_campaigns
from journeys.campaigns import campaigns
from journeys.campaigns import results as campaign_results
from journeys.campaigns.tables import Campaign
from journeys.contacts import outcomes
from journeys.contacts.settings import configured_percent
from journeys.contacts.tables import SUBJECT
from journeys.effects import flow_effects
from journeys.enrolments import entering
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import OFF, ON, PAUSED, Flow
from journeys.proof import periods, results
from journeys.proof.results import Result
from journeys.recommendations import outcomes as recommendation_outcomes
from journeys.recommendations import settings as recommendations

NOTHING_SHOWN = "nothing-shown"
SHOP = "shop"
RECOMMENDED, AFTER_RECOMMENDATIONS = "recommendations", "recommendations:all"
"""Orders with the product that was recommended, and all orders."""
CONTACTS = SUBJECT
NOBODY_YET, ALL_GET_IT, ABOUT_ORDERS, NO_SHOP_HOLD_OUT = (
    "nobody-yet",
    "all-get-it",
    "about-orders",
    "no-shop-hold-out",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something whose effect is shown."""

    key: str
    """Unique among all, such as `flow:7`, `campaign:3`; the cached figures have it."""
    name: str
    """As its owner called it; of the shop as a whole and of individual contact, empty."""
    count: Callable[[], Result | None]
    """Counts its comparison; None where nobody is held out, or nobody was assigned yet."""
    endpoint: str = ""
    """Of its own page, where it has one, with the values of its address."""
    values: Mapping[str, Any] = field(default_factory=dict)
    why_none: str = NOBODY_YET
    """Why there is no comparison, where there is none."""


def subjects() -> list[Subject]:
    """Everything that is compared, in the order of the page."""
    return [each for source in SOURCES for each in source()]


def of_flow(flow: Flow) -> Subject:
    """A flow against those whom it holds out."""
    return Subject(
        periods.of_flow(flow.id or 0),
        flow.name,
        partial(flow_effects.of_flow, flow),
        "console.flow_effect",
        {"key": flow.key},
        _why_none(stock.definition_of(flow)),
    )


def of_campaign(campaign: Campaign) -> Subject:
    """Those to whom a campaign was sent against those whom it holds out."""
    definition = campaigns.definition_of(campaign)
    return Subject(
        campaigns.subject_of(campaign.id),
        campaign.name,
        partial(campaign_results.effect, campaign),
        "console.campaign",
        {"campaign_id": campaign.id},
        ALL_GET_IT if definition.holdout_percent == 0 else NOBODY_YET,
    )


def of_variant(flow: Flow, step_key: str, variant: str) -> Subject:
    """A variant of a flow's step against the step's own message."""
    key = f"{periods.of_flow(flow.id or 0)}:{step_key}:{variant}"
    return Subject(key, variant, partial(flow_effects.of_variant, flow, step_key, variant))


def of_contacts() -> Subject:
    """Customers to whom staff could write by themselves against those whom they could not."""
    why_none = ALL_GET_IT if configured_percent() == 0 else NOBODY_YET
    return Subject(CONTACTS, "", outcomes.effect, "console.contacts", why_none=why_none)


def of_recommendations() -> Iterable[Subject]:
    """Those to whom a product was recommended against those whose message came without it."""
    why_none = ALL_GET_IT if recommendations.configured_percent() == 0 else NOTHING_SHOWN
    for key, count in (
        (RECOMMENDED, recommendation_outcomes.of_product),
        (AFTER_RECOMMENDATIONS, recommendation_outcomes.of_anything),
    ):
        yield Subject(key, "", count, "console.products", why_none=why_none)


def shown() -> cache.Shown | None:
    """The comparisons to show now; None while a large shop's are counted for the first time."""
    return cache.shown(FIGURES)


def result_of(figures: cache.Shown, subject: Subject) -> Result | None:
    """That subject's comparison among those counted; None where there is none."""
    values = figures.counted.get(subject.key)
    return results.from_values(values) if values is not None else None


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def _counted() -> Mapping[str, Any]:
    found = {each.key: each.count() for each in (*subjects(), *_variants())}
    return {key: result.as_values() if result is not None else None for key, result in found.items()}


def _shop_as_a_whole() -> Iterable[Subject]:
    yield Subject(SHOP, "", results.of_shop, why_none=NO_SHOP_HOLD_OUT)


def _flows() -> Iterable[Subject]:
    return [of_flow(each) for each in stock.flows_in(ON, PAUSED, OFF)]


def _contacts() -> Iterable[Subject]:
    yield of_contacts()


def _campaigns() -> Iterable[Subject]:
    return [of_campaign(each) for each in figures_of_campaigns.begun()]


def _variants() -> Iterable[Subject]:
    for flow in stock.flows_in(ON, PAUSED, OFF):
        for step_key, variant in flow_effects.variants_of(stock.definition_of(flow)):
            yield of_variant(flow, step_key, variant)


def _why_none(definition: FlowDefinition) -> str:
    if not entering.may_hold_out(definition):
        return ABOUT_ORDERS
    return ALL_GET_IT if definition.holdout_percent == 0 else NOBODY_YET


SOURCES: list[Callable[[], Iterable[Subject]]] = [
    *(_shop_as_a_whole, _flows, _campaigns, _contacts, of_recommendations)
]
"""What is compared, in the order of the page."""
FIGURES = cache.Figures("effects", _counted)
