"""Decides how the owner's figures come together from the domains, and when they are counted anew.

A small shop's figures are counted for each look at the page. Once counting takes long, what was counted is kept and
shown with its moment; the clock counts it anew.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import peewee

from bot import localtime
from bot.database import Model, UtcDateTimeField, write_transaction
from customers import ltv
from customers.customer import Customer
from rewards import referrals, standing
from rewards.ranks import Rank
from surveys import figures as survey_figures
from surveys.nps import Nps

NAME = "owner"
SLOW_MS = 150
KEPT_FOR = timedelta(hours=3)
MONTHS = 12


class KeptFigures(Model):
    """Figures that were dear to count, as JSON."""

    name = peewee.CharField(unique=True)
    body = peewee.TextField()
    took_ms = peewee.IntegerField()
    counted_at = UtcDateTimeField()


@dataclass(frozen=True, slots=True)
class Worth:
    """LTV of a group: average of one buyer, its 95 % margin, and how many buyers that rests on."""

    average_yen: int | None
    margin_yen: int | None
    buyer_count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The shop at a glance."""

    counted_at: datetime
    kept: bool
    """Counted earlier, because counting takes long."""
    nps: Nps
    months: list[tuple[date, Nps]]
    invited_count: int
    supporter_count: int
    ranks: dict[Rank, int]
    customer_count: int
    bought_count: int
    bought_again_count: int
    sales_yen: int
    price_per_order_yen: int | None
    worth: dict[str, Worth]
    """Of `everyone` and of `promoters`."""
    referrals: referrals.Totals


def of_shop() -> Summary:
    """The figures to show now."""
    row = KeptFigures.get_or_none(KeptFigures.name == NAME)
    if row is not None and row.counted_at > localtime.now() - KEPT_FOR:
        return _read(json.loads(row.body), row.counted_at, kept=True)
    begun = time.perf_counter()
    counted, now = _count(), localtime.now()
    took_ms = round((time.perf_counter() - begun) * 1000)
    if took_ms >= SLOW_MS:
        _keep(counted, took_ms, now)
    return _read(counted, now, kept=False)


def refresh() -> None:
    """For the clock: count anew what a page would otherwise wait for. Does nothing in a small shop."""
    row = KeptFigures.get_or_none(KeptFigures.name == NAME)
    if row is None:
        return
    begun = time.perf_counter()
    counted = _count()
    took_ms = round((time.perf_counter() - begun) * 1000)
    if took_ms >= SLOW_MS:
        _keep(counted, took_ms, localtime.now())
    else:
        with write_transaction():
            row.delete_instance()


def _keep(counted: Mapping[str, Any], took_ms: int, now: datetime) -> None:
    values = {
        KeptFigures.body: json.dumps(counted),
        KeptFigures.took_ms: took_ms,
        KeptFigures.counted_at: now,
    }
    with write_transaction():
        KeptFigures.insert({KeptFigures.name: NAME, **values}).on_conflict(
            conflict_target=[KeptFigures.name], update=values
        ).execute()


def _count() -> dict[str, Any]:
    """Set-based queries of each domain; nothing here looks at customers one by one."""
    today = localtime.today()
    first_on = _months_before(today, MONTHS - 1)
    worth = {"everyone": ltv.average(today), "promoters": ltv.average(today, survey_figures.promoter_ids())}
    bought_again, bought = ltv.second_purchases()
    totals = referrals.totals()
    return {
        "nps": _parts(survey_figures.nps(first_on, today)),
        "months": [
            [month.isoformat(), *_parts(nps)] for month, nps in survey_figures.nps_by_month(first_on, today)
        ],
        "invited": survey_figures.invited_count(first_on, today),
        "supporters": survey_figures.promoter_ids().count(),
        "ranks": {str(int(rank)): count for rank, count in standing.count_by_rank().items()},
        "customers": Customer.select().count(),
        "bought": [bought, bought_again],
        "sales_yen": worth["everyone"].sales_yen,
        "price_per_order_yen": ltv.price_per_order(today),
        "worth": {name: [of.average_yen, of.margin_yen, of.buyer_count] for name, of in worth.items()},
        "referrals": [totals.invited_count, totals.joined_count, totals.bought_count, totals.held_count],
    }


def _read(counted: Mapping[str, Any], counted_at: datetime, *, kept: bool) -> Summary:
    return Summary(
        counted_at=counted_at,
        kept=kept,
        nps=Nps(*counted["nps"]),
        months=[(date.fromisoformat(month), Nps(*parts)) for month, *parts in counted["months"]],
        invited_count=counted["invited"],
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


def _parts(nps: Nps) -> tuple[int, int, int]:
    return nps.promoter_count, nps.passive_count, nps.detractor_count


def _months_before(day: date, count: int) -> date:
    index = day.year * 12 + day.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)
