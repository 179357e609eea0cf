"""Figures of purchases as both databases count them, on random shops: what the rules say of each customer."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import peewee
import pytest
from peewee import Value, fn

from bot.db.database import execute, write_transaction
from customers.figures import (
    bought,
    cohorts,
    gaps,
    payback,
    repeat_counts,
    repurchase,
    sales,
    sales_counts,
)
from customers.figures.histories import Purchased, histories
from customers.orders.tables import CANCELLED, PAID, REFUNDED, Purchase, PurchaseItem
from customers.people.customer import Customer
from customers.values import windows

TODAY = date(2026, 2, 28)
DAYS = (TODAY, date(2025, 12, 31), date(2024, 2, 29))
AT = datetime(2026, 1, 1, tzinfo=UTC)
CUSTOMERS, ORDERS = range(1, 121), 700


@dataclass
class Shop:
    """What counts of a shop's orders, and the products in it."""

    purchases: list[Purchased]
    lines: list[tuple[int, str, date]]


@cache
def drawn(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Shop]:
    """The orders of a shop, their lines, and what counts of them; ids are those of an empty database."""
    dice, orders, lines, found = random.Random(seed), [], [], Shop([], [])
    for number in range(ORDERS):
        customer = dice.choice([*CUSTOMERS[: int(dice.paretovariate(0.7) * 6)], None])
        on = TODAY - timedelta(days=int(dice.expovariate(1 / 250)) - 6)
        total = dice.choice((0, 900, 2_999, 3_000, 7_500, 18_000, 60_000))
        refunded = min(total, dice.choice((0, 0, 0, 400, 18_000)))
        state = dice.choice((PAID, PAID, PAID, PAID, CANCELLED, REFUNDED))
        orders.append({
            "source": "t", "order_number": f"N-{number}", "customer": customer, "ordered_on": on, "total_yen": total,
            "ordered_at": datetime(on.year, on.month, on.day, 3, tzinfo=UTC), "refunded_yen": refunded,
            "state": state, "recorded_at": AT,
        })  # fmt: skip
        skus = [dice.choice(("TEA", "CUP", "SOAP", "")) for _ in range(dice.randrange(3))]
        lines += [{"purchase": number + 1, "sku": sku, "name": sku} for sku in skus]
        if customer is not None and state == PAID and total > refunded:
            found.purchases.append(Purchased(customer, on, total - refunded))
            found.lines += [(customer, sku, on) for sku in skus]
    return orders, lines, found


@pytest.fixture(params=(1, 2, 3))
def shop(request: pytest.FixtureRequest) -> Shop:
    """A shop of 120: heavy buyers, orders of nobody on LINE, free ones, refunds, cancellations, days to come."""
    orders, lines, found = drawn(request.param)
    with write_transaction():
        # In a few statements: one for each row takes sixty tests a second each.
        Customer.insert_many([{"first_seen_at": AT} for _ in CUSTOMERS]).execute()
        Purchase.insert_many(orders).execute()
        PurchaseItem.insert_many(lines).execute()
    assert Customer.select(fn.MAX(Customer.id)).scalar() == CUSTOMERS[-1]
    assert Purchase.select(fn.MAX(Purchase.id)).scalar() == ORDERS
    return found


@pytest.mark.parametrize("on", DAYS)
def test_the_database_counts_what_the_rules_say(shop: Shop, on: date) -> None:
    of_all = histories(shop.purchases, on)
    assert sales_counts.of_shop(on) == sales.of_shop(of_all, on)
    assert repeat_counts.steps(on) == repurchase.steps_of(of_all, on)
    assert repeat_counts.cohorts(on) == cohorts.of_histories(of_all, on)
    assert repeat_counts.gaps_between_orders(on) == gaps.between_orders(of_all, windows.year(on))
    assert repeat_counts.gaps_by_product(on) == gaps.by_product(shop.lines, windows.year(on))
    assert repeat_counts.payback_months(on) == payback.months_of(of_all, on)


def test_figures_of_one_stored_table_are_the_same(shop: Shop) -> None:
    counts = (
        sales_counts.of_shop,
        repeat_counts.steps,
        repeat_counts.cohorts,
        repeat_counts.gaps_between_orders,
        repeat_counts.payback_months,
    )
    found = [count(TODAY) for count in counts]
    before = repeat_counts.steps(DAYS[1])
    for _ in range(2):
        with bought.stored(TODAY):
            assert [count(TODAY) for count in counts] == found
            assert repeat_counts.steps(DAYS[1]) == before, "the table is of one day"
        with pytest.raises(peewee.DatabaseError):
            execute(f"SELECT 1 FROM {bought.STORED}")


@pytest.mark.parametrize("on", DAYS[:2])
def test_groups_come_from_a_query_of_another_domain(shop: Shop, on: date) -> None:
    groups = {each.id: "even" for each in Customer.select() if each.id % 2 == 0}
    query = Customer.select(Customer.id, Value("even")).where(Customer.id.in_(list(groups)))
    found = sales_counts.by_group(on, query, "odd")
    assert found == sales.by_group(histories(shop.purchases, on), on, groups, "odd")
    assert set(found) == {"even", "odd"}


def test_the_random_shops_have_what_is_to_be_counted(shop: Shop) -> None:
    found = sales_counts.of_shop(TODAY)
    assert found.goal_count and found.stayed_count < found.before_count
    assert sum(each.buyer_count > 0 for each in found.year_classes) >= 5
    assert repeat_counts.steps(TODAY)[9].next_count
    assert set(repeat_counts.gaps_by_product(TODAY)) == {"TEA", "CUP", "SOAP"}


def test_an_empty_shop_has_figures_of_nothing() -> None:
    assert sales_counts.of_shop(TODAY) == sales.of_shop([], TODAY)
    assert repeat_counts.steps(TODAY) == repurchase.steps_of([], TODAY)
    assert repeat_counts.cohorts(TODAY) == cohorts.of_histories([], TODAY)
    assert payback.curve(repeat_counts.payback_months(TODAY), 1) == []
