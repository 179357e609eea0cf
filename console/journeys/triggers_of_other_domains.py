"""Queries of the customers to whom something of ranks, the survey or testimonials happened lately; see
`journeys/taking_in/take_in.py`."""

from datetime import timedelta
from typing import Any

import peewee

from bot import localtime
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import On
from journeys.taking_in import take_in
from rewards.ranks.rules import Rank
from rewards.ranks.tables import RankChange
from surveys.nps.answers import SurveyAnswer
from surveys.testimonials.tables import Testimonial, TestimonialState


def triggered(definition: FlowDefinition, days: int) -> Any | None:
    """A query of the customers to whom the flow's trigger happened in the last so many days; None when that
    cannot be found out afterwards."""
    event, since = definition.trigger, localtime.now() - timedelta(days=days)
    match event.on:
        case On.RANK:
            rose = (RankChange.changed_at >= since) & (
                RankChange.before.is_null() | (RankChange.after > RankChange.before)
            )
            if event.rank is not None:
                rose &= RankChange.after == int(Rank[event.rank.upper()])
            return _of(RankChange, rose)
        case On.SCORE:
            scored = SurveyAnswer.answered_at >= since
            if event.min_score is not None:
                scored &= SurveyAnswer.score >= event.min_score
            if event.max_score is not None:
                scored &= SurveyAnswer.score <= event.max_score
            return _of(SurveyAnswer, scored)
        case On.TESTIMONIAL:
            published = Testimonial.state == TestimonialState.PUBLISHED
            return _of(Testimonial, published & (Testimonial.published_at >= since))
    return take_in.triggered(event, definition.key, days)


def _of(model: Any, wanted: Any) -> Any:
    no_order = peewee.Value(take_in.NO_ORDER).cast("integer").alias("purchase_id")
    return model.select(model.customer_id.alias("customer_id"), no_order).where(wanted).distinct()
