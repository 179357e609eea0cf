"""Decides who gets a coupon and when it is spent: each is issued once for its cause, and redeemed once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import localtime
from bot.db.database import advisory_lock, insert_once, is_postgres, require_transaction, savepoint
from customers.people import customer as customers
from customers.people.customer import Customer
from rewards.coupons import codes, spending
from rewards.coupons.rules import Holder, Lack, RewardKind, lack
from rewards.coupons.tables import Coupon, CouponState, Reward, had_counts

STOCK = "reward-stock"
"""Whoever changes how many of a reward are given waits here first: an event may give several, in any order."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of asking for a coupon: the coupon, or what is missing."""

    coupon: Coupon | None
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What came of redeeming; `done` for the one who was first. The coupon is None when there is no such code."""

    coupon: Coupon | None
    done: bool


def issue(customer_id: int, reward_id: int, rank: int, cause: str) -> Issued:
    """Give the customer a coupon of the reward for that cause, once, and take its price in points.

    Asked again for the same cause it is the same coupon, whatever has become of it.
    """
    require_transaction()
    customers.lock(customer_id)
    known = of_cause(cause)
    if known is not None:
        return Issued(known)
    reward: Reward | None = Reward.get_or_none(Reward.id == reward_id)
    if reward is None:
        return Issued(None, Lack.STOPPED)
    holder = Holder(spending.spendable(customer_id), rank, had_counts(customer_id).get(reward_id, 0))
    missing = lack(reward.terms(), holder, localtime.today())
    missing = missing or _take(customer_id, reward, cause)
    return Issued(None, missing) if missing else Issued(_make(customer_id, reward, cause))


def issue_for_occasion(customer_id: int, kind: RewardKind, rank: int, cause: str) -> list[Coupon]:
    """Coupons of every reward of that kind that the customer may have, each once for the cause; only the new ones."""
    rewards = Reward.select().where(Reward.kind == kind, Reward.active).order_by(Reward.id)
    fresh = []
    for reward in rewards:
        whole_cause = f"{cause}:{reward.id}"
        if of_cause(whole_cause) is None and (
            coupon := issue(customer_id, reward.id, rank, whole_cause).coupon
        ):
            fresh.append(coupon)
    return fresh


def redeem(code: str, by: str, request: str = "") -> Redeemed:
    """Spend the coupon; of two who try at once only one has done it. `request` says for what, when a system asks."""
    require_transaction()
    spent = (
        Coupon.update(
            state=CouponState.REDEEMED, redeemed_at=localtime.now(), redeemed_by=by, redeemed_request=request
        )
        .where(
            Coupon.code == code, Coupon.state == CouponState.ISSUED, Coupon.valid_until >= localtime.today()
        )
        .execute()
    )
    return Redeemed(find(code), spent == 1)


def cancel(coupon_id: int, staff_id: int, reason: str) -> bool:
    """Take an unused coupon back, and give its points again; False when it was used or is gone."""
    require_transaction()
    coupon: Coupon | None = Coupon.get_or_none(Coupon.id == coupon_id)
    if coupon is not None:
        customers.lock(coupon.customer_id)
        advisory_lock(STOCK)
    if coupon is None or not _cancel(coupon, reason, cancelled_by=staff_id):
        return False
    spending.give_back(f"coupon:{coupon.cause}")
    return True


def revoke(customer_id: int, occasions: Sequence[str], reason: str) -> list[Coupon]:
    """These occasions are no more: cancel the customer's unused coupons of theirs, which are given again should one
    come again. What was used is theirs."""
    require_transaction()
    mine = Coupon.select(Coupon, Reward).join(Reward).where(Coupon.customer == customer_id)
    unused = mine.where(Coupon.state == CouponState.ISSUED).order_by(Coupon.id)
    found = [each for each in unused if each.cause.rpartition(":")[0] in occasions]
    if found:
        advisory_lock(STOCK)
    return [each for each in found if _cancel(each, reason, cause=f"{each.cause}:{each.id}")]


def find(code: str) -> Coupon | None:
    """The coupon with that code, its customer and reward with it."""
    query = Coupon.select(Coupon, Customer, Reward).join(Customer).switch(Coupon).join(Reward)
    found: Coupon | None = query.where(Coupon.code == code).first()
    return found


def of_cause(cause: str) -> Coupon | None:
    """The coupon that was issued for that."""
    query = Coupon.select(Coupon, Reward).join(Reward)
    found: Coupon | None = query.where(Coupon.cause == cause).first()
    return found


def held_by(customer_id: int) -> list[Coupon]:
    """The customer's coupons that can be used, the first to expire first."""
    query = Coupon.select(Coupon, Reward).join(Reward)
    mine = (Coupon.customer == customer_id) & (Coupon.state == CouponState.ISSUED)
    good = mine & (Coupon.valid_until >= localtime.today())
    return list(query.where(good).order_by(Coupon.valid_until, Coupon.id))


def issued(limit: int, *, before_id: int | None = None, customer_id: int | None = None) -> list[Coupon]:
    """What was given, the newest first, customers and rewards with it; older than that coupon, or one customer's."""
    query = Coupon.select(Coupon, Customer, Reward).join(Customer).switch(Coupon).join(Reward)
    if before_id is not None:
        query = query.where(Coupon.id < before_id)
    if customer_id is not None:
        query = query.where(Coupon.customer == customer_id)
    return list(query.order_by(Coupon.id.desc()).limit(limit))


def expire_old() -> int:
    """Write down which unused coupons are past their last day; how many."""
    require_transaction()
    over = (Coupon.state == CouponState.ISSUED) & (Coupon.valid_until < localtime.today())
    if is_postgres():  # in one order: others take several of them back
        old: Any = Coupon.select(Coupon.id).where(over).order_by(Coupon.id)
        old.for_update("FOR NO KEY UPDATE").execute()
    return int(Coupon.update(state=CouponState.EXPIRED).where(over).execute())


def _cancel(coupon: Coupon, reason: str, **columns: Any) -> bool:
    """Unless it was used or is gone; its piece is in stock again."""
    done = {"state": CouponState.CANCELLED, "cancelled_at": localtime.now(), "cancel_reason": reason}
    query = Coupon.update(done | columns).where(Coupon.id == coupon.id, Coupon.state == CouponState.ISSUED)
    if query.execute() != 1:
        return False
    Reward.update(issued_count=Reward.issued_count - 1).where(Reward.id == coupon.reward_id).execute()
    return True


def _make(customer_id: int, reward: Reward, cause: str) -> Coupon:
    last_day = localtime.today() + timedelta(days=reward.valid_days)
    while True:
        insert_once(
            Coupon,
            customer=customer_id,
            reward=reward.id,
            code=codes.make(secrets.choice),
            state=CouponState.ISSUED,
            cause=cause,
            issued_at=localtime.now(),
            valid_until=min(last_day, reward.ends_on) if reward.ends_on else last_day,
            redeemed_by="",
        )
        made = of_cause(cause)  # none: its code was another's already
        if made is not None:
            return made


def _take(customer_id: int, reward: Reward, cause: str) -> Lack | None:
    """A piece from the stock and its price in points, both or neither."""
    try:
        with savepoint():
            if not _take_from_stock(reward.id):
                return Lack.SOLD_OUT
            if reward.points_price:
                spending.spend(customer_id, reward.points_price, cause=f"coupon:{cause}", note=reward.name)
    except spending.NotEnough:
        return Lack.POINTS
    return None


def _take_from_stock(reward_id: int) -> bool:
    """One piece; of two who want the last, the row lets one have it."""
    advisory_lock(STOCK)
    some_left = Reward.stock.is_null() | (Reward.issued_count < Reward.stock)
    taken = Reward.update(issued_count=Reward.issued_count + 1).where(Reward.id == reward_id, some_left)
    return bool(taken.execute() == 1)
