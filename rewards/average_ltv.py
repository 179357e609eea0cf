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

    For the clock, once a night, outside a transaction: in a large shop the counting takes a second, in which nobody
    else shall wait for the write lock.
    """
    customers, sales = (
        Purchase.select(
            fn.COUNT(fn.DISTINCT(Purchase.customer)),
            fn.COALESCE(fn.SUM(Purchase.total_yen - Purchase.refunded_yen), 0),
        )
        .where(Purchase.state == PAID, Purchase.customer.is_null(False), Purchase.ordered_on >= first_day())
        .tuples()
        .first()
    )
    if customers < shop.get(RankSection).fewest_customers:
        ShopFigure.delete().where(ShopFigure.name == AVERAGE_LTV).execute()
        return None
    average = max(1, int(sales) // int(customers))
    ShopFigure.insert(name=AVERAGE_LTV, value=average, counted_at=localtime.now()).on_conflict(
        conflict_target=[ShopFigure.name], preserve=[ShopFigure.value, ShopFigure.counted_at]
    ).execute()
    return average


def kept() -> Any:
    """Query of the average as last counted; it has no row while customers are too few."""
    return ShopFigure.select(ShopFigure.value).where(ShopFigure.name == AVERAGE_LTV)


def first_day() -> date:
    """The first day of the qualifying period that ends today."""
    return months_before(localtime.today(), shop.get(RankSection).qualifying_months)
