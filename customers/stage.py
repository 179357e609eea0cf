"""Decides on which of the seven stages of the conveyor belt a customer stands; pure.

A customer stands on the furthest stage reached; the stages before it need not all have been.
"""

from dataclasses import dataclass
from enum import IntEnum


class Stage(IntEnum):
    """From being acquired to buying the premium product."""

    ACQUIRED = 1
    FIRST_PURCHASE = 2
    REPEAT = 3
    HIGHER_ORDER_VALUE = 4
    FAN = 5
    WORD_OF_MOUTH = 6
    PREMIUM_PRODUCT = 7


@dataclass(frozen=True)
class Facts:
    """What is known of a customer, from several domains."""

    purchase_count: int = 0
    first_order_yen: int = 0
    largest_later_order_yen: int = 0
    is_promoter: bool = False
    referred_buyer_count: int = 0
    published_testimonial_count: int = 0
    bought_premium: bool = False


def of(facts: Facts) -> Stage:
    """The furthest stage reached. Liking and telling others count from the first purchase on: praise by
    somebody who never bought moves nobody along."""
    if facts.purchase_count == 0:
        return Stage.ACQUIRED
    if facts.bought_premium:
        return Stage.PREMIUM_PRODUCT
    if facts.referred_buyer_count or facts.published_testimonial_count:
        return Stage.WORD_OF_MOUTH
    if facts.purchase_count == 1:
        return Stage.FIRST_PURCHASE
    if facts.is_promoter:
        return Stage.FAN
    if facts.largest_later_order_yen > facts.first_order_yen:
        return Stage.HIGHER_ORDER_VALUE
    return Stage.REPEAT


def drop_off(counts: dict[Stage, int]) -> dict[Stage, tuple[int, int]]:
    """For each stage after the first: how many reached the stage before it, and how many of them it or further."""
    reached = {stage: sum(counts.get(later, 0) for later in Stage if later >= stage) for stage in Stage}
    return {stage: (reached[Stage(stage - 1)], reached[stage]) for stage in Stage if stage > Stage.ACQUIRED}
