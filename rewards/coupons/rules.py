"""The rules by which a customer may have a reward, or the reason why not. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RewardKind(StrEnum):
    """For what a reward is given."""

    EXCHANGE = "exchange"
    """For points, when the customer asks."""
    FIRST_PURCHASE = "first-purchase"
    RANK = "rank"
    """On reaching its rank."""
    BIRTHDAY = "birthday"
    THANK_YOU = "thank-you"
    """Given by staff."""


class Lack(StrEnum):
    """Why a customer cannot have a reward; of several reasons the first in this order."""

    STOPPED = "stopped"
    NOT_YET = "not_yet"
    OVER = "over"
    SOLD_OUT = "sold_out"
    HAD_ENOUGH = "had_enough"
    RANK = "rank"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Terms:
    """The conditions of a reward."""

    points_price: int = 0
    left: int | None = None
    """How many are left; None is unlimited."""
    starts_on: date | None = None
    ends_on: date | None = None
    """The last day."""
    per_customer: int | None = None
    minimum_rank: int = 1
    active: bool = True


@dataclass(frozen=True, slots=True)
class Holder:
    """What the conditions are compared with, of one customer."""

    points: int
    rank: int
    had_count: int
    """How many of this reward they had; cancelled ones do not count."""


def lack(terms: Terms, holder: Holder, today: date) -> Lack | None:
    """Why the customer cannot have it today; None when they can."""
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
    """Whether the reward is shown in the customer's list: those they can have, or could with more points or a
    higher rank."""
    return reason in {None, Lack.POINTS, Lack.RANK}
