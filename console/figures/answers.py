"""The figures of the customers' answers, joined here from the survey, the ranks and the tickets. See `cache.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot import localtime
from console.figures import cache
from console.figures.summary import MONTHS, months_before, parts
from rewards.ranks import customer_rank
from rewards.ranks.rules import Rank
from support.bad_moments import low_scores
from surveys.figures import survey_figures
from surveys.figures.closed_loop import Case, Promptness, Recovery, Response, promptness
from surveys.nps.net_promoter_score import Nps

MOST_PRODUCTS = 20


@dataclass(frozen=True, slots=True)
class Product:
    """NPS of those who were asked about an order with that product."""

    sku: str
    name: str
    nps: Nps


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """The last twelve months of answers."""

    counted_at: datetime
    is_cached: bool
    nps: Nps
    months: list[tuple[date, Nps]]
    products: list[Product]
    ranks: list[tuple[Rank, Nps]]
    """Highest first, products without an answer left out."""
    cohorts: list[tuple[date, Nps]]
    """By month of the first purchase, within the twelve months."""
    earlier: Nps
    """Customers whose first purchase was earlier."""
    without_purchase: Nps
    response: Response
    promptness: Promptness
    recovery: Recovery


def of_shop() -> AnswerFigures | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    return _read(shown) if shown is not None else None


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def _count() -> Mapping[str, Any]:
    """Count by set-based queries of each domain; no loop over customers."""
    today = localtime.today()
    first_on = months_before(today, MONTHS - 1)
    response, recovery = survey_figures.response(first_on, today), survey_figures.recovery(first_on, today)
    heard = _promptness(first_on, today)
    median = heard.median_time
    return {
        "nps": parts(survey_figures.nps(first_on, today)),
        "months": [
            [month.isoformat(), *parts(nps)] for month, nps in survey_figures.nps_by_month(first_on, today)
        ],
        "products": [
            [sku, name, *parts(nps)]
            for sku, name, nps in survey_figures.nps_by_product(first_on, today, MOST_PRODUCTS)
        ],
        "ranks": [
            [int(rank), *parts(nps)]
            for rank, nps in survey_figures.nps_by_group(first_on, today, customer_rank.ranks_held()).items()
        ],
        "cohorts": [
            [month.isoformat() if month else "", *parts(nps)]
            for month, nps in survey_figures.nps_by_cohort(first_on, today)
        ],
        "first_on": first_on.isoformat(),
        "response": [response.invited_count, response.answered_count],
        "promptness": [heard.case_count, heard.judged_count, heard.in_time_count],
        "median_seconds": median.total_seconds() if median is not None else None,
        "recovery": [recovery.asked_count, recovery.answered_count, recovery.recovered_count],
    }


def _promptness(first_on: date, last_on: date) -> Promptness:
    begin, end = localtime.start_of(first_on), localtime.start_of(last_on + timedelta(days=1))
    cases = [Case(*each) for each in low_scores.first_responses(begin, end)]
    return promptness(cases, localtime.now())


def _read(shown: cache.Shown) -> AnswerFigures:
    counted = shown.counted
    first_on = date.fromisoformat(counted["first_on"])
    cohorts = [(date.fromisoformat(day) if day else None, Nps(*rest)) for day, *rest in counted["cohorts"]]
    return AnswerFigures(
        counted_at=shown.counted_at,
        is_cached=shown.is_cached,
        nps=Nps(*counted["nps"]),
        months=[(date.fromisoformat(month), Nps(*rest)) for month, *rest in counted["months"]],
        products=[Product(sku, name, Nps(*rest)) for sku, name, *rest in counted["products"]],
        ranks=sorted(
            ((Rank(rank), Nps(*rest)) for rank, *rest in counted["ranks"]),
            key=lambda each: each[0],
            reverse=True,
        ),
        cohorts=[(month, nps) for month, nps in cohorts if month is not None and month >= first_on],
        earlier=_together(nps for month, nps in cohorts if month is not None and month < first_on),
        without_purchase=_together(nps for month, nps in cohorts if month is None),
        response=Response(*counted["response"]),
        promptness=_prompt(counted),
        recovery=Recovery(*counted["recovery"]),
    )


def _prompt(counted: Mapping[str, Any]) -> Promptness:
    cases, judged, in_time = counted["promptness"]
    seconds = counted["median_seconds"]
    return Promptness(cases, judged, in_time, timedelta(seconds=seconds) if seconds is not None else None)


def _together(some: Any) -> Nps:
    each = list(some)
    return Nps(
        sum(nps.promoter_count for nps in each),
        sum(nps.passive_count for nps in each),
        sum(nps.detractor_count for nps in each),
    )


FIGURES = cache.Figures("answers", _count)
