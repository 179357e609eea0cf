"""Carries out staff's decisions about held referrals, with the evidence for them, and rewards those whose
hold is over."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from peewee import SQL

from bot import localtime
from bot.db.database import require_transaction
from customers.orders import purchases
from customers.orders.purchases import PAID, Purchase
from customers.people import customer as customers
from customers.people.customer import Customer
from rewards.referrals import checks, referrals
from rewards.referrals.referrals import ReferralReward
from rewards.referrals.tables import Referral, ReferralCode, ReferralOutcome, ReferralState

WAIT_IS_ANNOUNCED = {ReferralOutcome.CIRCULAR.value, ReferralOutcome.TOO_MANY.value}
"""Reasons for which the friend was informed that staff check the code: they are also informed of the
result."""
ORDERS_SHOWN = 5


class ReferralVerdict(StrEnum):
    """The result of a decision."""

    MAY_COME = "may_come"
    """Approved before the friend bought: both earn once they do."""
    WAITS = "waits"
    """Approved, and the days of the hold are not over."""
    REWARDED = "rewarded"
    REJECTED = "rejected"
    DECIDED_BEFORE = "decided_before"


@dataclass(frozen=True, slots=True)
class ReferralDecision:
    """A decision, what both earned by it, and whether the friend is to be informed."""

    verdict: ReferralVerdict
    bought: ReferralReward | None = None
    friend_waits: bool = False


@dataclass(frozen=True, slots=True)
class FriendsOrder:
    """One order of the friend's, as evidence."""

    number: str
    ordered_on: date
    total_yen: int
    state: str


@dataclass(frozen=True, slots=True)
class HeldReferral:
    """A referral that waits for staff, with the evidence."""

    referral: Referral
    referrer: Customer
    referee: Customer
    shared: list[str]
    """What the orders of both have in common: `delivery`, `email`, `phone`."""
    joined_that_day_count: int
    """How many joined by this referrer's code on that day."""
    orders: list[FriendsOrder]

    @property
    def event_id(self) -> str:
        """The id of the decision's event, so that there is one for each time the referral is held."""
        moment = self.referral.held_at or self.referral.joined_at
        return f"referral-decided:{self.referral.id}:{int(moment.timestamp())}"


def held(limit: int = 50) -> list[HeldReferral]:
    """The referrals that wait for staff, oldest first."""
    rows = Referral.select().where(Referral.state == ReferralState.HELD).order_by(Referral.id).limit(limit)
    return [_with_evidence(row) for row in rows]


def held_pairs(limit: int) -> list[tuple[int, int]]:
    """Referrer and friend of each referral that waits for staff, the longest waiting first."""
    rows: Any = Referral.select(Referral.referrer, Referral.referee).where(Referral.state == SQL("'held'"))
    return list(rows.order_by(Referral.id).limit(limit).tuples())


def find_held(referral_id: int) -> HeldReferral | None:
    """The referral with this id, if it waits for staff."""
    row = Referral.get_or_none(Referral.id == referral_id, Referral.state == ReferralState.HELD)
    return _with_evidence(row) if row else None


def decide(referral_id: int, staff_id: int, reason: str, *, approve: bool) -> ReferralDecision:
    """Carries out a decision of staff. Approved, both earn once the friend has bought and the hold is over;
    rejected, nobody does."""
    referral = _locked(referral_id)
    if referral is None or referral.state != ReferralState.HELD:
        return ReferralDecision(ReferralVerdict.DECIDED_BEFORE)
    waits = referral.reason in WAIT_IS_ANNOUNCED
    by = {"decided_at": localtime.now(), "decided_by": staff_id}
    if not approve:
        moved = _move(referral, ReferralState.REJECTED, reason=(reason.strip() or referral.reason)[:64], **by)
        return (
            ReferralDecision(ReferralVerdict.REJECTED, friend_waits=waits)
            if moved
            else ReferralDecision(ReferralVerdict.DECIDED_BEFORE)
        )
    if waits:
        referrals.update_counts(referral.referrer_id, joined_count=ReferralCode.joined_count + 1)
    if referral.bought_at is None:
        moved = _move(referral, ReferralState.JOINED, held_at=None, **by)
        return (
            ReferralDecision(ReferralVerdict.MAY_COME, friend_waits=waits)
            if moved
            else ReferralDecision(ReferralVerdict.DECIDED_BEFORE)
        )
    referrals.update_counts(referral.referrer_id, bought_count=ReferralCode.bought_count + 1)
    if referral.due_on is not None and referral.due_on > localtime.today():
        _move(referral, ReferralState.BOUGHT, **by)
        return ReferralDecision(ReferralVerdict.WAITS, friend_waits=waits)
    _move(referral, ReferralState.REWARDED, rewarded_at=localtime.now(), **by)
    return ReferralDecision(ReferralVerdict.REWARDED, referrals.reward(referral), waits)


def due(after: int, limit: int) -> list[Referral]:
    """Referrals whose hold is over, by id, above `after`."""
    over = (Referral.state == ReferralState.BOUGHT) & (Referral.due_on <= localtime.today())
    return list(Referral.select().where(over, Referral.id > after).order_by(Referral.id).limit(limit))


def release(referral_id: int) -> ReferralReward | None:
    """Rewards both sides after the hold. None when the order was reversed: the friend's next purchase counts
    instead."""
    referral = _locked(referral_id)
    if (
        referral is None
        or referral.state != ReferralState.BOUGHT
        or (referral.due_on or date.max) > localtime.today()
    ):
        return None
    number = str(referral.purchase_cause or "").removeprefix("order:")
    purchase: Purchase | None = purchases.find(number)
    if purchase is not None and purchase.state != PAID:
        _move(referral, ReferralState.JOINED, bought_at=None, due_on=None, purchase_cause=None)
        referrals.update_counts(referral.referrer_id, bought_count=ReferralCode.bought_count - 1)
        return None
    if not _move(referral, ReferralState.REWARDED, rewarded_at=localtime.now()):
        return None
    return referrals.reward(referral)


def _locked(referral_id: int) -> Referral | None:
    """The referral, read again with both customers locked."""
    require_transaction()
    found: Referral | None = Referral.get_or_none(Referral.id == referral_id)
    if found is not None:
        customers.lock(found.referrer_id, found.referee_id)
        found = Referral.get_by_id(referral_id)
    return found


def _move(referral: Referral, state: ReferralState, **columns: Any) -> bool:
    """Changes the state the row was read in; False when another transaction has changed it before."""
    query = Referral.update(state=state, **columns).where(
        Referral.id == referral.id, Referral.state == referral.state
    )
    return bool(query.execute() == 1)


def _with_evidence(row: Referral) -> HeldReferral:
    day = localtime.local_date(row.joined_at)
    that_day = Referral.joined_at.between(
        localtime.start_of(day), localtime.start_of(day + timedelta(days=1))
    )
    bought = Purchase.select().where(Purchase.customer == row.referee_id).order_by(Purchase.ordered_at)
    return HeldReferral(
        referral=row,
        referrer=Customer.get_by_id(row.referrer_id),
        referee=Customer.get_by_id(row.referee_id),
        shared=checks.shared_with_referrer(row.referrer_id, row.referee_id),
        joined_that_day_count=Referral.select().where(Referral.referrer == row.referrer_id, that_day).count(),
        orders=[
            FriendsOrder(each.order_number, each.ordered_on, each.total_yen, each.state)
            for each in bought.limit(ORDERS_SHOWN)
        ],
    )
