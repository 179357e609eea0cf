"""The groups of customers by recency, frequency and money on two days; cached for a large shop
(`console/figures/cache.py`), each pair of days by itself.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bot import localtime
from bot.db.database import write_transaction
from console.figures import cache
from console.figures.cache import CachedFigures
from customers.figures import rfm_counts
from customers.figures.rfm import Classes, Group
from customers.values import windows

MONTHS = 3
"""How far apart the two days are unless others are asked for."""
PREFIX = "rfm:"
OTHER_DAYS_LAST = timedelta(days=1)
"""How long the figures of days that somebody asked for stay in the cache."""


@dataclass(frozen=True, slots=True)
class RfmFigures:
    """The groups on the two days."""

    counted_at: datetime
    is_cached: bool
    groups: list[Group]


def usual_days() -> tuple[date, date]:
    """Today, and the same day three months before."""
    today = localtime.today()
    return windows.same_day_before(today, MONTHS), today


def of_days(earlier: date, later: date) -> RfmFigures | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(_figures(earlier, later))
    if shown is None:
        return None
    return RfmFigures(shown.counted_at, shown.is_cached, [_group(each) for each in shown.counted["groups"]])


def refresh() -> None:
    """Count those of the usual days again, for the clock, and forget those of other days."""
    usual = _figures(*usual_days())
    with write_transaction():
        CachedFigures.delete().where(
            CachedFigures.name.startswith(PREFIX),
            CachedFigures.name != usual.name,
            CachedFigures.counted_at < localtime.now() - OTHER_DAYS_LAST,
        ).execute()
    cache.refresh(usual)


def _figures(earlier: date, later: date) -> cache.Figures:
    return cache.Figures(f"{PREFIX}{earlier}:{later}", partial(_count, earlier, later))


def _count(earlier: date, later: date) -> Mapping[str, Any]:
    return {"groups": [astuple(group) for group in rfm_counts.groups(earlier, later)]}


def _group(values: Any) -> Group:
    before, after, *sums = values
    return Group(Classes(*before) if before is not None else None, Classes(*after), *sums)
