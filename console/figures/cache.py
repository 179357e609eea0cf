"""Caches expensive figures; the clock refreshes them.

Figures of a small shop are counted for each page view. Those of a large shop are stored and shown with the
time they were counted at; the clock or a thread of the web process counts them again, never the request.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import localtime, log
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, write_transaction
from customers.people.customer import Customer

LARGE = 20_000
"""Customers above which figures are cached."""
CACHE_LIFETIME = timedelta(hours=3)
_counting = threading.Lock()


class CachedFigures(Model):
    """Cached figures, as JSON."""

    name = peewee.CharField(unique=True)
    body = peewee.TextField()
    counted_at = UtcDateTimeField()

    class Meta:
        table_name = "kept_figures"


@dataclass(frozen=True, slots=True)
class Figures:
    """The name of some figures, the function that counts them as values that JSON can hold, and how old they may be
    before a page view has them counted again."""

    name: str
    count: Callable[[], Mapping[str, Any]]
    lifetime: timedelta = CACHE_LIFETIME


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures to show, and when they were counted; `is_cached` when that was not just now."""

    counted: Mapping[str, Any]
    counted_at: datetime
    is_cached: bool


def shown(figures: Figures) -> Shown | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    row = CachedFigures.get_or_none(CachedFigures.name == figures.name)
    if row is None or row.counted_at <= localtime.now() - figures.lifetime:
        if not is_large():
            return Shown(figures.count(), localtime.now(), is_cached=False)
        _count_in_background(figures)
    return Shown(json.loads(row.body), row.counted_at, is_cached=True) if row is not None else None


def refresh(figures: Figures) -> None:
    """Count again, for the clock, what a page would otherwise wait for. A small shop's are counted for each page
    view."""
    if is_large():
        _keep(figures.name, figures.count(), localtime.now())
    else:
        with write_transaction():
            CachedFigures.delete().where(CachedFigures.name == figures.name).execute()


def is_large() -> bool:
    """Whether figures are cached, by the highest customer id: counting the rows would cost more."""
    return bool((Customer.select(peewee.fn.MAX(Customer.id)).scalar() or 0) > LARGE)


def _count_in_background(figures: Figures) -> None:
    """Count in a thread of its own, one at a time, so that no page waits for it."""
    if _counting.acquire(blocking=False):
        threading.Thread(target=_count_and_release, args=(figures,), name="figures", daemon=True).start()


def _count_and_release(figures: Figures) -> None:
    try:
        refresh(figures)
    except Exception:  # the next page view starts it again
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


erasure.deleted(CachedFigures, lambda _: CachedFigures.id.is_null(False))
