"""The rewards that the owner offers, checked against the legal cap, and the list that a customer sees."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from bot import localtime
from bot.config import shop
from bot.db.database import require_transaction
from rewards.coupons import gift_law, reward_versions, spending
from rewards.coupons.rules import Holder, Lack, RewardKind, is_worth_showing, lack
from rewards.coupons.settings import CouponRules
from rewards.coupons.tables import Coupon, CouponState, Reward, had_counts
from rewards.ledger.settings import PointRules
from rewards.ranks.rules import Rank


class AboveTheCap(Exception):
    """The gift is worth more than the law allows with a purchase; `cap_yen` says how much it may be."""

    def __init__(self, cap_yen: int) -> None:
        super().__init__(f"at most {cap_yen} yen")
        self.cap_yen = cap_yen


class FewerThanIssued(Exception):
    """The stock would be smaller than the number of coupons issued, `issued_count`."""

    def __init__(self, issued_count: int) -> None:
        super().__init__(f"{issued_count} are issued")
        self.issued_count = issued_count


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardDraft:
    """A reward as the owner enters it."""

    name: str
    kind: RewardKind
    value_text: str
    value_yen: int
    is_discount: bool = False
    points_price: int = 0
    stock: int | None = None
    per_customer: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    minimum_rank: Rank = Rank.BASIC
    valid_days: int = 90


@dataclass(frozen=True, slots=True)
class RewardOffer:
    """A reward in the customer's list."""

    reward: Reward
    lack: Lack | None
    """Why they cannot have it; None when they can."""


def make(draft: RewardDraft, staff_id: int | None = None) -> int:
    """Creates the reward, switched on; returns its id. Raises AboveTheCap when it may not be given."""
    require_transaction()
    refuse_above_the_cap(draft)
    values = {name: getattr(draft, name) for name in RewardDraft.__dataclass_fields__}
    values |= {"kind": str(draft.kind), "minimum_rank": int(draft.minimum_rank), "made_at": localtime.now()}
    if draft.kind is not RewardKind.EXCHANGE:
        values["points_price"] = 0
    made = int(Reward.create(**values).id)
    reward_versions.store(made, staff_id)
    return made


def change(reward_id: int, draft: RewardDraft, seen: int, staff_id: int | None) -> bool:
    """Gives the reward these terms as a new version; issued coupons keep theirs. False when it was changed since
    version `seen`, or is gone. Its kind stays.

    Raises AboveTheCap where it is active and may not be given so, and FewerThanIssued.
    """
    require_transaction()
    reward: Reward | None = Reward.get_or_none(Reward.id == reward_id)
    if reward is None or reward.version != seen:
        return False
    if draft.stock is not None and draft.stock < reward.issued_count:
        raise FewerThanIssued(int(reward.issued_count))
    if reward.active:
        refuse_above_the_cap(draft)
    reward_versions.store_first(reward)
    values: dict[str, Any] = {name: getattr(draft, name) for name in reward_versions.TERMS}
    values |= {"minimum_rank": int(draft.minimum_rank), "version": seen + 1}
    if reward.kind != RewardKind.EXCHANGE:
        values["points_price"] = 0
    changed = Reward.update(values).where(Reward.id == reward_id, Reward.version == seen).execute()
    if changed == 1:
        reward_versions.store(reward_id, staff_id)
    return bool(changed == 1)


def refuse_above_the_cap(gift: RewardDraft | Reward) -> None:
    """Raises AboveTheCap when the gift is worth more than the law allows.

    It counts as a gift with the shop's smallest purchase; one for points, as a gift with the purchases that
    earn so many points.
    """
    rules, points = shop.get(CouponRules), shop.get(PointRules)
    basis_yen = rules.smallest_purchase_yen
    if gift.kind == RewardKind.EXCHANGE and points.purchase_per_100_yen:
        basis_yen = max(basis_yen, gift.points_price * 100 // points.purchase_per_100_yen)
    if gift_law.over_by_yen(gift.value_yen, basis_yen, is_discount=gift.is_discount):
        raise AboveTheCap(gift_law.cap_yen(basis_yen))


def is_lawful(reward: Reward) -> bool:
    """Whether it may be given by the rules in force, which may be stricter than when it was made."""
    try:
        refuse_above_the_cap(reward)
    except AboveTheCap:
        return False
    return True


def offers(customer_id: int, rank: int) -> list[RewardOffer]:
    """The rewards for points: those the customer can have first, then by price."""
    query = Reward.select().where(Reward.kind == RewardKind.EXCHANGE, Reward.active)
    rewards: list[Reward] = list(query.order_by(Reward.points_price, Reward.id))
    had = had_counts(customer_id)
    points = spending.spendable(customer_id)
    today = localtime.today()
    found = [
        RewardOffer(each, lack(each.terms(), Holder(points, rank, had.get(each.id, 0)), today))
        for each in rewards
    ]
    return sorted((each for each in found if is_worth_showing(each.lack)), key=lambda offer: bool(offer.lack))


def all_rewards() -> list[Reward]:
    """All rewards, for the owner: active ones first, newest first."""
    return list(Reward.select().order_by(Reward.active.desc(), Reward.id.desc()))


def of_kind(kind: RewardKind) -> list[Reward]:
    """The active rewards of that kind."""
    return list(Reward.select().where(Reward.kind == kind, Reward.active).order_by(Reward.id))


def switch(reward_id: int, *, active: bool) -> bool:
    """Switches the reward on or off; False when there is none. Raises AboveTheCap when it may not be given
    any more."""
    require_transaction()
    reward = Reward.get_or_none(Reward.id == reward_id)
    if reward is not None and active:
        refuse_above_the_cap(reward)
    return bool(Reward.update(active=active).where(Reward.id == reward_id).execute() == 1)


def redeemed_counts() -> dict[int, int]:
    """How many coupons of each reward were redeemed, by the reward's id."""
    rows: Any = (
        Coupon.select(Coupon.reward, fn.COUNT(Coupon.id))
        .where(Coupon.state == CouponState.REDEEMED)
        .group_by(Coupon.reward)
        .tuples()
    )
    return {int(reward): int(count) for reward, count in rows}
