"""The actions that earn or take points, and the points of a purchase. Pure.

A survey's score is no part of it: a 0 earns what a 10 earns. What each action is worth is set in
`settings.py`.
"""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class Action(StrEnum):
    """What a customer did, or what was done for them, that an entry records."""

    PURCHASE = "purchase"
    REGISTRATION = "registration"
    SURVEY_ANSWER = "survey-answer"
    COMMENT = "comment"
    TESTIMONIAL = "testimonial"
    REFERRAL = "referral"
    """A friend whom this customer invited bought for the first time."""
    REFERRED = "referred"
    """This customer was invited by a friend and bought for the first time."""
    BIRTHDAY = "birthday"
    """Once a year, on the customer's birthday."""
    CAMPAIGN = "campaign"
    """Given along with a campaign's message."""
    STAFF = "staff"
    """Given or taken by staff, with a reason."""
    REDEMPTION = "redemption"
    """Points spent on a reward."""
    EXPIRY = "expiry"
    """Points that were not used in time."""


class PurchaseRate(Protocol):
    """The one setting that a purchase's points depend on."""

    @property
    def purchase_per_100_yen(self) -> int:
        """Points for each full ¥100."""


def for_purchase(total_yen: int, rules: PurchaseRate) -> int:
    """The points of a purchase: so many for each full ¥100, never below 0."""
    return max(0, total_yen) // 100 * rules.purchase_per_100_yen


def version_of(rules: Mapping[str, object]) -> str:
    """A short hash of these rules, stored with everything that was computed by them."""
    content = json.dumps(rules, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def share_of(points: int, part_yen: int, whole_yen: int) -> int:
    """The share of a whole price's points that a part of the price earns, each full ¥100 counting; exact at
    any rate."""
    whole = max(0, whole_yen) // 100
    return 0 if not whole else points * min(max(0, part_yen) // 100, whole) // whole
