"""Reads points, rank, referrals and coupons of each of some customers, one statement a subject."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from peewee import Case, fn

from bot import localtime
from bot.db.value_lists import is_one_of
from customers.people.customer import Customer
from rewards.coupons.tables import Coupon, CouponState
from rewards.ledger.entries import LedgerEntry
from rewards.ranks.rules import Axes, Rank
from rewards.ranks.tables import CustomerRank
from rewards.referrals.tables import Referral, ReferralState


class Friends(NamedTuple):
    """How many friends a customer brought, and how many of these bought."""

    joined_count: int
    bought_count: int


class Coupons(NamedTuple):
    """How many coupons a customer was given, and how many of them can be used today."""

    given_count: int
    usable_count: int


def balances(customer_ids: Collection[int]) -> dict[int, int]:
    """The points of each customer, as `ledger.balance`; without those who never had any."""
    rows: Any = (
        LedgerEntry.select(LedgerEntry.customer, fn.SUM(LedgerEntry.points))
        .where(is_one_of(LedgerEntry.customer, customer_ids))
        .group_by(LedgerEntry.customer)
        .tuples()
    )
    return {customer_id: int(points) for customer_id, points in rows}


def ranks(customer_ids: Collection[int]) -> dict[int, tuple[Rank, Axes]]:
    """The rank and axes as last reviewed; without customers who were never reviewed."""
    columns = (CustomerRank.customer, CustomerRank.rank, CustomerRank.money, CustomerRank.behaviour)
    rows: Any = CustomerRank.select(*columns, CustomerRank.relationship)
    found = rows.where(is_one_of(CustomerRank.customer, customer_ids)).tuples()
    return {customer_id: (Rank(rank), Axes(*axes)) for customer_id, rank, *axes in found}


def friends(customer_ids: Collection[int]) -> dict[int, Friends]:
    """By customer; without those who brought nobody. A friend bought where the referral is rewarded or waits for it."""
    bought = Case(None, [(Referral.state.in_((ReferralState.BOUGHT, ReferralState.REWARDED)), 1)], 0)
    rows: Any = (
        Referral.select(Referral.referrer, fn.COUNT(Referral.id), fn.SUM(bought))
        .where(is_one_of(Referral.referrer, customer_ids))
        .group_by(Referral.referrer)
        .tuples()
    )
    return {customer_id: Friends(int(joined), int(bought)) for customer_id, joined, bought in rows}


def coupons(customer_ids: Collection[int]) -> dict[int, Coupons]:
    """By customer; without those who were given none. Cancelled ones do not count."""
    is_usable = (Coupon.state == CouponState.ISSUED) & (Coupon.valid_until >= localtime.today())
    rows: Any = (
        Coupon.select(Coupon.customer, fn.COUNT(Coupon.id), fn.SUM(Case(None, [(is_usable, 1)], 0)))
        .where(is_one_of(Coupon.customer, customer_ids), Coupon.state != CouponState.CANCELLED)
        .group_by(Coupon.customer)
        .tuples()
    )
    return {customer_id: Coupons(int(given), int(usable)) for customer_id, given, usable in rows}


def friends_of(customer_id: int, limit: int) -> Sequence[Referral]:
    """Those whom the customer brought, the newest first, with their customers loaded."""
    mine = Referral.select(Referral, Customer).join(Customer, on=(Referral.referee == Customer.id))
    return list(mine.where(Referral.referrer == customer_id).order_by(Referral.id.desc()).limit(limit))
