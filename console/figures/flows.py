"""The figures of all flows, for their list, and how many customers could be taken into one. See `cache.py`."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot import localtime
from bot.db.database import write_transaction
from console.figures import cache
from console.figures.cache import CachedFigures
from journeys.figures import flow_figures
from journeys.figures.flow_figures import FlowFigures
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow

PREFIX = "flow-able:"
ASKED_ONCE_LASTS = timedelta(days=1)
ABLE_LASTS = timedelta(minutes=1)
"""Somebody is looking, and may just have taken customers in."""


def shown() -> cache.Shown | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    return cache.shown(FIGURES)


def of_flow(figures: cache.Shown | None, flow: Flow) -> FlowFigures:
    """That flow's among the figures."""
    return flow_figures.of_flow(figures.counted if figures is not None else {}, flow.id or 0)


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for; forget what pages asked for once."""
    with write_transaction():
        CachedFigures.delete().where(
            CachedFigures.name.startswith(PREFIX),
            CachedFigures.counted_at < localtime.now() - ASKED_ONCE_LASTS,
        ).execute()
    cache.refresh(FIGURES)


def able(definition: FlowDefinition, days: int, count: Callable[[], Mapping[str, int]]) -> cache.Shown | None:
    """How many could be taken into that flow for a trigger of the last so many days, as `count` finds it; None while
    a large shop's are counted for the first time."""
    of_flow = hashlib.sha256(definition.model_dump_json().encode()).hexdigest()[:32]
    return cache.shown(cache.Figures(f"{PREFIX}{of_flow}:{days}", count, ABLE_LASTS))


FIGURES = cache.Figures("flows", flow_figures.count)
