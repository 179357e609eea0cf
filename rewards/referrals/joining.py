"""Reads how many friends came by the invitations of many customers, and for whom that changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rewards.referrals.tables import Referral, ReferralCode


def joined_counts_of(customer_ids: Sequence[int]) -> dict[int, int]:
    """How many friends joined by each customer's code, in one statement; without those who have no code."""
    theirs = ReferralCode.customer.in_(customer_ids)
    rows: Any = ReferralCode.select(ReferralCode.customer, ReferralCode.joined_count).where(theirs).tuples()
    return dict(rows)


def joined_after(position: int, limit: int) -> list[tuple[int, int | None, datetime]]:
    """Referrals with a higher id, in its order: each as its id, the customer who invited and when the friend joined."""
    query: Any = Referral.select(Referral.id, Referral.referrer, Referral.joined_at)
    return list(query.where(Referral.id > position).order_by(Referral.id).limit(limit).tuples())


def decided_since(moment: datetime) -> set[int]:
    """The customers who invited, of referrals that staff decided since that moment."""
    rows: Any = Referral.select(Referral.referrer).where(Referral.decided_at >= moment).distinct().tuples()
    return {customer_id for (customer_id,) in rows}
