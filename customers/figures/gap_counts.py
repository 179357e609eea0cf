"""Counts the gaps of `gaps.py` for a whole shop, each in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from customers.figures import bought
from customers.figures.gaps import Gaps
from customers.orders.purchases import is_purchase
from customers.orders.tables import Product, Purchase, PurchaseItem
from customers.values import windows


def between_orders(on: date) -> Gaps:
    """The gaps between orders of customers on LINE that ended in the last 12 months."""
    found = bought.rows(
        bought.bought(on),
        f"SELECT {bought.days_between('next_on', 'ordered_on')} AS days, COUNT(*) FROM bought "
        "WHERE next_on >= ? GROUP BY days",
        bought.day(windows.year(on).first_on),
    )
    return {int(days): int(count) for days, count in found}


def by_product(on: date) -> dict[str, Gaps]:
    """The gaps of each product that ended in the last 12 months, by its code."""
    ours = Purchase.customer.is_null(False) & is_purchase() & (Purchase.ordered_on <= on)
    days = (
        PurchaseItem.select(Purchase.customer.alias("customer_id"), PurchaseItem.sku, Purchase.ordered_on)
        .join(Purchase)
        .where(ours, PurchaseItem.sku != "")
        .distinct()
    )
    sql, values = bought.text_of(days)
    found = bought.rows(
        (
            f"WITH days AS ({sql}), gaps AS (SELECT sku, ordered_on, LAG(ordered_on) OVER "
            "(PARTITION BY customer_id, sku ORDER BY ordered_on) AS before_on FROM days)",
            values,
        ),
        f"SELECT sku, {bought.days_between('ordered_on', 'before_on')} AS days, COUNT(*) FROM gaps "
        "WHERE before_on IS NOT NULL AND ordered_on >= ? GROUP BY sku, days",
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
