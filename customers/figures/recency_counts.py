"""Counts repeat buyers by the days since their last purchase, and finds them; the rules are in `recency.py`.

Each query begins with the purchases of some days and asks of each whether another came before or after, so that it
costs what these days hold and not what the shop has.
"""

from datetime import date, timedelta
from typing import Any

from peewee import SQL, NodeList, fn

from bot.db.database import is_postgres
from customers.figures.recency import UNTIL_DAYS, Band
from customers.orders.purchases import is_purchase
from customers.orders.tables import PAID, Purchase
from customers.values.windows import Window

_Other: Any = Purchase.alias()


def people_in(band: Band, on: date) -> Any:
    """Query of the repeat buyers in that band on that day."""
    first, last = band.bought_last(on)
    bought = _repeat(first, last)
    return bought.where(
        ~fn.EXISTS(_others().where(_Other.ordered_on > Purchase.ordered_on, _Other.ordered_on <= on))
    )


def count_in(band: Band, on: date) -> int:
    """How many they are."""
    return int(people_in(band, on).count())


def people_passed(window: Window, days: int = UNTIL_DAYS) -> Any:
    """Query of the repeat buyers whose last purchase became so many days old within these days."""
    lag = timedelta(days=days)
    bought = _repeat(window.first_on - lag, window.last_on - lag)
    again = (_Other.ordered_on > Purchase.ordered_on) & (
        _Other.ordered_on <= _days_after(Purchase.ordered_on, days)
    )
    return bought.where(~fn.EXISTS(_others().where(again)))


def count_passed(window: Window, days: int = UNTIL_DAYS) -> int:
    """How many they are."""
    return int(people_passed(window, days).count())


def _days_after(column: Any, days: int) -> Any:
    if is_postgres():
        return NodeList((column, SQL(f"+ {days}")))
    return fn.DATE(column, f"+{days} days")


def _repeat(first: date | None, last: date) -> Any:
    """Customers with a purchase within these days that was not their first one."""
    found = Purchase.select(Purchase.customer).where(
        is_purchase(), Purchase.customer.is_null(is_null=False), Purchase.ordered_on <= last
    )
    if first is not None:
        found = found.where(Purchase.ordered_on >= first)
    earlier = (_Other.ordered_on < Purchase.ordered_on) | (
        (_Other.ordered_on == Purchase.ordered_on) & (_Other.id != Purchase.id)
    )
    return found.where(fn.EXISTS(_others().where(earlier))).distinct()


def _others() -> Any:
    return _Other.select(_Other.id).where(
        _Other.customer == Purchase.customer,
        _Other.state == PAID,
        _Other.total_yen > _Other.refunded_yen,
    )
