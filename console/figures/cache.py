"""Decides when figures that are dear to count are counted anew.

A small shop's figures are counted for each look at the page. A large shop's are kept and shown with their moment;
the clock counts them anew, or a thread of the web process, never the request.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import localtime, log
from bot.db import database
from bot.db.database import Model, UtcDateTimeField, write_transaction
from customers.people.customer import Customer

LARGE = 20_000
"""Customers, from which on the figures are kept."""
CACHE_LIFETIME = timedelta(hours=3)
_counting = threading.Lock()


class CachedFigures(Model):
    """Figures that were dear to count, as JSON."""

    name = peewee.CharField(unique=True)
    body = peewee.TextField()
    counted_at = UtcDateTimeField()

    class Meta:
        table_name = "kept_figures"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by their name, and how they are counted: as what JSON can hold."""

    name: str
    count: Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures to show, and when they were counted; `is_cached` when that was not just now."""

    counted: Mapping[str, Any]
    counted_at: datetime
    is_cached: bool


def shown(figures: Figures) -> Shown | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    row = CachedFigures.get_or_none(CachedFigures.name == figures.name)
    if row is None or row.counted_at <= localtime.now() - CACHE_LIFETIME:
        if not is_large():
            return Shown(figures.count(), localtime.now(), is_cached=False)
        _count_beside(figures)
    return Shown(json.loads(row.body), row.counted_at, is_cached=True) if row is not None else None


def refresh(figures: Figures) -> None:
    """For the clock: count anew what a page would otherwise wait for. A small shop's are counted for each look."""
    if is_large():
        _keep(figures.name, figures.count(), localtime.now())
    else:
        with write_transaction():
            CachedFigures.delete().where(CachedFigures.name == figures.name).execute()


def is_large() -> bool:
    """By the highest id, which costs nothing to look up."""
    return bool((Customer.select(peewee.fn.MAX(Customer.id)).scalar() or 0) > LARGE)


def _count_beside(figures: Figures) -> None:
    """Count in a thread of its own, one at a time: no page waits for it."""
    if _counting.acquire(blocking=False):
        threading.Thread(target=_count_and_release, args=(figures,), name="figures", daemon=True).start()


def _count_and_release(figures: Figures) -> None:
    try:
        refresh(figures)
    except Exception:  # the next look at the page starts it again
        log.exception("counting figures failed", figures=figures.name)
    finally:
        database.close()
        _counting.release()


def _keep(name: str, counted: Mapping[str, Any], now: datetime) -> None:
    values: dict[Any, Any] = {CachedFigures.body: json.dumps(counted), CachedFigures.counted_at: now}
    with write_transaction():
        CachedFigures.insert({CachedFigures.name: name, **values}).on_conflict(
            conflict_target=[CachedFigures.name], update=values
        ).execute()
