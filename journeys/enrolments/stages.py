"""The seven stages from a new acquaintance to a buyer of the premium product. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """A customer's stage, the earliest first."""

    ACQUIRED = "acquired"
    """On LINE, and nothing bought."""
    FIRST = "first"
    """One order."""
    REPEAT = "repeat"
    """Two orders or more."""
    HIGHER_VALUE = "higher-value"
    """The orders after the first are worth more than the first, on average."""
    FAN = "fan"
    """Would recommend the shop (a score of 9 or 10 lately), or is Premium or above."""
    WORD_OF_MOUTH = "word-of-mouth"
    """A friend came by their invitation, or a testimonial of theirs is published."""
    PREMIUM_PRODUCT = "premium-product"
    """Bought a product that the shop marked as premium."""


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What the stage is computed from; amounts in yen."""

    order_count: int = 0
    first_order_yen: int = 0
    sales_yen: int = 0
    is_promoter: bool = False
    is_premium_rank: bool = False
    friends_joined: int = 0
    has_testimonial: bool = False
    bought_premium: bool = False


def stage_of(facts: StageFacts) -> Stage:
    """The furthest stage reached. Stages may be skipped: who recommends the shop after one order is a fan."""
    later_orders = facts.order_count - 1
    reached = {
        Stage.FIRST: facts.order_count >= 1,
        Stage.REPEAT: facts.order_count >= 2,
        Stage.HIGHER_VALUE: later_orders >= 1
        and facts.sales_yen - facts.first_order_yen > facts.first_order_yen * later_orders,
        Stage.FAN: facts.is_promoter or facts.is_premium_rank,
        Stage.WORD_OF_MOUTH: facts.friends_joined > 0 or facts.has_testimonial,
        Stage.PREMIUM_PRODUCT: facts.bought_premium,
    }
    return next((stage for stage in reversed(Stage) if reached.get(stage)), Stage.ACQUIRED)
