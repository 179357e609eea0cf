"""Counts the figures of the customers' answers for the pages, joined from the survey and the tickets. See `cache.py`.

What each figure means is in `definitions/survey.py` and `definitions/support.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot import localtime
from console.figures import cache
from console.figures.definitions.support import promptness_of
from console.figures.definitions.survey import quarter, quarter_before
from customers.values import windows
from customers.values.windows import Window
from surveys.figures import survey_figures
from surveys.figures.closed_loop import Promptness, Recovery, Response
from surveys.nps.net_promoter_score import Nps, NpsChange, change, together

MOST_PRODUCTS = 20
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Product:
    """NPS of the answers about an order with that product."""

    sku: str
    name: str
    nps: Nps


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The answers up to a day: of its last twelve months, but for the months and the 90 days."""

    counted_at: datetime
    is_cached: bool
    on: date
    nps: Nps
    """Of all answers."""
    latest: Nps
    """Of the customers, each by their latest answer."""
    quarter: Nps
    quarter_before: Nps
    months: list[tuple[date, Nps]]
    """Of the calendar months of a year, this one up to the day."""
    products: list[Product]
    """Highest first, products without an answer left out."""
    cohorts: list[tuple[date, Nps]]
    """By month of the first purchase, within the twelve calendar months."""
    earlier: Nps
    """Customers whose first purchase was earlier."""
    without_purchase: Nps
    response: Response
    promptness: Promptness
    recovery: Recovery

    @property
    def quarter_change(self) -> NpsChange | None:
        """The change from the 90 days before."""
        return change(self.quarter_before, self.quarter)


def calendar_months(on: date) -> Window:
    """The calendar months that the pages show, the last up to that day."""
    return Window(windows.first_of_month(on, MONTHS - 1), on)


def of_shop() -> AnswerFigures | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    return _read(shown) if shown is not None else None


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def _count() -> Mapping[str, Any]:
    """Count by set-based queries of each domain; no loop over customers."""
    on = localtime.today()
    year, months = windows.year(on), calendar_months(on)
    asked, recovery, heard = survey_figures.response(year), survey_figures.recovery(year), promptness_of(year)
    median = heard.median_working_time
    return {
        "on": on.isoformat(),
        "nps": _parts(survey_figures.nps(year)),
        "latest": _parts(survey_figures.nps_of_latest(year)),
        "quarter": _parts(survey_figures.nps(quarter(on))),
        "quarter_before": _parts(survey_figures.nps(quarter_before(on))),
        "months": [[month.isoformat(), *_parts(nps)] for month, nps in survey_figures.nps_by_month(months)],
        "products": [
            [sku, name, *_parts(nps)] for sku, name, nps in survey_figures.nps_by_product(year, MOST_PRODUCTS)
        ],
        "cohorts": [
            [month.isoformat() if month else "", *_parts(nps)]
            for month, nps in survey_figures.nps_by_cohort(year)
        ],
        "response": [asked.asked_count, asked.customer_count, asked.answered_count],
        "promptness": [heard.case_count, heard.judged_count, heard.in_time_count, heard.answered_count],
        "median_seconds": median.total_seconds() if median is not None else None,
        "recovery": [recovery.asked_count, recovery.answered_count, recovery.recovered_count],
    }


def _read(shown: cache.Shown) -> AnswerFigures:
    counted = shown.counted
    on = date.fromisoformat(counted["on"])
    first_on = calendar_months(on).first_on
    cohorts = [(date.fromisoformat(day) if day else None, Nps(*rest)) for day, *rest in counted["cohorts"]]
    return AnswerFigures(
        counted_at=shown.counted_at,
        is_cached=shown.is_cached,
        on=on,
        nps=Nps(*counted["nps"]),
        latest=Nps(*counted["latest"]),
        quarter=Nps(*counted["quarter"]),
        quarter_before=Nps(*counted["quarter_before"]),
        months=[(date.fromisoformat(month), Nps(*rest)) for month, *rest in counted["months"]],
        products=[Product(sku, name, Nps(*rest)) for sku, name, *rest in counted["products"]],
        cohorts=[(month, nps) for month, nps in cohorts if month is not None and month >= first_on],
        earlier=together(nps for month, nps in cohorts if month is not None and month < first_on),
        without_purchase=together(nps for month, nps in cohorts if month is None),
        response=Response(*counted["response"]),
        promptness=_prompt(counted),
        recovery=Recovery(*counted["recovery"]),
    )


def _prompt(counted: Mapping[str, Any]) -> Promptness:
    cases, judged, in_time, answered = counted["promptness"]
    seconds = counted["median_seconds"]
    median = timedelta(seconds=seconds) if seconds is not None else None
    return Promptness(cases, judged, in_time, median, answered)


def _parts(nps: Nps) -> tuple[int, int, int]:
    return nps.promoter_count, nps.passive_count, nps.detractor_count


FIGURES = cache.Figures("answers", _count)
