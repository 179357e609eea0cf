"""Counts the cohorts of `cohorts.py` for a whole shop, in one statement over the purchases of their customers."""

from datetime import date
from typing import Any

from customers.figures import bought
from customers.figures.cohorts import MONTH_COUNT, Cohort, Place, assemble
from customers.values.windows import first_of_month


def cohorts(on: date) -> list[Cohort]:
    """The cohorts of customers on LINE of the running month and the twelve before, oldest first."""
    running = bought.number_of(on)
    first, this = bought.month_number("first_on"), bought.month_number("ordered_on")
    found = bought.rows(
        bought.bought(on),
        "SELECT first_month, month - first_month, COUNT(*), SUM(is_second) FROM "
        f"(SELECT {first} AS first_month, {this} AS month, "
        "MAX(CASE WHEN place = 2 THEN 1 ELSE 0 END) AS is_second FROM bought "
        "WHERE first_on >= ? GROUP BY customer_id, first_on, month) each_month GROUP BY first_month, month",
        bought.day(first_of_month(on, MONTH_COUNT - 1)),
    )
    counts: list[dict[Place, int]] = [{}, {}]
    row: tuple[Any, ...]
    for row in found:
        place = running - int(row[0]), int(row[1])
        counts[0][place], counts[1][place] = int(row[2]), int(row[3])
    return assemble(counts[0], counts[1], on)
