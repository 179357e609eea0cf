"""The shop's average LTV in a qualifying period, against which the money axis is measured.

The average in force changes once a quarter and is fixed a quarter ahead, so that a rank card can name an
amount today that still leads to the rank in a month. It is lowered at once, which only makes ranks easier to
reach. While there are too few customers, shop.toml's own figure is in force.
"""

from datetime import date
from typing import Any

from peewee import BigIntegerField, CharField, fn

from bot import localtime
from bot.config import shop
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.figures import bought
from customers.orders.purchases import Purchase, is_purchase
from customers.values import windows
from rewards.ranks.settings import RankSection

AVERAGE_LTV = "average-ltv-yen"
"""Prefix of each name; the quarter's first day follows. A row without one is of a version before quarters."""
MONTHS_A_QUARTER = 3
TOO_FEW = 0
"""Stored in place of the figure of shop.toml, which the owner may change in the meantime."""


class ShopFigure(Model):
    """A figure of the whole shop that is too expensive to compute for each customer."""

    name = CharField(32, unique=True)
    value = BigIntegerField()
    counted_at = UtcDateTimeField()

    class Meta:
        table_name = "shop_figure"


def refresh() -> int | None:
    """Computes the average sales by customer in the qualifying period, in yen; None while there are too few
    customers.

    Fixes the next quarter's average if it is not fixed yet, and lowers this quarter's and the next's to the
    new figure. For the clock, outside a transaction: in a large shop the query takes a second, during which
    nobody else should wait for the write lock.
    """
    section, today = shop.get(RankSection), localtime.today()
    counted = _counted(section, today)
    fresh = counted or TOO_FEW
    stored = in_force(today).scalar()
    _lower(quarter_of(today), fresh if stored is None else int(stored), fresh, section)
    _lower(windows.same_day_after(quarter_of(today), MONTHS_A_QUARTER), fresh, fresh, section)
    return counted


def _lower(quarter: date, first: int, fresh: int, section: RankSection) -> None:
    """Writes the quarter's average if it has none (`first`), or if the new figure is lower."""
    name, default = _name(quarter), section.average_ltv_yen
    row = ShopFigure.get_or_none(ShopFigure.name == name)
    value = first if row is None else int(row.value)
    if (fresh or default) < (value or default):
        value = fresh
    if row is None or int(row.value) != value:
        ShopFigure.insert(name=name, value=value, counted_at=localtime.now()).on_conflict(
            conflict_target=[ShopFigure.name], preserve=[ShopFigure.value, ShopFigure.counted_at]
        ).execute()


def yen_in_force(on: date) -> int:
    """The average in force on that day, in yen."""
    return int(in_force(on).scalar() or shop.get(RankSection).average_ltv_yen)


def highest(first_on: date, last_on: date) -> int:
    """The highest average that can be in force on any of these days, in yen. A quarter that is not fixed yet
    counts as the latest that is: more than two quarters ahead is unknown."""
    quarters, quarter = [], quarter_of(first_on)
    while quarter <= last_on:
        quarters.append(yen_in_force(quarter))
        quarter = windows.same_day_after(quarter, MONTHS_A_QUARTER)
    return max(quarters)


def computed_by(section: RankSection, on: date) -> int:
    """The average on that day under these rules, in yen; computed, not stored."""
    return _counted(section, on) or section.average_ltv_yen


def in_force(on: date) -> Any:
    """Query of the average in force on that day; without a row, or with 0, shop.toml's own figure is."""
    names = ShopFigure.name.between(AVERAGE_LTV, _name(quarter_of(on)))
    return ShopFigure.select(ShopFigure.value).where(names).order_by(ShopFigure.name.desc()).limit(1)


def quarter_of(day: date) -> date:
    """The first day of the calendar quarter."""
    return date(day.year, day.month - (day.month - 1) % MONTHS_A_QUARTER, 1)


def _name(quarter: date) -> str:
    return f"{AVERAGE_LTV}:{quarter}"


def _counted(section: RankSection, on: date) -> int | None:
    period = windows.months(on, section.qualifying_months)
    yen = fn.SUM(Purchase.total_yen - Purchase.refunded_yen).alias("yen")
    each = Purchase.select(yen).where(is_purchase(), Purchase.customer.is_null(False), bought.on_days(period))
    buyers = each.group_by(Purchase.customer).alias("buyers")
    sums = fn.COUNT(buyers.c.yen), fn.COALESCE(fn.SUM(buyers.c.yen), 0)
    customers, sales = Purchase.select(*sums).from_(buyers).tuples().first()
    return max(1, int(sales) // int(customers)) if customers >= max(1, section.fewest_customers) else None


erasure.nothing("It is one figure of all customers.", ShopFigure)
