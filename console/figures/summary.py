"""Puts the owner's figures together from the domains. When they are counted again is `cache.py`'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import localtime
from console.figures import cache
from customers.orders import ltv
from customers.people.customer import Customer
from rewards.figures import referral_counts
from rewards.figures.referral_steps import Step
from rewards.ranks import customer_rank
from rewards.ranks.rules import Rank
from rewards.referrals import referrals
from surveys.figures import survey_figures
from surveys.figures.closed_loop import Response
from surveys.nps.net_promoter_score import Nps

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Worth:
    """LTV of a group: average of a buyer in yen, its 95 % margin, and how many buyers it rests on."""

    average_yen: int | None
    margin_yen: int | None
    buyer_count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of the whole shop."""

    counted_at: datetime
    is_cached: bool
    """True when they were counted earlier, because counting takes long."""
    nps: Nps
    months: list[tuple[date, Nps]]
    response: Response
    supporter_count: int
    ranks: dict[Rank, int]
    customer_count: int
    bought_count: int
    bought_again_count: int
    sales_yen: int
    price_per_order_yen: int | None
    worth: dict[str, Worth]
    """LTV by group: `everyone` and `promoters`."""
    referrals: referrals.Totals


def of_shop() -> Summary | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    return _read(shown.counted, shown.counted_at, is_cached=shown.is_cached) if shown is not None else None


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def _count() -> dict[str, Any]:
    """Count by set-based queries of each domain; no loop over customers."""
    today = localtime.today()
    first_on = months_before(today, MONTHS - 1)
    worth = {"everyone": ltv.average(today), "promoters": ltv.average(today, survey_figures.promoter_ids())}
    bought_again, bought = ltv.second_purchases()
    totals = referral_counts.totals(referral_counts.until(today))
    response = survey_figures.response(first_on, today)
    return {
        "nps": parts(survey_figures.nps(first_on, today)),
        "months": [
            [month.isoformat(), *parts(nps)] for month, nps in survey_figures.nps_by_month(first_on, today)
        ],
        "response": [response.invited_count, response.answered_count],
        "supporters": survey_figures.promoter_ids().count(),
        "ranks": {str(int(rank)): count for rank, count in customer_rank.count_by_rank().items()},
        "customers": Customer.select().count(),
        "bought": [bought, bought_again],
        "sales_yen": worth["everyone"].sales_yen,
        "price_per_order_yen": ltv.price_per_order(today),
        "worth": {name: [of.average_yen, of.margin_yen, of.buyer_count] for name, of in worth.items()},
        "referrals": [totals[step] for step in (Step.INVITED, Step.JOINED, Step.BOUGHT, Step.HELD)],
    }


def _read(counted: Mapping[str, Any], counted_at: datetime, *, is_cached: bool) -> Summary:
    return Summary(
        counted_at=counted_at,
        is_cached=is_cached,
        nps=Nps(*counted["nps"]),
        months=[(date.fromisoformat(month), Nps(*parts)) for month, *parts in counted["months"]],
        response=Response(*counted["response"]),
        supporter_count=counted["supporters"],
        ranks={Rank(int(rank)): count for rank, count in counted["ranks"].items()},
        customer_count=counted["customers"],
        bought_count=counted["bought"][0],
        bought_again_count=counted["bought"][1],
        sales_yen=counted["sales_yen"],
        price_per_order_yen=counted["price_per_order_yen"],
        worth={name: Worth(*parts) for name, parts in counted["worth"].items()},
        referrals=referrals.Totals(*counted["referrals"]),
    )


def parts(nps: Nps) -> tuple[int, int, int]:
    """An NPS as values that JSON can hold."""
    return nps.promoter_count, nps.passive_count, nps.detractor_count


def months_before(day: date, count: int) -> date:
    """The first day of the month so many months before that day's."""
    index = day.year * 12 + day.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


FIGURES = cache.Figures("owner", _count)
