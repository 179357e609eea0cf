"""Counts the figures of `sales.py` for a whole shop, each in one statement over all purchases."""

from datetime import date
from typing import Any

from customers.figures import bought
from customers.figures.histories import YEAR_DAYS
from customers.figures.sales import CLASS_BOUNDS, CLASS_COUNT, GOAL_ORDERS, GOAL_YEN, Group, ShopSales
from customers.values import windows


def of_shop(on: date) -> ShopSales:
    """The figures of customers on LINE on that day."""
    is_matured = f"{bought.days_between('?', 'first_on')} >= {YEAR_DAYS}"
    found = bought.rows(
        bought.by_customer(on),
        "SELECT year_class, matured_class, COUNT(*), SUM(year_count), SUM(year_yen), SUM(year_square), "
        "SUM(first_count), SUM(first_yen), SUM(first_square), SUM(is_goal), SUM(was_before), SUM(stayed) "
        f"FROM (SELECT CASE WHEN year_count > 0 THEN {_class('year_yen')} END AS year_class, "
        f"CASE WHEN {is_matured} THEN {_class('first_yen')} END AS matured_class, "
        f"year_count, year_yen, {_square('year_yen')} AS year_square, "
        f"first_count, first_yen, {_square('first_yen')} AS first_square, "
        f"CASE WHEN year_yen >= {GOAL_YEN} AND year_count >= {GOAL_ORDERS} THEN 1 ELSE 0 END AS is_goal, "
        "CASE WHEN before_count > 0 THEN 1 ELSE 0 END AS was_before, "
        "CASE WHEN before_count > 0 AND year_count > 0 THEN 1 ELSE 0 END AS stayed FROM customers) each_one "
        "GROUP BY year_class, matured_class",
        bought.day(on),
    )
    year, matured = [Group()] * CLASS_COUNT, [Group()] * CLASS_COUNT
    for year_class, matured_class, count, *sums in found:
        if year_class is not None:
            year[int(year_class)] += _group(count, *sums[:3])
        if matured_class is not None:
            matured[int(matured_class)] += _group(count, *sums[3:6])
    goal, before, stayed = (sum(int(row[place]) for row in found) for place in (9, 10, 11))
    return ShopSales(tuple(year), tuple(matured), goal, before, stayed)


def by_group(on: date, groups: Any, other: str) -> dict[str, Group]:
    """The last 12 months of those who bought in them, by group. `groups` is a query of a customer's id and the name of
    their group, which another domain supplies; `other` names the group of the rest."""
    of_groups, values = bought.text_of(groups)
    sql, of_table = bought.year_of_customers(windows.year(on))
    found = bought.rows(
        (f"{sql}, named (customer_id, name) AS ({of_groups})", [*of_table, *values]),
        "SELECT COALESCE(name, ?) AS group_name, COUNT(*), SUM(year_count), SUM(year_yen), "
        f"SUM({_square('year_yen')}) FROM customers LEFT JOIN named ON named.customer_id = customers.customer_id "
        "GROUP BY group_name",
        other,
    )
    return {name: _group(*sums) for name, *sums in found}


def _group(buyer_count: Any, order_count: Any, yen: Any, squares: Any) -> Group:
    return Group(int(buyer_count), int(order_count), int(yen), float(squares))


def _class(column: str) -> str:
    return (
        "(" + " + ".join(f"CASE WHEN {column} >= {bound} THEN 1 ELSE 0 END" for bound in CLASS_BOUNDS) + ")"
    )


def _square(column: str) -> str:
    # As floats: the sum of squares of a large shop exceeds the range of integers.
    return f"CAST({column} AS DOUBLE PRECISION) * {column}"
