"""Sums both sides of a comparison in the database: who bought after the assignment, and for how much.

One statement whatever the number of customers, the same on SQLite and PostgreSQL. What the sums say is in
`statistics/`; which assignments are compared is left to the caller.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.db.database import execute, is_postgres, stored
from bot.db.shifted_moments import days_after
from customers.orders.purchases import is_purchase_sql
from journeys.proof.statistics.values import Arm, Sums

YEAR_DAYS = 365
"""Sales of so many days before the assignment are what the customer is compared by (CUPED)."""
LATELY_DAYS = 30
_WITH_THE_PRODUCT = (
    "AND (p.ordered_at <= f.assigned_at OR EXISTS (SELECT 1 FROM purchase_item i JOIN product r ON r.sku = i.sku "
    "WHERE i.purchase_id = p.id AND r.id = f.product_id)) "
)


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many customers were assigned, whether or not their outcome window has passed."""

    treated: int = 0
    held_out: int = 0
    lately: int = 0
    """Of both, those of the last LATELY_DAYS."""


def of_assignments(
    assigned: Any, outcome_days: int, until: datetime, *, of_product: bool = False
) -> tuple[Arm, Arm]:
    """The treated and the held-out arm. `assigned` is a peewee query of `customer_id`, `assigned_at` and the boolean
    `is_held_out`, one row for each assignment within one period; a customer's first one counts. Only those whose
    window of `outcome_days` has passed by `until` are in, and no member of staff. With `of_product`, the query also
    has a `product_id`, and only orders with that product count within the window.

    Sales are orders within the window, not cancelled, less refunds; those of the year before are the other amount.
    Each is capped at its 99th percentile of both arms together, or at the highest where that would be zero."""
    bounds = f", {_shifted(outcome_days)} AS ends, {_shifted(-YEAR_DAYS)} AS begins"
    bounds += ", a.product_id" if of_product else ""
    which = _WITH_THE_PRODUCT if of_product else ""
    sql, values = _first(assigned, bounds)
    rows = execute(
        f"{sql}, bought AS (SELECT f.side, "  # noqa: S608 -- fixed SQL around a query of our own
        "COALESCE(SUM(CASE WHEN p.ordered_at > f.assigned_at THEN p.total_yen - p.refunded_yen ELSE 0 END), 0) AS y, "
        "COALESCE(SUM(CASE WHEN p.ordered_at <= f.assigned_at THEN p.total_yen - p.refunded_yen ELSE 0 END), 0) AS x "
        "FROM first_one f LEFT JOIN purchase p ON p.customer_id = f.customer_id "
        f"AND {is_purchase_sql('p')} AND p.ordered_at > f.begins AND p.ordered_at <= f.ends {which}"
        "WHERE f.assigned_at <= ? GROUP BY f.customer_id, f.side), "
        "ranked AS (SELECT side, y, x, COUNT(*) OVER () AS n, ROW_NUMBER() OVER (ORDER BY y) AS y_place, "
        "ROW_NUMBER() OVER (ORDER BY x) AS x_place FROM bought), "
        f"caps AS (SELECT {_cap('y')} AS y_cap, {_cap('x')} AS x_cap FROM ranked), "
        "capped AS (SELECT side, CASE WHEN y > 0 THEN 1 ELSE 0 END AS buys, "
        f"{_capped('y')} AS y, {_capped('x')} AS x FROM ranked CROSS JOIN caps) "
        "SELECT side, COUNT(*), SUM(buys), SUM(y), SUM(y * y), SUM(x), SUM(x * x), SUM(x * y) "
        "FROM capped GROUP BY side",
        *values,
        stored(until - timedelta(days=outcome_days)),
    ).fetchall()
    arms = {
        side: Arm(int(count), int(buyers), Sums(*(float(each) for each in sums)))
        for side, count, buyers, *sums in rows
    }
    return arms.get(0, Arm(0, 0)), arms.get(1, Arm(0, 0))


def counts(assigned: Any, until: datetime) -> Assigned:
    """How many customers were assigned so far, and lately; each at their first assignment."""
    sql, values = _first(assigned)
    rows = execute(
        f"{sql} SELECT side, COUNT(*), SUM(CASE WHEN assigned_at > ? THEN 1 ELSE 0 END) FROM first_one GROUP BY side",  # noqa: S608 -- fixed SQL around a query of our own
        *values,
        stored(until - timedelta(days=LATELY_DAYS)),
    ).fetchall()
    found = {side: (int(count), int(lately)) for side, count, lately in rows}
    (treated, lately), (held_out, held_out_lately) = found.get(0, (0, 0)), found.get(1, (0, 0))
    return Assigned(treated, held_out, lately + held_out_lately)


def _first(assigned: Any, columns: str = "") -> tuple[str, list[Any]]:
    """The beginning of a statement: each customer's first assignment, as `first_one`, with more columns. They stand
    beside the window function, so that SQLite computes them once for each row and not once for each order."""
    sql, values = assigned.sql()
    if is_postgres():
        sql = sql.replace("%s", "?").replace("%%", "%")
    return (
        "WITH first_one AS (SELECT * FROM (SELECT a.customer_id, a.assigned_at"  # noqa: S608 -- fixed SQL around a query of our own
        f"{columns}, "
        "CASE WHEN a.is_held_out THEN 1 ELSE 0 END AS side, ROW_NUMBER() OVER "
        "(PARTITION BY a.customer_id ORDER BY a.assigned_at, CASE WHEN a.is_held_out THEN 1 ELSE 0 END) AS place "
        f"FROM ({sql}) a WHERE a.customer_id NOT IN (SELECT customer_id FROM staff_line)) b WHERE place = 1)",
        list(values),
    )


def _shifted(days: int) -> str:
    return days_after("a.assigned_at", days)


def _cap(name: str) -> str:
    return f"COALESCE(NULLIF(MIN(CASE WHEN {name}_place * 100 >= n * 99 THEN {name} END), 0), MAX({name}))"


def _capped(name: str) -> str:
    return f"CAST(CASE WHEN {name} > {name}_cap THEN {name}_cap ELSE {name} END AS DOUBLE PRECISION)"
