"""The purchases of customers on LINE by a day as tables of SQL, for counting a whole shop in one pass.

`bought` has a row for each purchase: customer_id, ordered_on, yen, place (from 1), first_on and before_on (the days of
the customer's first and of the previous purchase). `customers` has a row for each customer. `histories.py` is the same
in Python.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import date
from typing import Any

import peewee
from peewee import fn

from bot.db.database import database, execute, is_postgres
from customers.figures.histories import YEAR_DAYS
from customers.orders.purchases import is_purchase
from customers.orders.tables import Purchase
from customers.values import windows
from customers.values.windows import Window

Table = tuple[str, list[Any]]
"""Text of SQL with a `?` for each value, and the values."""
STORED = "bought_by_that_day"
_stored_day: ContextVar[date | None] = ContextVar("_stored_day", default=None)


def text_of(query: Any) -> Table:
    """A query of peewee as text for `database.execute`."""
    sql, values = query.sql()
    if is_postgres():
        sql = sql.replace("%s", "?").replace("%%", "%")
    return sql, list(values)


def day(on: date) -> Any:
    """A day as a value of fixed SQL."""
    return on if is_postgres() else on.isoformat()


def days_between(later: str, earlier: str) -> str:
    """The whole days from one day to another, as an SQL expression."""
    if is_postgres():
        return f"(CAST({later} AS DATE) - CAST({earlier} AS DATE))"
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


def month_number(column: str) -> str:
    """The number of a day's month (12 a year, counted from year 0), as an SQL expression; see `month_of`."""
    if is_postgres():
        return f"CAST(EXTRACT(YEAR FROM {column}) * 12 + EXTRACT(MONTH FROM {column}) - 1 AS INTEGER)"
    return f"(CAST(substr({column}, 1, 4) AS INTEGER) * 12 + CAST(substr({column}, 6, 2) AS INTEGER) - 1)"


def month_of(number: int) -> date:
    """The first day of the month with that number."""
    return date(number // 12, number % 12 + 1, 1)


def number_of(month: date) -> int:
    """The number of that day's month."""
    return month.year * 12 + month.month - 1


@contextmanager
def stored(on: date) -> Iterator[None]:
    """For several figures of one day of a large shop: makes the table of purchases once, as a temporary table, and not
    for each statement. Not inside a transaction; it takes no lock that writers wait for."""
    sql, values = _bought(on)
    # Behind a transaction pooler, a temporary table is there for one transaction only.
    with database.atomic() if is_postgres() else nullcontext():
        until = "ON COMMIT DROP" if is_postgres() else ""
        execute(f"CREATE TEMPORARY TABLE {STORED} {until} AS {sql}", *values)
        before = _stored_day.set(on)
        try:
            yield
        finally:
            _stored_day.reset(before)
            if not is_postgres():
                execute(f"DROP TABLE {STORED}")


def bought(on: date) -> Table:
    """The table of purchases by that day, as the beginning of a statement."""
    sql, values = (f"SELECT * FROM {STORED}", []) if _stored_day.get() == on else _bought(on)
    return f"WITH bought AS ({sql})", values


def _bought(on: date) -> Table:
    # Of one order and frame, so that SQLite goes through the purchases once for all three, in the order of their index.
    # Two purchases of one day may change places: no figure asks which of them is which.
    window: dict[str, Any] = {
        "partition_by": [Purchase.customer],
        "order_by": [Purchase.ordered_on],
        "frame_type": peewee.Window.ROWS,
        "start": peewee.Window.preceding(),
        "end": peewee.Window.CURRENT_ROW,
    }
    return text_of(
        Purchase.select(
            Purchase.customer.alias("customer_id"),
            Purchase.ordered_on,
            (Purchase.total_yen - Purchase.refunded_yen).alias("yen"),
            fn.ROW_NUMBER().over(**window).alias("place"),
            fn.FIRST_VALUE(Purchase.ordered_on).over(**window).alias("first_on"),
            fn.LAG(Purchase.ordered_on).over(**window).alias("before_on"),
        ).where(Purchase.customer.is_null(False), is_purchase(), Purchase.ordered_on <= on)
    )


def by_customer(on: date) -> Table:
    """Also the table of customers who had bought by that day: first_on; of the last 12 months year_count and year_yen;
    of those before before_count; of the first 365 days first_count and first_yen."""
    sql, values = bought(on)
    year, before = windows.year(on), windows.year_before(on)
    in_year, was_before = "ordered_on >= ?", "ordered_on BETWEEN ? AND ?"
    in_first_year = f"{days_between('ordered_on', 'first_on')} < {YEAR_DAYS}"
    sql += (
        ", customers AS (SELECT customer_id, MIN(first_on) AS first_on, "
        f"{_count(in_year)} AS year_count, {_yen(in_year)} AS year_yen, {_count(was_before)} AS before_count, "
        f"{_count(in_first_year)} AS first_count, {_yen(in_first_year)} AS first_yen "
        "FROM bought GROUP BY customer_id)"
    )
    days = [year.first_on, year.first_on, before.first_on, before.last_on]
    return sql, [*values, *map(day, days)]


def on_days(window: Window) -> Any:
    """The condition that a purchase was on these days, for sums by customer over many days: with `+`, SQLite reads the
    index of customers, which has all that is summed, and not each purchase by its day (a tenth of the time)."""
    column = Purchase.ordered_on if is_postgres() else peewee.NodeList((peewee.SQL("+"), Purchase.ordered_on))
    return column.between(window.first_on, window.last_on)


def year_of_customers(year: Window) -> Table:
    """The table of customers who bought on these days, with year_count and year_yen alone."""
    sql, values = text_of(
        Purchase.select(
            Purchase.customer.alias("customer_id"),
            fn.COUNT(Purchase.id).alias("year_count"),
            fn.SUM(Purchase.total_yen - Purchase.refunded_yen).alias("year_yen"),
        )
        .where(
            Purchase.customer.is_null(False),
            is_purchase(),
            on_days(year),
        )
        .group_by(Purchase.customer)
    )
    return f"WITH customers AS ({sql})", values


def rows(table: Table, select: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the rest of the statement finds in these tables."""
    sql, of_table = table
    found: list[tuple[Any, ...]] = execute(f"{sql} {select}", *of_table, *values).fetchall()
    return found


def _count(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def _yen(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN yen ELSE 0 END)"
