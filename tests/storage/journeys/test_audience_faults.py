"""Filters that nobody can be in are faults, with a sentence that says what to change."""

from typing import Any

import pytest

from journeys.audience import faults
from journeys.audience.definition import Audience


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (
            {"min_days_since_order": 60, "max_days_since_order": 30},
            "max_days_since_order",
            "nobody has days since the last order of at least 60 and at most 30. Make the upper bound 60 or more.",
        ),
        (
            {"min_orders": 3, "max_orders": 2},
            "max_orders",
            "nobody has the number of orders of at least 3 and at most 2. Make the upper bound 3 or more.",
        ),
        (
            {"min_sales_yen": 5_000, "max_sales_yen": 1_000},
            "max_sales_yen",
            "nobody has the sum of sales of at least 5,000 and at most 1,000. Make the upper bound 5,000 or more.",
        ),
        (
            {"tags": ("緑茶",), "not_tags": ("#緑茶", "休み")},
            "not_tags",
            'the tag "緑茶" is both wanted and left out. Remove it from one of the two.',
        ),
        (
            {"bought_products": ("A-1",), "not_bought_products": ("a-1",)},
            "not_bought_products",
            'the product "A-1" is both wanted and left out. Remove it from one of the two.',
        ),
        (
            {"clicked_within_days": 7, "not_clicked_within_days": 30},
            "not_clicked_within_days",
            "nobody opened a link within 7 days and none within 30. Let the days without a click be fewer than 7.",
        ),
        (
            {"max_orders": 0, "max_days_since_order": 60},
            "max_orders",
            "who has 0 orders cannot have a last order. Remove one of the two.",
        ),
        (
            {"max_orders": 0, "bought_products": ("A-1",)},
            "max_orders",
            "who has 0 orders cannot have bought a product. Remove one of the two.",
        ),
    ],
)
def test_filters_that_nobody_can_be_in(values: dict[str, Any], field: str, sentence: str) -> None:
    found = faults.contradictions(Audience.model_validate(values))
    assert [(each.field, each.sentence_en) for each in found] == [(field, sentence)]
    assert found[0].sentence_ja.endswith("。")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"min_orders": 2, "max_orders": 2},
        {"min_days_since_order": 0, "max_days_since_order": 0},
        {"tags": ("緑茶", "白茶"), "not_tags": ("緑茶",)},
        {"clicked_within_days": 30, "not_clicked_within_days": 7},
        {"max_orders": 0, "not_bought_products": ("A-1",), "min_sales_yen": 0},
    ],
)
def test_filters_that_somebody_can_be_in(values: dict[str, Any]) -> None:
    assert faults.contradictions(Audience.model_validate(values)) == []
