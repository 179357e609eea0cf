"""The pages of effects: what flows, campaigns and the shop's messages as a whole earn, against those who get none.

What is compared is in `console/figures/effects.py`, the words in `effect_words.py`.
"""

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for

from console.figures import cache
from console.figures import effects as figures
from console.figures.effects import Subject
from console.journeys import effect_words, flow_pages
from console.journeys.effect_words import Said
from journeys.effects import flow_effects
from journeys.flows import stock
from journeys.proof import periods


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """A subject with its comparison in words."""

    name: str
    address: str | None
    said: Said


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/effects")(effects)
    console.get("/flows/<key>/effect")(flow_effect)


def effects() -> str:
    """What everything earns that is compared: the shop as a whole, then one after the other."""
    counted = figures.shown()
    return render_template(
        "console/effects.html",
        counted=counted,
        shown=[_shown(each, counted) for each in figures.subjects()] if counted is not None else [],
    )


def flow_effect(key: str) -> str:
    """What one flow earns, and which variant of its steps brings more."""
    flow = flow_pages.found(key)
    counted, definition = figures.shown(), stock.definition_of(flow)
    variants = flow_effects.variants_of(definition) if counted is not None else []
    return render_template(
        "console/flow_effect.html",
        flow=flow,
        definition=definition,
        counted=counted,
        whole=said(figures.of_flow(flow), counted) if counted is not None else None,
        variants=[
            (
                definition.title_of(step_key),
                variant,
                said(figures.of_variant(flow, step_key, variant), counted, variant),
            )
            for step_key, variant in variants
            if counted is not None
        ],
        history=periods.history(periods.of_flow(flow.id)) if flow.id is not None else [],
        reason=effect_words.end_of_period,
        share=effect_words.share_of(definition),
    )


def said(subject: Subject, counted: cache.Shown, variant: str | None = None) -> Said:
    """The subject's comparison in words."""
    result = figures.result_of(counted, subject)
    if result is None:
        return Said((effect_words.why_none(subject.why_none),), "none")
    if subject.key == figures.CONTACTS:
        return effect_words.of_contacts(result)
    if subject.key in (figures.RECOMMENDED, figures.AFTER_RECOMMENDATIONS):
        return effect_words.of_recommendations(result, of_product=subject.key == figures.RECOMMENDED)
    return effect_words.of_variant(result, variant) if variant is not None else effect_words.of_result(result)


def name_of(subject: Subject) -> str:
    """What the subject is called, in the reader's language where it has no name of the owner's."""
    return subject.name or effect_words.name_of(subject.key)


def _shown(subject: Subject, counted: cache.Shown) -> ShownEffect:
    address = url_for(subject.endpoint, **subject.values) if subject.endpoint else None
    return ShownEffect(name_of(subject), address, said(subject, counted))
