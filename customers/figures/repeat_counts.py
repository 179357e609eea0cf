"""Counts whether and when customers come back, for a whole shop, each in one statement over all purchases: the steps
from order to order (`repurchase.py`), cohorts (`cohorts.py`), gaps (`gaps.py`), and the months until payback
(`payback.py`).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from customers.figures import bought
from customers.figures.cohorts import MONTH_COUNT, Cohort, Place, assemble
from customers.figures.gaps import Gaps
from customers.figures.payback import MONTH_DAYS, MOST_MONTHS, Month
from customers.figures.repurchase import MOST_PLACES, WITHIN_DAYS, Step, matured_window
from customers.orders.purchases import is_purchase
from customers.orders.tables import Product, Purchase, PurchaseItem
from customers.values import windows
from customers.values.windows import first_of_month

NOBODY = (0, 0, 0)


def steps(on: date) -> tuple[Step, ...]:
    """The steps of customers on LINE from each order number, the first to the tenth."""
    matured = matured_window(on)
    days = [bought.day(matured.first_on), bought.day(matured.last_on)]
    # The row of an order says how it follows the one before.
    followed = (
        f"before_on BETWEEN ? AND ? AND {bought.days_between('ordered_on', 'before_on')} <= {WITHIN_DAYS}"
    )
    found = bought.rows(
        bought.bought(on),
        "SELECT place, COUNT(*), SUM(CASE WHEN ordered_on BETWEEN ? AND ? THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN {followed} THEN 1 ELSE 0 END) FROM bought WHERE place <= {MOST_PLACES + 1} GROUP BY place",
        *days,
        *days,
    )
    counts = {int(place): [int(each) for each in counted] for place, *counted in found}
    return tuple(
        _step(place, counts.get(place, NOBODY), counts.get(place + 1, NOBODY))
        for place in range(1, MOST_PLACES + 1)
    )


def _step(place: int, here: Sequence[int], following: Sequence[int]) -> Step:
    reached_count, matured_count, _ = here
    next_count, _, within_count = following
    return Step(place, reached_count, next_count, matured_count, within_count)


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


def gaps_between_orders(on: date) -> Gaps:
    """The gaps between orders of customers on LINE that ended in the last 12 months."""
    found = bought.rows(
        bought.bought(on),
        f"SELECT {bought.days_between('ordered_on', 'before_on')} AS days, COUNT(*) FROM bought "
        "WHERE before_on IS NOT NULL AND ordered_on >= ? GROUP BY days",
        bought.day(windows.year(on).first_on),
    )
    return {int(days): int(count) for days, count in found}


def gaps_by_product(on: date) -> dict[str, Gaps]:
    """The gaps of each product that ended in the last 12 months, by its code."""
    ours = Purchase.customer.is_null(False) & is_purchase() & (Purchase.ordered_on <= on)
    days = (
        PurchaseItem.select(Purchase.customer.alias("customer_id"), PurchaseItem.sku, Purchase.ordered_on)
        .join(Purchase)
        .where(ours, PurchaseItem.sku != "")
    )
    sql, values = bought.text_of(days)
    found = bought.rows(
        (
            f"WITH days AS ({sql}), gaps AS (SELECT sku, ordered_on, LAG(ordered_on) OVER "
            "(PARTITION BY customer_id, sku ORDER BY ordered_on) AS before_on FROM days)",
            values,
        ),
        f"SELECT sku, {bought.days_between('ordered_on', 'before_on')} AS days, COUNT(*) FROM gaps "
        # Twice on one day is once: only the first of the day follows an earlier one.
        "WHERE before_on < ordered_on AND ordered_on >= ? GROUP BY sku, days",
        bought.day(windows.year(on).first_on),
    )
    gaps: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for sku, days_between, count in found:
        gaps[sku][int(days_between)] = int(count)
    return dict(gaps)


def product_names(skus: Sequence[str]) -> dict[str, str]:
    """The names of these products, by code; the code where a product has none."""
    rows: Any = Product.select(Product.sku, Product.name).where(Product.sku.in_(list(skus))).tuples()
    return {sku: sku for sku in skus} | {sku: name or sku for sku, name in rows}


def payback_months(on: date) -> tuple[Month, ...]:
    """The first 24 months since the first purchase of customers on LINE."""
    over = f"{bought.days_between('?', 'first_on')} / {MONTH_DAYS}"
    since = f"{bought.days_between('ordered_on', 'first_on')} / {MONTH_DAYS}"
    found = bought.rows(
        bought.bought(on),
        f"SELECT {over} AS months_over, {since} AS month, SUM(CASE WHEN place = 1 THEN 1 ELSE 0 END), SUM(yen) "
        "FROM bought GROUP BY months_over, month",
        bought.day(on),
    )
    counts, yen = [0] * MOST_MONTHS, [0] * MOST_MONTHS
    for months_over, month, customer_count, month_yen in found:
        for place in range(min(int(months_over), MOST_MONTHS)):
            counts[place] += int(customer_count)
        if month < min(months_over, MOST_MONTHS):
            yen[int(month)] += int(month_yen)
    return tuple(Month(*each) for each in zip(counts, yen, strict=True))
