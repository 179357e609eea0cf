"""The figures of the seven stages, now and by month; cached for a large shop (`console/figures/cache.py`).

How they are counted: `journeys/figures/stage_counts.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import localtime
from console.figures import cache
from customers.values import windows
from journeys.enrolments.stages import Stage
from journeys.figures import stage_counts, stage_history
from journeys.figures.stage_history import ORDER

MONTHS = 12
FEWEST = 30
"""Shares and medians of fewer people say nothing yet."""


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage: people on it now, on it or further, and how long those stayed who went further this year."""

    stage: Stage
    on_count: int
    reached_count: int
    median_days: float | None
    stayed_count: int
    left_out_count: int = 0
    """Stays whose days are not known."""

    @property
    def drop_off(self) -> float | None:
        """The share of those who reached it and are on it still; None where nobody reached it."""
        return self.on_count / self.reached_count if self.reached_count else None

    @property
    def is_too_few(self) -> bool:
        """Whether too few reached it for a share."""
        return self.reached_count < FEWEST

    @property
    def are_stays_too_few(self) -> bool:
        """Whether too few went further for a median."""
        return self.stayed_count < FEWEST


@dataclass(frozen=True, slots=True)
class Month:
    """People on each stage at the end of a month, and who moved within it."""

    first_on: date
    last_on: date
    on_each: dict[Stage, int]
    forward_count: int
    back_count: int
    is_whole: bool
    """Whether the history reaches back to its first day."""


@dataclass(frozen=True, slots=True)
class Belt:
    """The figures of the page."""

    counted_at: datetime
    is_cached: bool
    began_on: date | None
    """Since when stages are known."""
    stages: list[StageFigures]
    months: list[Month]
    """The oldest first; those of which the end is known."""


def of_shop() -> Belt | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    return _read(shown) if shown is not None else None


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def _count() -> Mapping[str, Any]:
    today, began = localtime.today(), stage_counts.history_began()
    began_on = localtime.local_date(began) if began is not None else None
    months = [
        month
        for month in windows.calendar_months(today, MONTHS)
        if began_on is not None and began_on <= month.last_on
    ]
    bounds = [localtime.start_of(month.first_on) for month in months]
    stays = stage_counts.stays(windows.year(today))
    return {
        "began": began_on.isoformat() if began_on is not None else None,
        "on": {stage.value: count for stage, count in stage_counts.on_each().items()},
        "stays": {
            stage.value: [stage_history.median(each.days), sum(each.days.values()), each.left_out]
            for stage, each in stays.items()
        },
        "months": [[month.first_on.isoformat(), month.last_on.isoformat()] for month in months],
        "arrived": stage_counts.arrived(bounds),
        "went": stage_counts.went(bounds),
    }


def _read(shown: cache.Shown) -> Belt:
    counted = shown.counted
    began_on = date.fromisoformat(counted["began"]) if counted["began"] else None
    reached = stage_history.reached(counted["on"])
    return Belt(
        counted_at=shown.counted_at,
        is_cached=shown.is_cached,
        began_on=began_on,
        stages=[
            StageFigures(stage, counted["on"][stage.value], reached[stage], *counted["stays"][stage.value])
            for stage in ORDER
        ],
        months=_months(counted, began_on),
    )


def _months(counted: Mapping[str, Any], began_on: date | None) -> list[Month]:
    days = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in counted["months"]]
    ends = stage_history.at_ends(counted["arrived"], counted["went"], len(days))
    forward, back = [0] * (len(days) + 1), [0] * (len(days) + 1)
    for part, before, after, people in counted["went"]:
        if before != after:
            (forward if stage_history.is_further(after, before) else back)[part] += people
    return [
        Month(first, last, on_each, forward[part], back[part], began_on is not None and began_on <= first)
        for part, ((first, last), on_each) in enumerate(zip(days, ends, strict=True), 1)
    ]


FIGURES = cache.Figures("stages", _count)
