"""Figures of customers' purchases on a small shop, worked by hand."""

from datetime import date, timedelta

import pytest

from customers.figures import cohorts, gaps, payback, repurchase, sales
from customers.figures.histories import Purchased, histories
from customers.figures.payback import Month
from customers.values import windows

ON = date(2026, 6, 30)
HANAKO, TARO, JIRO, SABURO = 1, 2, 3, 4
SHOP = [
    # Hanako: bought in both years; ¥20,000 in three orders of the last 12 months.
    Purchased(HANAKO, date(2025, 3, 10), 4_000),
    Purchased(HANAKO, date(2025, 6, 30), 1_000),  # the last day of the year before
    Purchased(HANAKO, date(2025, 7, 1), 6_000),  # the first day of the last 12 months
    Purchased(HANAKO, date(2026, 3, 9), 8_000),  # the 365th day of her first year
    Purchased(HANAKO, date(2026, 3, 10), 6_000),  # the 366th
    # Taro: one order, exactly 365 days ago: his first year is over.
    Purchased(TARO, date(2025, 6, 30), 5_000),
    # Jiro: 364 days ago, again within the month.
    Purchased(JIRO, date(2025, 7, 1), 3_000),
    Purchased(JIRO, date(2025, 7, 20), 3_000),
    # Saburo: this month.
    Purchased(SABURO, date(2026, 6, 1), 2_000),
    Purchased(SABURO, date(2026, 7, 1), 90_000),  # tomorrow: not yet
]


def test_sales_of_the_last_12_months_and_of_first_years() -> None:
    found = sales.of_shop(histories(SHOP, ON), ON)
    assert (found.year.buyer_count, found.year.order_count, found.year.yen) == (3, 6, 28_000)
    assert found.year.squares == 20_000**2 + 6_000**2 + 2_000**2
    # Hanako 4,000 + 1,000 + 6,000 + 8,000 and Taro 5,000; Jiro's first year ends today.
    assert (found.matured.buyer_count, found.matured.order_count, found.matured.yen) == (2, 5, 24_000)
    assert [each.buyer_count for each in found.year_classes] == [1, 0, 1, 0, 0, 1, 0, 0, 0]
    assert [each.buyer_count for each in found.matured_classes] == [0, 1, 0, 0, 0, 1, 0, 0, 0]
    assert found.goal_count == 1
    assert (found.before_count, found.stayed_count) == (2, 1)


def test_price_orders_and_retention_multiply_to_sales() -> None:
    found = sales.factors(sales.of_shop(histories(SHOP, ON), ON))
    assert found is not None
    assert found.order_yen == pytest.approx(28_000 / 6)
    assert found.orders_per_buyer == 2
    assert found.ltv_yen == pytest.approx(28_000 / 3)
    assert found.retention == 0.5
    assert found.next_year_yen == pytest.approx(28_000 / 6)


def test_of_nobody_there_are_no_factors() -> None:
    assert sales.factors(sales.of_shop([], ON)) is None


@pytest.mark.parametrize(
    ("yen", "place"), [(1, 0), (2_999, 0), (3_000, 1), (17_999, 4), (18_000, 5), (100_000, 8)]
)
def test_a_class_begins_with_its_bound(yen: int, place: int) -> None:
    assert sales.class_of(yen) == place


def test_sales_by_group() -> None:
    found = sales.by_group(histories(SHOP, ON), ON, {HANAKO: "promoter", TARO: "promoter"}, "silent")
    assert {name: (each.buyer_count, each.yen) for name, each in found.items()} == {
        "promoter": (1, 20_000),
        "silent": (2, 8_000),
    }


def test_steps_from_order_to_order() -> None:
    steps = repurchase.steps_of(histories(SHOP, ON), ON)
    assert [each.reached_count for each in steps] == [4, 2, 1, 1, 1, 0, 0, 0, 0, 0]
    assert [each.next_count for each in steps] == [2, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    # Orders of 2 January 2025 to 1 January 2026, 180 days ago: three first ones, of which Hanako's second came after
    # 112 days and Jiro's after 19; of the second ones Hanako's third came the next day; her fourth came after 251 days.
    assert repurchase.matured_window(ON) == windows.Window(date(2025, 1, 2), date(2026, 1, 1))
    assert [each.matured_count for each in steps[:4]] == [3, 2, 1, 0]
    assert [each.matured_next_count for each in steps[:4]] == [2, 1, 0, 0]


def test_the_180th_day_after_is_within() -> None:
    first_on = date(2025, 8, 1)
    for days, within in [(180, 1), (181, 0)]:
        shop = [Purchased(1, first_on, 500), Purchased(1, first_on + timedelta(days=days), 500)]
        assert repurchase.steps_of(histories(shop, ON), ON)[0].matured_next_count == within


def test_cohorts_are_a_triangle() -> None:
    found = {each.month: each for each in cohorts.of_histories(histories(SHOP, ON), ON)}
    assert (min(found), max(found), len(found)) == (date(2025, 6, 1), date(2026, 6, 1), 13)
    june = found[date(2025, 6, 1)]  # Taro's
    assert (june.size, june.bought[:3], june.second[-1]) == (1, (1, 0, 0), 0)
    july = found[date(2025, 7, 1)]  # Jiro's second order is of the month itself
    assert (july.size, july.bought[:2], july.second[:2]) == (1, (1, 0), (1, 1))
    assert july.bought[11:] == (0, None), "a month that has not come is empty"
    running = found[date(2026, 6, 1)]
    assert running.bought == (1, *(None,) * 12)
    assert found[date(2025, 12, 1)].size == 0


def test_gaps_that_ended_in_the_window() -> None:
    found = gaps.between_orders(histories(SHOP, ON), windows.year(ON))
    assert dict(found) == {1: 2, 251: 1, 19: 1}
    assert gaps.median(found) == 10


@pytest.mark.parametrize(
    ("counts", "days"), [({}, None), ({7: 1}, 7), ({7: 1, 9: 1}, 8), ({7: 1, 9: 2}, 9), ({20: 5, 3: 5}, 11.5)]
)
def test_the_median_of_gaps(counts: dict[int, int], days: float | None) -> None:
    assert gaps.median(counts) == days


def test_gaps_by_product() -> None:
    lines = [
        (1, "TEA", date(2026, 1, 1)),
        (1, "TEA", date(2026, 1, 1)),  # twice in one order
        (1, "CUP", date(2026, 1, 20)),
        (1, "TEA", date(2026, 2, 10)),
        (2, "TEA", date(2026, 2, 11)),  # another customer's
        (2, "", date(2026, 2, 11)),
        (2, "", date(2026, 2, 21)),
        (2, "TEA", date(2026, 7, 1)),  # tomorrow
    ]
    assert gaps.by_product(lines, windows.year(ON)) == {"TEA": {40: 1}}


def test_the_average_of_each_month_is_of_those_for_whom_it_is_over() -> None:
    on = date(2026, 4, 1)
    shop = [
        Purchased(1, date(2026, 1, 1), 3_000),  # 90 days ago: three months are over
        Purchased(1, date(2026, 1, 30), 1_000),  # the last day of the first month
        Purchased(1, date(2026, 3, 31), 500),  # the last of the third
        Purchased(2, date(2026, 3, 1), 5_000),  # 31 days: one month is over
        Purchased(2, date(2026, 3, 31), 700),  # of the second, which is not
        Purchased(3, date(2026, 3, 30), 9_000),  # none is over
    ]
    months = payback.months_of(histories(shop, on), on)
    assert months[:4] == (Month(2, 9_000), Month(1, 0), Month(1, 500), Month())
    day_before = payback.months_of(histories(shop, on), date(2026, 3, 31))
    assert day_before[:3] == (Month(2, 9_000), Month(1, 0), Month())  # the third is not over on its last day
    assert payback.curve(months, fewest=1) == [4_500, 4_500, 5_000]
    assert payback.curve(months, fewest=2) == [4_500]


@pytest.mark.parametrize(
    ("margin", "cost", "month"),
    [(0.5, 2_250, 1), (0.5, 2_251, 3), (0.5, 2_500, 3), (0.5, 2_501, None), (1, 1, 1)],
)
def test_paid_back_when_margin_covers_cost(margin: float, cost: int, month: int | None) -> None:
    assert payback.paid_back_after([4_500, 4_500, 5_000], margin, cost) == month
    assert payback.paid_back_after([], margin, cost) is None
