"""Reverses the rewards of a referral whose order was reversed; the friend's next purchase earns them
again."""

from dataclasses import dataclass
from typing import Any

from bot.db.database import require_transaction
from rewards.ledger import ledger
from rewards.referrals.tables import Referral, ReferralCode, ReferralState


@dataclass(frozen=True, slots=True)
class ReferralTakenBack:
    """A referral whose purchase was reversed, and how many points each side lost."""

    id: int
    referrer_id: int
    referee_id: int
    referrer_points: int
    referee_points: int


def take_back(referee_id: int, order_number: str, reason: str) -> ReferralTakenBack | None:
    """Reverses both rewards of the referral that this order completed, and reopens it for the next purchase.

    None when the order had completed no referral.
    """
    require_transaction()
    order = f"order:{order_number}"
    found = Referral.get_or_none(Referral.referee == referee_id, Referral.purchase_cause == order)
    if found is None:
        return None
    had_counted = found.state in {ReferralState.BOUGHT, ReferralState.REWARDED}
    Referral.update(
        state=ReferralState.JOINED if had_counted else found.state,
        reason=reason if had_counted else found.reason,
        bought_at=None,
        due_on=None,
        rewarded_at=None,
        purchase_cause=None,
    ).where(Referral.id == found.id).execute()
    if not had_counted:
        return None
    less_one: Any = ReferralCode.bought_count - 1
    ReferralCode.update(bought_count=less_one).where(
        ReferralCode.customer == found.referrer_id, ReferralCode.bought_count > 0
    ).execute()
    if found.state == ReferralState.BOUGHT:  # the days of the hold were not over, so nobody had earned
        return ReferralTakenBack(found.id, found.referrer_id, referee_id, 0, 0)
    lost = [_reverse_side(found.id, side, order, reason) for side in ("referrer", "referee")]
    return ReferralTakenBack(found.id, found.referrer_id, referee_id, lost[0], lost[1])


def _reverse_side(referral_id: int, side: str, order: str, reason: str) -> int:
    first = f"referral:{referral_id}:{side}"
    again = f"{first}:{order}"
    given = again if ledger.entry_of(again) is not None else first
    entry = ledger.reverse(given, f"taken-back:{referral_id}:{side}:{order}", reason)
    return 0 if entry is None else -(entry.points + entry.held)
