"""Decides whether a customer may have a reward now, and what is missing. Pure: facts in, answer out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RewardKind(StrEnum):
    """How a reward comes to a customer."""

    EXCHANGE = "exchange"
    """For points, when the customer asks."""
    FIRST_PURCHASE = "first-purchase"
    RANK = "rank"
    """On reaching its rank."""
    BIRTHDAY = "birthday"
    THANK_YOU = "thank-you"
    """Given by staff, by hand."""


class Lack(StrEnum):
    """Why not, the reason that matters first."""

    STOPPED = "stopped"
    NOT_YET = "not_yet"
    OVER = "over"
    SOLD_OUT = "sold_out"
    HAD_ENOUGH = "had_enough"
    RANK = "rank"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the shop asks for a reward."""

    points_price: int = 0
    left: int | None = None
    """How many are left; None is without end."""
    starts_on: date | None = None
    ends_on: date | None = None
    """The last day."""
    per_customer: int | None = None
    minimum_rank: int = 1
    active: bool = True


@dataclass(frozen=True, slots=True)
class Holder:
    """What a customer brings."""

    points: int
    rank: int
    had_count: int
    """How many of this reward they had; a cancelled one does not count."""


def lack(terms: Terms, holder: Holder, today: date) -> Lack | None:
    """Why the customer may not have it; None when they may."""
    checks = (
        (Lack.STOPPED, not terms.active),
        (Lack.NOT_YET, terms.starts_on is not None and today < terms.starts_on),
        (Lack.OVER, terms.ends_on is not None and today > terms.ends_on),
        (Lack.SOLD_OUT, terms.left is not None and terms.left <= 0),
        (Lack.HAD_ENOUGH, terms.per_customer is not None and holder.had_count >= terms.per_customer),
        (Lack.RANK, holder.rank < terms.minimum_rank),
        (Lack.POINTS, holder.points < terms.points_price),
    )
    return next((reason for reason, holds in checks if holds), None)


def is_worth_showing(reason: Lack | None) -> bool:
    """Whether a customer should see it in the list: what they can have, and what they can still come to have."""
    return reason in {None, Lack.POINTS, Lack.RANK}
