"""Counts what the page of referrals shows; cached for a large shop. `rewards/figures/` defines what is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import localtime
from console.figures import cache, period
from customers.figures.intervals import Sums
from customers.values import windows
from rewards.figures import leaders, referral_counts, referrer_ltv
from rewards.figures.referral_steps import Step
from rewards.figures.referrer_ltv import ReferrerLtv

COLUMNS = ("month", "last-month", "all")
"""The periods of the funnel."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of the page."""

    counted_at: datetime
    is_cached: bool
    steps: dict[Step, dict[str, int]]
    """By step, then by period."""
    shown_count: int
    paid: list[tuple[date, int]]
    """Points paid by month, oldest first."""
    paid_in_all: int
    ltv: ReferrerLtv


def of_shop() -> Counted | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    if shown is None:
        return None
    counted = shown.counted
    return Counted(
        counted_at=shown.counted_at,
        is_cached=shown.is_cached,
        steps={Step(step): counts for step, counts in counted["steps"].items()},
        shown_count=counted["shown"],
        paid=[(date.fromisoformat(month), points) for month, points in counted["paid"]],
        paid_in_all=counted["paid_in_all"],
        ltv=ReferrerLtv(
            Sums(*counted["ltv"][0]),
            Sums(*counted["ltv"][1]),
            *counted["referrers"],
        ),
    )


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def months(today: date) -> list[windows.Window]:
    """The months of the page, oldest first."""
    return list(windows.calendar_months(today, MONTHS))


def _count() -> Mapping[str, Any]:
    today = localtime.today()
    ltv = referrer_ltv.of_shop(today)
    by_period = {name: referral_counts.totals(period.of(name, today).window) for name in COLUMNS}
    by_day = leaders.points_paid_by_day(referral_counts.until(today))
    return {
        "steps": {step.value: {name: by_period[name][step] for name in COLUMNS} for step in Step},
        "shown": referral_counts.shown_count(today),
        "paid": [
            [month.first_on.isoformat(), sum(points for day, points in by_day.items() if day in month)]
            for month in months(today)
        ],
        "paid_in_all": sum(by_day.values()),
        "ltv": [[each.count, each.total, each.squares] for each in (ltv.referrers, ltv.others)],
        "referrers": [ltv.referrer_count, ltv.regular_count],
    }


FIGURES = cache.Figures("referrals", _count)
