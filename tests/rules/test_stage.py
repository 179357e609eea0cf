"""The conveyor belt: where a customer stands, and where customers are lost."""

import pytest

from customers import stage
from customers.stage import Facts, Stage


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), Stage.ACQUIRED),
        (Facts(is_promoter=True, referred_buyer_count=1), Stage.ACQUIRED),
        (Facts(1, 5000), Stage.FIRST_PURCHASE),
        (Facts(1, 5000, is_promoter=True), Stage.FIRST_PURCHASE),
        (Facts(2, 5000, 5000), Stage.REPEAT),
        (Facts(2, 5000, 5001), Stage.HIGHER_ORDER_VALUE),
        (Facts(2, 5000, 4000, is_promoter=True), Stage.FAN),
        (Facts(1, 5000, referred_buyer_count=1), Stage.WORD_OF_MOUTH),
        (Facts(3, 5000, published_testimonial_count=1), Stage.WORD_OF_MOUTH),
        (Facts(1, 5000, bought_premium=True), Stage.PREMIUM_PRODUCT),
    ],
)
def test_a_customer_stands_on_the_furthest_stage_reached(facts: Facts, expected: Stage) -> None:
    assert stage.of(facts) is expected


def test_drop_off_counts_those_who_went_further_too() -> None:
    counts = {Stage.ACQUIRED: 50, Stage.FIRST_PURCHASE: 30, Stage.REPEAT: 15, Stage.FAN: 5}
    lost = stage.drop_off(counts)
    assert lost[Stage.FIRST_PURCHASE] == (100, 50)
    assert lost[Stage.REPEAT] == (50, 20)
    assert lost[Stage.HIGHER_ORDER_VALUE] == (20, 5)
    assert lost[Stage.PREMIUM_PRODUCT] == (0, 0)
