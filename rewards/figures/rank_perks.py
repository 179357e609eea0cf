"""What the perks of higher ranks cost: the rewards that only customers of a rank can have."""

from dataclasses import dataclass
from typing import Any

from peewee import fn

from customers.values.windows import Window
from rewards.coupons.tables import Coupon, CouponState, Reward
from rewards.figures.referral_counts import within
from rewards.ranks.rules import Rank


@dataclass(frozen=True, slots=True)
class PerkCost:
    """Rewards of one rank and above that were redeemed, and their value as the owner entered it."""

    rank: Rank
    redeemed_count: int
    value_yen: int


def of_window(window: Window) -> list[PerkCost]:
    """The cost by the rank that the reward asks for, Basic left out since anyone can have those."""
    redeemed = (Coupon.state == CouponState.REDEEMED) & within(Coupon.redeemed_at, window)
    rows: Any = (
        Coupon.select(
            Reward.minimum_rank, fn.COUNT(Coupon.id), fn.SUM(fn.COALESCE(Coupon.issued_yen, Reward.value_yen))
        )
        .join(Reward)
        .where(redeemed, Reward.minimum_rank > Rank.BASIC)
        .group_by(Reward.minimum_rank)
        .order_by(Reward.minimum_rank)
        .tuples()
    )
    return [PerkCost(Rank(rank), int(count), int(yen)) for rank, count, yen in rows]
