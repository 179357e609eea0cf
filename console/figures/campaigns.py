"""What campaigns brought, for their list and their pages; cached for a large shop (`cache.py`).

How each compares with those held out is in `effects.py`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from console.figures import cache
from journeys.campaigns import campaigns as engine
from journeys.campaigns import results
from journeys.campaigns.results import Results
from journeys.campaigns.tables import Campaign
from journeys.links.insight import Sums

MOST = 200
"""Campaigns whose figures are counted, the newest first."""


def shown() -> cache.Shown | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    return cache.shown(FIGURES)


def of_campaign(figures: cache.Shown | None, campaign: Campaign) -> Results | None:
    """That campaign's among the figures; None where nothing of it was sent when they were counted."""
    values = figures.counted.get(str(campaign.id)) if figures is not None else None
    if values is None:
        return None
    return Results(**{**values, "line_sums": _sums(values["line_sums"])})


def _sums(values: dict[str, Any] | None) -> Sums | None:
    if values is None:
        return None
    answered_at = values["answered_at"]
    return Sums(
        **{**values, "answered_at": datetime.fromisoformat(answered_at) if answered_at is not None else None}
    )


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def begun() -> list[Campaign]:
    """Campaigns that began to be sent, the newest first."""
    return [each for each in engine.newest(MOST) if each.started_at is not None]


def _counted() -> Mapping[str, Any]:
    return {str(each.id): _as_values(results.of(each)) for each in begun()}


def _as_values(found: Results) -> dict[str, Any]:
    """The results as values that JSON can hold."""
    values = asdict(found)
    if found.line_sums is not None and found.line_sums.answered_at is not None:
        values["line_sums"]["answered_at"] = found.line_sums.answered_at.isoformat()
    return values


FIGURES = cache.Figures("campaigns", _counted)
