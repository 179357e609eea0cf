"""Counts the totals of all referrals for their page. See `cache.py`."""

from typing import Any

from console.figures import cache
from rewards.referrals import referrals


def of_shop() -> referrals.Totals:
    """The totals to show; of a large shop as last counted, if ever."""
    shown = cache.shown(FIGURES)
    return referrals.Totals(*shown.counted["totals"]) if shown is not None else referrals.totals()


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def _count() -> dict[str, Any]:
    totals = referrals.totals()
    return {"totals": [totals.invited_count, totals.joined_count, totals.bought_count, totals.held_count]}


FIGURES = cache.Figures("referral-totals", _count)
