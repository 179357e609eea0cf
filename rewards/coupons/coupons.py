"""Issues coupons, once for each cause, and redeems, cancels and expires them. Which rewards exist is
`reward_list.py`'s."""

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
"""The lock for changes of the number issued: one event may issue several rewards, in any sequence."""


@dataclass(frozen=True, slots=True)
class IssueResult:
    """The result of requesting a coupon: the coupon, or the reason why there is none."""

    coupon: Coupon | None
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class RedeemResult:
    """The result of redeeming; `done` if it was redeemed by this call. The coupon is None when the code is
    unknown."""

    coupon: Coupon | None
    done: bool


def issue(customer_id: int, reward_id: int, rank: int, cause: str) -> IssueResult:
    """Issues a coupon of the reward for that cause, once, and takes its price in points.

    Repeated for the same cause, it returns the same coupon in its current state.
    """
    require_transaction()
    customers.lock(customer_id)
    known = of_cause(cause)
    if known is not None:
        return IssueResult(known)
    reward: Reward | None = Reward.get_or_none(Reward.id == reward_id)
    if reward is None:
        return IssueResult(None, Lack.STOPPED)
    missing = lack_of(customer_id, reward, rank)
    missing = missing or _take(customer_id, reward, cause)
    return IssueResult(None, missing) if missing else IssueResult(_create(customer_id, reward, cause))


def lack_of(customer_id: int, reward: Reward, rank: int) -> Lack | None:
    """Why the customer cannot have a coupon of the reward now; None when they can. Another may take the last."""
    holder = Holder(spending.spendable(customer_id), rank, had_counts(customer_id).get(reward.id, 0))
    return lack(reward.terms(), holder, localtime.today())


def issue_for_occasion(customer_id: int, kind: RewardKind, rank: int, cause: str) -> list[Coupon]:
    """Issues a coupon of every reward of that kind that the customer may have, once for the cause; returns
    the new ones."""
    rewards = Reward.select().where(Reward.kind == kind, Reward.active).order_by(Reward.id)
    fresh = []
    for reward in rewards:
        whole_cause = f"{cause}:{reward.id}"
        if of_cause(whole_cause) is None and (
            coupon := issue(customer_id, reward.id, rank, whole_cause).coupon
        ):
            fresh.append(coupon)
    return fresh


def redeem(code: str, by: str, request: str = "") -> RedeemResult:
    """Redeems the coupon; of two who try at once only one succeeds. `request` identifies the request of a
    shop's system."""
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
    return RedeemResult(find(code), spent == 1)


def cancel(coupon_id: int, staff_id: int, reason: str) -> bool:
    """Cancels an unused coupon and returns its points; False when it was used, expired or cancelled."""
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
    """Cancels the customer's unused coupons for these occasions, since the occasions were reversed; returns
    them.

    They are issued again should an occasion recur. Used coupons stay used.
    """
    require_transaction()
    mine = Coupon.select(Coupon, Reward).join(Reward).where(Coupon.customer == customer_id)
    unused = mine.where(Coupon.state == CouponState.ISSUED).order_by(Coupon.id)
    found = [each for each in unused if each.cause.rpartition(":")[0] in occasions]
    if found:
        advisory_lock(STOCK)
    return [each for each in found if _cancel(each, reason, cause=f"{each.cause}:{each.id}")]


def find(code: str) -> Coupon | None:
    """The coupon with that code, with its customer and reward loaded."""
    query = Coupon.select(Coupon, Customer, Reward).join(Customer).switch(Coupon).join(Reward)
    found: Coupon | None = query.where(Coupon.code == code).first()
    return found


def of_cause(cause: str) -> Coupon | None:
    """The coupon issued for that cause, with its reward loaded."""
    query = Coupon.select(Coupon, Reward).join(Reward)
    found: Coupon | None = query.where(Coupon.cause == cause).first()
    return found


def held_by(customer_id: int) -> list[Coupon]:
    """The customer's usable coupons, the first to expire first."""
    query = Coupon.select(Coupon, Reward).join(Reward)
    mine = (Coupon.customer == customer_id) & (Coupon.state == CouponState.ISSUED)
    good = mine & (Coupon.valid_until >= localtime.today())
    return list(query.where(good).order_by(Coupon.valid_until, Coupon.id))


def issued(limit: int, *, before_id: int | None = None, customer_id: int | None = None) -> list[Coupon]:
    """Issued coupons, newest first, with customers and rewards loaded; older than that coupon, or of one
    customer."""
    query = Coupon.select(Coupon, Customer, Reward).join(Customer).switch(Coupon).join(Reward)
    if before_id is not None:
        query = query.where(Coupon.id < before_id)
    if customer_id is not None:
        query = query.where(Coupon.customer == customer_id)
    return list(query.order_by(Coupon.id.desc()).limit(limit))


def expire_old() -> int:
    """Marks unused coupons past their last day as expired; returns how many."""
    require_transaction()
    over = (Coupon.state == CouponState.ISSUED) & (Coupon.valid_until < localtime.today())
    if is_postgres():  # in one sequence: other transactions cancel several of them
        old: Any = Coupon.select(Coupon.id).where(over).order_by(Coupon.id)
        old.for_update("FOR NO KEY UPDATE").execute()
    return int(Coupon.update(state=CouponState.EXPIRED).where(over).execute())


def _cancel(coupon: Coupon, reason: str, **columns: Any) -> bool:
    """Cancels the coupon unless it was used or is over; returns it to the stock."""
    done = {"state": CouponState.CANCELLED, "cancelled_at": localtime.now(), "cancel_reason": reason}
    query = Coupon.update(done | columns).where(Coupon.id == coupon.id, Coupon.state == CouponState.ISSUED)
    if query.execute() != 1:
        return False
    Reward.update(issued_count=Reward.issued_count - 1).where(Reward.id == coupon.reward_id).execute()
    return True


def _create(customer_id: int, reward: Reward, cause: str) -> Coupon:
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
            issued_name=reward.name,
            issued_text=reward.value_text,
            issued_yen=reward.value_yen,
        )
        made = of_cause(cause)  # None: the random code existed already, so another is tried.
        if made is not None:
            return made


def _take(customer_id: int, reward: Reward, cause: str) -> Lack | None:
    """Takes one from the stock and the price in points, both or neither; returns the reason when it
    cannot."""
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
    """Takes one from the stock; of two who want the last, only one gets it."""
    advisory_lock(STOCK)
    some_left = Reward.stock.is_null() | (Reward.issued_count < Reward.stock)
    taken = Reward.update(issued_count=Reward.issued_count + 1).where(Reward.id == reward_id, some_left)
    return bool(taken.execute() == 1)
