"""Figures over purchases: a customer's year, averages with their margin, second purchases."""

from datetime import UTC, date, datetime

import pytest

from bot.db.database import write_transaction
from customers.orders import ltv, purchases
from customers.orders.order import Order
from customers.people.customer import Customer

pytestmark = pytest.mark.usefixtures("any_database")

TODAY = date(2026, 3, 31)
# Who bought what on which day.
HISTORY = [
    ("hanako", date(2025, 3, 31), 9_000),  # a day too old for the year
    ("hanako", date(2025, 4, 1), 10_000),
    ("hanako", date(2026, 2, 20), 8_000),
    ("taro", date(2026, 1, 20), 4_000),
    ("taro", date(2026, 2, 5), 2_000),
    ("jiro", date(2026, 2, 10), 6_000),
    ("saburo", date(2024, 1, 1), 1_000),
]


@pytest.fixture(autouse=True)
def history(any_database: object) -> None:
    with write_transaction():
        for number, (name, on, yen) in enumerate(HISTORY):
            purchases.record(
                Order(
                    source="csv",
                    order_number=f"A-{number}",
                    ordered_at=datetime(on.year, on.month, on.day, 3, tzinfo=UTC),
                    ordered_on=on,
                    total_yen=yen,
                    line_user_id=name,
                )
            )


def worth_of(*names: str) -> ltv.Ltv:
    return ltv.average(TODAY, Customer.select(Customer.id).where(Customer.line_user_id.in_(names)))


def test_a_customer_s_year_begins_the_day_after_a_year_ago() -> None:
    assert ltv.year_ending(TODAY) == (date(2025, 4, 1), TODAY)
    assert ltv.year_ending(date(2024, 2, 29)) == (date(2023, 3, 1), date(2024, 2, 29))
    bought, nothing = worth_of("hanako"), worth_of("saburo")
    assert (bought.purchase_count, bought.sales_yen) == (2, 18_000)
    assert (nothing.customer_count, nothing.purchase_count, nothing.sales_yen) == (1, 0, 0)


def test_the_average_is_of_those_who_bought_in_the_year() -> None:
    everyone = ltv.average(TODAY)
    assert (everyone.customer_count, everyone.buyer_count, everyone.sales_yen) == (4, 3, 30_000)
    assert everyone.average_yen == 10_000
    assert everyone.deviation_yen == pytest.approx(6928.2, abs=0.1)
    assert everyone.margin_yen == 7840


def test_a_cohort_is_a_query_of_customer_ids() -> None:
    promoters, nobody = worth_of("hanako", "saburo"), worth_of("shiro")
    assert (promoters.customer_count, promoters.average_yen, promoters.margin_yen) == (2, 18_000, None)
    assert nobody.average_yen is None


def test_refunds_and_cancelled_orders_are_no_sales() -> None:
    with write_transaction():
        refunded, cancelled = purchases.find("A-2"), purchases.find("A-3")
        assert refunded is not None and cancelled is not None
        purchases.refund(refunded, "r-1", 3_000)
        purchases.cancel(cancelled)
    assert worth_of("hanako").sales_yen == 15_000
    assert ltv.average(TODAY).sales_yen == 23_000
    assert ltv.price_per_order(TODAY) == 5_750


def test_second_purchases_are_counted() -> None:
    assert ltv.second_purchases() == (2, 4)
