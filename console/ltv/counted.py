"""Counts everything that the page of LTV shows; cached for a large shop (`console/figures/cache.py`). What winning a
customer costs is not in it: a cost that was just entered counts at once.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from bot import localtime
from console.figures import cache
from console.figures.definitions import ltv
from customers.figures import bought, gaps, repeat_counts, sales_counts
from customers.figures.cohorts import Cohort
from customers.figures.gaps import Gaps
from customers.figures.payback import Month
from customers.figures.repurchase import Step
from customers.figures.sales import Group, ShopSales

MOST_PRODUCTS = 20


@dataclass(frozen=True, slots=True)
class ProductGap:
    """A product, how often it was bought again in the last 12 months, and the median days until then."""

    name: str
    gap_count: int
    median_days: float
    sku: str = ""
    """Its code; empty where it was counted before codes were stored."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a day."""

    on: date
    counted_at: datetime
    is_cached: bool
    sales: ShopSales
    groups: dict[str, Group]
    steps: tuple[Step, ...]
    cohorts: tuple[Cohort, ...]
    gaps: Gaps
    products: tuple[ProductGap, ...]
    months: tuple[Month, ...]


def current() -> Counted | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    if shown is None:
        return None
    read = _read(shown.counted)
    return Counted(counted_at=shown.counted_at, is_cached=shown.is_cached, **read)


def refresh() -> None:
    """Count again, for the clock, what the page would otherwise wait for."""
    cache.refresh(FIGURES)


def _count() -> dict[str, Any]:
    on = localtime.today()
    with bought.stored(on) if cache.is_large() else nullcontext():
        return _counted_on(on)


def _counted_on(on: date) -> dict[str, Any]:
    return {
        "on": on.isoformat(),
        "sales": asdict(sales_counts.of_shop(on)),
        "groups": {name: asdict(group) for name, group in ltv.groups(on).items()},
        "steps": [asdict(each) for each in repeat_counts.steps(on)],
        "cohorts": [
            [each.month.isoformat(), each.size, each.bought, each.second]
            for each in repeat_counts.cohorts(on)
        ],
        "gaps": [list(each) for each in sorted(repeat_counts.gaps_between_orders(on).items())],
        "products": [asdict(each) for each in _products(on)],
        "months": [asdict(each) for each in repeat_counts.payback_months(on)],
    }


def _products(on: date) -> list[ProductGap]:
    """The products that were bought again most often."""
    found = repeat_counts.gaps_by_product(on)
    most = sorted(found, key=lambda sku: (-sum(found[sku].values()), sku))[:MOST_PRODUCTS]
    names = repeat_counts.product_names(most)
    return [
        ProductGap(names[sku], sum(found[sku].values()), gaps.median(found[sku]) or 0.0, sku) for sku in most
    ]


def _read(counted: Mapping[str, Any]) -> dict[str, Any]:
    sales = counted["sales"]
    classes = {
        name: tuple(Group(**each) for each in sales[name]) for name in ("year_classes", "matured_classes")
    }
    return {
        "on": date.fromisoformat(counted["on"]),
        "sales": ShopSales(**(sales | classes)),
        "groups": {name: Group(**each) for name, each in counted["groups"].items()},
        "steps": tuple(Step(**each) for each in counted["steps"]),
        "cohorts": tuple(
            Cohort(date.fromisoformat(month), size, tuple(bought), tuple(second))
            for month, size, bought, second in counted["cohorts"]
        ),
        "gaps": dict(counted["gaps"]),
        "products": tuple(ProductGap(**each) for each in counted["products"]),
        "months": tuple(Month(**each) for each in counted["months"]),
    }


FIGURES = cache.Figures("ltv", _count)
