"""Decides how the owner's figures come together from the domains, and when they are counted anew.

A small shop's figures are counted for each look at the page. A large shop's are kept and shown with their moment;
the clock counts them anew, or a thread of the web process, never the request.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import peewee
import structlog

from bot import database, localtime
from bot.database import Model, UtcDateTimeField, write_transaction
from customers import ltv
from customers.customer import Customer
from rewards import referrals, standing
from rewards.ranks import Rank
from surveys import figures as survey_figures
from surveys.nps import Nps

NAME = "owner"
LARGE = 20_000
"""Customers, from which on the figures are kept."""
KEPT_FOR = timedelta(hours=3)
MONTHS = 12
log = structlog.get_logger()
_counting = threading.Lock()


class KeptFigures(Model):
    """Figures that were dear to count, as JSON."""

    name = peewee.CharField(unique=True)
    body = peewee.TextField()
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


def of_shop() -> Summary | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    row = KeptFigures.get_or_none(KeptFigures.name == NAME)
    if row is not None and row.counted_at > localtime.now() - KEPT_FOR:
        return _of_row(row)
    if not is_large():
        return _read(_count(), localtime.now(), kept=False)
    _count_beside()
    return _of_row(row) if row is not None else None


def referral_totals() -> referrals.Totals:
    """How all invitations went; a large shop's as last counted with the other figures, if they ever were."""
    shown = of_shop() if is_large() else None
    return shown.referrals if shown is not None else referrals.totals()


def refresh() -> None:
    """For the clock: count anew what a page would otherwise wait for. A small shop's are counted for each look."""
    if is_large():
        counted = _count()
        _keep(counted, localtime.now())
    else:
        with write_transaction():
            KeptFigures.delete().where(KeptFigures.name == NAME).execute()


def is_large() -> bool:
    """By the highest id, which costs nothing to look up."""
    return bool((Customer.select(peewee.fn.MAX(Customer.id)).scalar() or 0) > LARGE)


def _count_beside() -> None:
    """Count in a thread of its own, one at a time: no page waits for it."""
    if _counting.acquire(blocking=False):
        threading.Thread(target=_count_and_release, name="figures", daemon=True).start()


def _count_and_release() -> None:
    try:
        refresh()
    except Exception:  # the next look at the page starts it again
        log.exception("counting the owner's figures failed")
    finally:
        database.close()
        _counting.release()


def _of_row(row: KeptFigures) -> Summary:
    return _read(json.loads(row.body), row.counted_at, kept=True)


def _keep(counted: Mapping[str, Any], now: datetime) -> None:
    values: dict[Any, Any] = {KeptFigures.body: json.dumps(counted), KeptFigures.counted_at: now}
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
