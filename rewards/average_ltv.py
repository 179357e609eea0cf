"""Decides what the shop's average customer is worth in a qualifying period: the yardstick of everybody's money."""

from datetime import date
from typing import Any

from peewee import BigIntegerField, CharField, fn

from bot import localtime, shop
from bot.database import Model, UtcDateTimeField
from customers.purchases import PAID, Purchase
from rewards.qualifying_period import months_before
from rewards.rules import RankSection

AVERAGE_LTV = "average-ltv-yen"


class ShopFigure(Model):
    """A figure of the whole shop that is too dear to count for each customer."""

    name = CharField(32, unique=True)
    value = BigIntegerField()
    counted_at = UtcDateTimeField()

    class Meta:
        table_name = "shop_figure"


def refresh() -> int | None:
    """Count the shop's average sales by customer in the qualifying period; None while customers are too few.

    For the clock, outside a transaction: in a large shop the counting takes a second, in which nobody else shall
    wait for the write lock.
    """
    average = _counted(shop.get(RankSection), localtime.today(), date.max)
    if average is None:
        ShopFigure.delete().where(ShopFigure.name == AVERAGE_LTV).execute()
        return None
    ShopFigure.insert(name=AVERAGE_LTV, value=average, counted_at=localtime.now()).on_conflict(
        conflict_target=[ShopFigure.name], preserve=[ShopFigure.value, ShopFigure.counted_at]
    ).execute()
    return average


def known() -> int:
    """What everybody's money is measured against now."""
    value = kept().scalar()
    return int(value or shop.get(RankSection).average_ltv_yen)


def under(section: RankSection, on: date) -> int:
    """What money would be measured against on that day under those rules; counted, and kept nowhere."""
    return _counted(section, on, on) or section.average_ltv_yen


def _counted(section: RankSection, today: date, last_on: date) -> int | None:
    first_on = months_before(today, section.qualifying_months)
    customers, sales = (
        Purchase.select(
            fn.COUNT(fn.DISTINCT(Purchase.customer)),
            fn.COALESCE(fn.SUM(Purchase.total_yen - Purchase.refunded_yen), 0),
        )
        .where(
            Purchase.state == PAID,
            Purchase.customer.is_null(False),
            Purchase.ordered_on.between(first_on, last_on),
        )
        .tuples()
        .first()
    )
    return max(1, int(sales) // int(customers)) if customers >= max(1, section.fewest_customers) else None


def kept() -> Any:
    """Query of the average as last counted; it has no row while customers are too few."""
    return ShopFigure.select(ShopFigure.value).where(ShopFigure.name == AVERAGE_LTV)
