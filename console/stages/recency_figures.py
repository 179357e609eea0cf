"""The figures of repeat buyers by the days since their last purchase, now and by month; cached for a large shop
(`console/figures/cache.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import localtime
from console.figures import cache
from customers.figures import recency_counts
from customers.figures.recency import BANDS, DUE
from customers.values import windows

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """Repeat buyers who passed 60 days within a month, and those between 30 and 60 at its end."""

    first_on: date
    last_on: date
    passed_count: int
    due_count: int


@dataclass(frozen=True, slots=True)
class RecencyFigures:
    """The figures of the page."""

    counted_at: datetime
    is_cached: bool
    bands: dict[str, int]
    """Repeat buyers now, by the name of their band."""
    months: list[Month]
    """The oldest first."""


def of_shop() -> RecencyFigures | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    if shown is None:
        return None
    months = [
        Month(date.fromisoformat(first), date.fromisoformat(last), passed, due)
        for first, last, passed, due in shown.counted["months"]
    ]
    return RecencyFigures(shown.counted_at, shown.is_cached, shown.counted["bands"], months)


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def _count() -> Mapping[str, Any]:
    today = localtime.today()
    return {
        "bands": {band.name: recency_counts.count_in(band, today) for band in BANDS},
        "months": [
            [
                *(month.first_on.isoformat(), month.last_on.isoformat()),
                *(recency_counts.count_passed(month), recency_counts.count_in(DUE, month.last_on)),
            ]
            for month in windows.calendar_months(today, MONTHS)
        ],
    }


FIGURES = cache.Figures("recency", _count)
