"""What can happen to a customer that flows know of: it may trigger a flow, end a wait, or reach a goal. Pure.

`definition.py` says what a flow may ask of it.
"""

from dataclasses import dataclass
from enum import StrEnum


class On(StrEnum):
    """What can happen to a customer: triggers a flow, ends a wait, reaches a goal."""

    FOLLOW = "follow"
    ORDER = "order"
    DISPATCH = "dispatch"
    DELIVERY = "delivery"
    RANK = "rank"
    SCORE = "score"
    TESTIMONIAL = "testimonial"
    """A testimonial of theirs was published."""
    REFERRAL_JOINED = "referral-joined"
    """A friend they invited added the shop; the referrer is meant."""
    REFERRAL_BOUGHT = "referral-bought"
    COUPON = "coupon"
    """They were given a coupon by staff, for a rank, a birthday or a first purchase; not by a step of a flow, since two
    flows could give coupons to each other's customers for ever."""
    COUPON_ENDING = "coupon-ending"
    """A coupon ends in `days` days."""
    POINTS_EXPIRING = "points-expiring"
    """Points expire in `days` days."""
    RECENCY = "recency"
    """Their last purchase was `days` days ago."""
    BIRTHDAY = "birthday"
    TAG = "tag"
    CLICK = "click"
    HAND = "hand"
    """Staff or the owner put them in."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that happened, with the facts that narrow it."""

    on: On
    cause: str
    """What caused it (`order:1001`, `nps.score:55`): one cause triggers a flow at most once."""
    nth: int | None = None
    """Orders: the customer's n-th."""
    order_number: str | None = None
    products: tuple[str, ...] = ()
    """Orders, dispatches, deliveries: the product codes."""
    score: int | None = None
    tag: str | None = None
    days: int | None = None
    """Recency: days since the last purchase; endings: days until then."""
    rank: str | None = None
    flow: str | None = None
    step: str | None = None
    """Clicks: whose link was opened."""
