"""Counts the steps of `repurchase.py` for a whole shop, in one statement over all purchases."""

from datetime import date

from customers.figures import bought
from customers.figures.repurchase import MOST_PLACES, WITHIN_DAYS, Step, matured_window


def steps(on: date) -> tuple[Step, ...]:
    """The steps of customers on LINE from each order number, the first to the tenth."""
    matured = matured_window(on)
    is_matured = "ordered_on BETWEEN ? AND ?"
    is_within = f"{bought.days_between('next_on', 'ordered_on')} <= {WITHIN_DAYS}"
    days = [bought.day(matured.first_on), bought.day(matured.last_on)]
    found = bought.rows(
        bought.bought(on),
        "SELECT place, COUNT(*), COUNT(next_on), "
        f"SUM(CASE WHEN {is_matured} THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN {is_matured} AND next_on IS NOT NULL AND {is_within} THEN 1 ELSE 0 END) "
        f"FROM bought WHERE place <= {MOST_PLACES} GROUP BY place",
        *days,
        *days,
    )
    by_place = {int(place): Step(int(place), *map(int, counts)) for place, *counts in found}
    return tuple(by_place.get(place, Step(place)) for place in range(1, MOST_PLACES + 1))
