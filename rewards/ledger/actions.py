"""Decides how many points a purchase earns, and names what earns at all. Pure.

There is no score in here: a 0 earns what a 10 earns. What each action is worth is the owner's, in `settings.py`.
"""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class Action(StrEnum):
    """What a customer did, or what was done for them, that the ledger has an entry of."""

    PURCHASE = "purchase"
    REGISTRATION = "registration"
    SURVEY_ANSWER = "survey-answer"
    COMMENT = "comment"
    TESTIMONIAL = "testimonial"
    REFERRAL = "referral"
    """A friend this customer invited bought for the first time."""
    REFERRED = "referred"
    """This customer came by a friend's invitation and bought for the first time."""
    BIRTHDAY = "birthday"
    """Once a year, on the day the customer told us."""
    STAFF = "staff"
    """Given or taken by staff, by hand and with a reason."""
    REDEMPTION = "redemption"
    """Points spent on a reward."""
    EXPIRY = "expiry"
    """Points that were not used in time."""


class PurchaseRate(Protocol):
    """The one rule a purchase needs."""

    @property
    def purchase_per_100_yen(self) -> int:
        """Points for each full ¥100."""


def for_purchase(total_yen: int, rules: PurchaseRate) -> int:
    """Points of a purchase of so many yen: for each full ¥100; never fewer than none."""
    return max(0, total_yen) // 100 * rules.purchase_per_100_yen


def version_of(rules: Mapping[str, object]) -> str:
    """A short name of exactly these rules, kept with what was decided by them."""
    content = json.dumps(rules, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def share_of(points: int, part_yen: int, whole_yen: int) -> int:
    """What of the points of a whole price a part of it deserves, each full ¥100 counting; exact at any rate."""
    whole = max(0, whole_yen) // 100
    return 0 if not whole else points * min(max(0, part_yen) // 100, whole) // whole
