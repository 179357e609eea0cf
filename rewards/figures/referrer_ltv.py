"""The LTV of customers who brought buyers, and of all others, as sums over those who bought in the year.

An average and its interval are made of the sums by `customers/figures/intervals.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from customers.figures.intervals import Sums, of_amounts
from customers.orders.purchases import Purchase, is_purchase
from customers.values import windows
from rewards.figures import referral_counts
from rewards.referrals.tables import Referral


@dataclass(frozen=True, slots=True)
class ReferrerLtv:
    """The sales of each group in the year, and what referrers were before their first friend joined."""

    referrers: Sums
    others: Sums
    referrer_count: int
    """All who brought a buyer, with purchases in the year or without."""
    regular_count: int
    """Of these, how many had bought twice or more on the days before their first friend joined."""


def of_sales(sales_yen: Mapping[int, int], referrer_ids: Iterable[int]) -> tuple[Sums, Sums]:
    """Pure: the sums of referrers and of others, of each customer's sales in the year; those of ¥0 are no buyers."""
    referrers = set(referrer_ids)
    bought = {customer: yen for customer, yen in sales_yen.items() if yen > 0}
    return (
        of_amounts([yen for customer, yen in bought.items() if customer in referrers]),
        of_amounts([yen for customer, yen in bought.items() if customer not in referrers]),
    )


def of_shop(on: date) -> ReferrerLtv:
    """Both groups' sums over the year that ends on that day, in two statements."""
    year = windows.year(on)
    bought = (
        Purchase.select(
            Purchase.customer.alias("customer"),
            fn.SUM(Purchase.total_yen - Purchase.refunded_yen).alias("yen"),
        )
        .where(
            Purchase.customer.is_null(False),
            is_purchase(),
            Purchase.ordered_on.between(year.first_on, year.last_on),
        )
        .group_by(Purchase.customer)
        .alias("bought")
    )
    brought = referral_counts.referrers(on).alias("brought")
    is_referrer = Case(None, [(brought.c.referrer_id.is_null(False), 1)], 0)
    yen = bought.c.yen.cast("DOUBLE PRECISION")  # a large shop's sum of squares exceeds the range of integers
    rows: Any = (
        Purchase.select(is_referrer, fn.COUNT(bought.c.customer), fn.SUM(bought.c.yen), fn.SUM(yen * yen))
        .from_(bought)
        .join(brought, JOIN.LEFT_OUTER, on=(brought.c.referrer_id == bought.c.customer))
        .group_by(is_referrer)
        .tuples()
    )
    sums = {int(group): Sums(int(count), int(total), float(squares)) for group, count, total, squares in rows}
    nothing = Sums(0, 0, 0.0)
    all_count, regular_count = _before_referring(on)
    return ReferrerLtv(sums.get(1, nothing), sums.get(0, nothing), all_count, regular_count)


def _before_referring(on: date) -> tuple[int, int]:
    first = (
        Referral.select(Referral.referrer.alias("customer"), fn.MIN(Referral.joined_at).alias("joined_at"))
        .where(Referral.referrer.in_(referral_counts.referrers(on)))
        .group_by(Referral.referrer)
        .alias("first")
    )
    before = Purchase.select(fn.COUNT(Purchase.id)).where(
        Purchase.customer == first.c.customer,
        is_purchase(),
        Purchase.ordered_at < first.c.joined_at,
    )
    row: Any = (
        Referral.select(fn.COUNT(first.c.customer), fn.COALESCE(fn.SUM(Case(None, [(before >= 2, 1)], 0)), 0))
        .from_(first)
        .tuples()
        .first()
    )
    return int(row[0]), int(row[1])
