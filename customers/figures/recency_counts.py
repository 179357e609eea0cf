"""Counts repeat buyers by the days since their last purchase, and finds them; the rules are in `recency.py`.

Each query begins with the purchases of some days and asks of each whether another came before or after, so that it
costs what these days hold and not what the shop has.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from peewee import SQL, Case, NodeList, fn

from bot.db.database import is_postgres
from customers.figures import id_ranges
from customers.figures.recency import BANDS, DUE, FEWEST_PURCHASES, UNTIL_DAYS, Band
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


def page(people: Any, after_id: int, limit: int) -> list[int]:
    """The next by id of one of these queries."""

    def of_range(above: int, up_to: int) -> Any:
        return people.where(Purchase.customer > above, Purchase.customer <= up_to)

    return id_ranges.page(of_range, after_id, limit)


def history(on: date, months: Sequence[Window]) -> tuple[dict[str, int], list[tuple[int, int]]]:
    """The repeat buyers of each band on that day, by the band's name; and of each month, those who passed 60 days and
    those in the band DUE at its end. In one statement over all purchases."""
    order: dict[str, Any] = {"partition_by": [Purchase.customer], "order_by": [Purchase.ordered_on]}
    next_on = fn.LEAD(Purchase.ordered_on).over(**order)
    is_passed = next_on.is_null() | (next_on > _days_after(Purchase.ordered_on, UNTIL_DAYS))
    # Two purchases of one day may change places: only the last of them counts, whichever it is.
    orders = (
        Purchase.select(
            Purchase.ordered_on.alias("bought_on"),
            next_on.alias("next_on"),
            fn.ROW_NUMBER().over(**order).alias("place"),
            # Asked once of each purchase, and not once for each month.
            Case(None, [(is_passed, Purchase.ordered_on)]).alias("passed_bought_on"),
        )
        .where(is_purchase(), Purchase.customer.is_null(is_null=False))
        .alias("orders")
    )
    each = orders.c
    sums = [_is_last(each, *band.bought_last(on), on) for band in BANDS]
    for month in months:
        first, last = (day - timedelta(days=UNTIL_DAYS) for day in (month.first_on, month.last_on))
        sums.append(each.passed_bought_on.between(first, last))
        sums.append(_is_last(each, *DUE.bought_last(month.last_on), month.last_on))
    counts = [fn.COALESCE(fn.SUM(Case(None, [(condition, 1)], 0)), 0) for condition in sums]
    query: Any = Purchase.select(*counts).from_(orders).where(each.place >= FEWEST_PURCHASES)
    found = [int(count) for count in query.tuples()[0]]
    bands = {band.name: count for band, count in zip(BANDS, found, strict=False)}
    rest = found[len(BANDS) :]
    return bands, list(zip(rest[::2], rest[1::2], strict=True))


def _is_last(each: Any, first: date | None, last: date, on: date) -> Any:
    """Whether an order lies within these days and is the customer's last one up to that day."""
    is_last = (each.bought_on <= last) & (each.next_on.is_null() | (each.next_on > on))
    return is_last if first is None else (each.bought_on >= first) & is_last


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
