"""Attributes new customers to their referrer and rewards both when the friend first buys; in doubt, staff
must check first.

`checks.py` says what is doubtful, `review.py` carries out staff's decisions.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import Case, fn

from bot import localtime
from bot.config import shop
from bot.db.database import advisory_lock, insert_once, require_transaction
from customers.people import customer as customers
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.ledger import LedgerEntry
from rewards.ledger.settings import PointRules
from rewards.referrals import checks, codes
from rewards.referrals.settings import ReferralRules
from rewards.referrals.tables import Doubt, Referral, ReferralCode, ReferralOutcome, ReferralState


@dataclass(frozen=True, slots=True)
class ReferralReward:
    """An invited friend's first purchase, and the points of both sides; 0 where a limit refused them."""

    id: int
    referrer_id: int
    referee_id: int
    referrer_points: int
    referee_points: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of all invitations: shown, friends who joined, friends who bought, and those that wait for
    staff."""

    invited_count: int
    joined_count: int
    bought_count: int
    held_count: int


def get_or_create_code(customer_id: int) -> str:
    """The customer's own code, created when first requested."""
    require_transaction()
    while True:
        known = ReferralCode.select(ReferralCode.code).where(ReferralCode.customer == customer_id).scalar()
        if known is not None:
            return str(known)
        code = codes.make(secrets.choice)
        # The code exists already, or another event has just created one: the next round reads that or tries
        # again.
        insert_once(ReferralCode, customer=customer_id, code=code, made_at=localtime.now())


def owner_of(code: str) -> int | None:
    """The customer whose code it is."""
    found = ReferralCode.select(ReferralCode.customer).where(ReferralCode.code == code).scalar()
    return None if found is None else int(found)


def invite(customer_id: int) -> str:
    """Records that the customer was shown the invitation, once a day, and returns their code."""
    code = _count_invited(customer_id)
    if code is None:
        get_or_create_code(customer_id)
        code = _count_invited(customer_id)
    return str(code)


def _count_invited(customer_id: int) -> str | None:
    """Counts the invitation in one statement, since every promoter's answer leads here; None while there is
    no code."""
    first_today = ReferralCode.last_invited_at.is_null() | (
        ReferralCode.last_invited_at < localtime.start_of(localtime.today())
    )
    query: Any = ReferralCode.update(
        invited_count=ReferralCode.invited_count + Case(None, [(first_today, 1)], 0),
        last_invited_at=localtime.now(),
    ).where(ReferralCode.customer == customer_id)
    found = list(query.returning(ReferralCode.code).tuples().execute())
    return str(found[0][0]) if found else None


def join(code: str, referee_id: int, *, is_new: bool) -> ReferralOutcome:
    """Attributes the sender of a code to its owner, if they are new; the result says otherwise why not."""
    require_transaction()
    owner = ReferralCode.get_or_none(ReferralCode.code == code)
    if owner is None:
        return ReferralOutcome.UNKNOWN_CODE
    referrer_id = owner.customer_id
    if referrer_id == referee_id:
        return ReferralOutcome.OWN_CODE
    if Referral.select().where(Referral.referee == referee_id).exists():
        return ReferralOutcome.ALREADY_JOINED
    if not is_new:
        return ReferralOutcome.ALREADY_CUSTOMER
    # Two who join at once could otherwise close a circle, or exceed the limit, unseen by the checks.
    advisory_lock("referral")
    doubt = checks.at_joining(referrer_id, referee_id)
    row = insert_once(
        Referral,
        referrer=referrer_id,
        referee=referee_id,
        code=code,
        state=ReferralState.HELD if doubt else ReferralState.JOINED,
        reason=str(doubt or ""),
        invited_at=owner.last_invited_at,
        joined_at=localtime.now(),
        held_at=localtime.now() if doubt else None,
    )
    if row is None:
        return ReferralOutcome.ALREADY_JOINED
    if doubt is None:
        update_counts(referrer_id, joined_count=ReferralCode.joined_count + 1)
    return doubt or ReferralOutcome.ATTRIBUTED


def reward_first_purchase(
    referee_id: int, purchase_cause: str, on: date | None = None
) -> ReferralReward | None:
    """Rewards both sides for a referred customer's first purchase, once, now or after the hold.

    `on` is the day of the purchase, by default today. Where there is a doubt the referral is held for staff.
    None when nobody earned just now.
    """
    require_transaction()
    referral = Referral.get_or_none(Referral.referee == referee_id, Referral.bought_at.is_null())
    if referral is None:
        return None
    doubt = checks.at_buying(referral)
    now, today = localtime.now(), localtime.today()
    due_on = (on or today) + timedelta(days=shop.get(ReferralRules).hold_days)
    state = _after_buying(ReferralState(referral.state), doubt, is_due=due_on <= today)
    changed = (
        Referral.update(
            state=state,
            reason=str(doubt) if doubt and referral.state == ReferralState.JOINED else referral.reason,
            bought_at=now,
            held_at=referral.held_at or (now if state is ReferralState.HELD else None),
            due_on=due_on,
            rewarded_at=now if state is ReferralState.REWARDED else None,
            purchase_cause=purchase_cause,
        )
        .where(Referral.id == referral.id, Referral.bought_at.is_null(), Referral.state == referral.state)
        .execute()
    )
    if changed != 1 or state not in {ReferralState.BOUGHT, ReferralState.REWARDED}:
        return None
    update_counts(referral.referrer_id, bought_count=ReferralCode.bought_count + 1)
    referral.purchase_cause = purchase_cause
    return reward(referral) if state is ReferralState.REWARDED else None


def _after_buying(state: ReferralState, doubt: Doubt | None, *, is_due: bool) -> ReferralState:
    if state is not ReferralState.JOINED:
        return state
    if doubt is not None:
        return ReferralState.HELD
    return ReferralState.REWARDED if is_due else ReferralState.BOUGHT


def lock_with_referrer(customer_id: int | None) -> None:
    """Locks the customer and their referrer, before a change that may give or reverse a referral's reward."""
    referrer_id = Referral.select(Referral.referrer).where(Referral.referee == customer_id).scalar()
    customers.lock(customer_id, referrer_id)


def of_referee(referee_id: int) -> Referral | None:
    """The referral by which that customer came, if any."""
    found: Referral | None = Referral.get_or_none(Referral.referee == referee_id)
    return found


def totals() -> Totals:
    """The totals of all invitations."""
    invited, joined, bought_ = (
        ReferralCode.select(
            fn.COALESCE(fn.SUM(ReferralCode.invited_count), 0),
            fn.COALESCE(fn.SUM(ReferralCode.joined_count), 0),
            fn.COALESCE(fn.SUM(ReferralCode.bought_count), 0),
        )
        .tuples()
        .first()
    )
    held = Referral.select().where(Referral.state == ReferralState.HELD).count()
    return Totals(int(invited), int(joined), int(bought_), int(held))


def reward(referral: Referral) -> ReferralReward:
    """Gives both sides their points, once for each referral and purchase."""
    rules = shop.get(PointRules)
    # An earlier reward was reversed with its order: this one gets a cause of its own, by its order.
    is_again = ledger.entry_of(f"referral:{referral.id}:referrer") is not None
    again = f":{referral.purchase_cause}" if is_again else ""
    sides: list[LedgerEntry | None] = [
        ledger.earn(customer_id, action, rules.points_for(action), f"referral:{referral.id}:{side}{again}")
        for customer_id, action, side in (
            (referral.referrer_id, Action.REFERRAL, "referrer"),
            (referral.referee_id, Action.REFERRED, "referee"),
        )
    ]
    gave = [entry.points if entry else 0 for entry in sides]
    return ReferralReward(referral.id, referral.referrer_id, referral.referee_id, gave[0], gave[1])


def update_counts(referrer_id: int, **columns: object) -> None:
    """Updates the cached counts of the owner's list."""
    ReferralCode.update(**columns).where(ReferralCode.customer == referrer_id).execute()
