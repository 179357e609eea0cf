"""When a rank rises and when it falls: a rise at once, a fall late, after a warning, one rank at a time.
Pure.

The day of a fall (`fall_day`) is computed here. The result of a nightly review (`after`, `is_warning_due`) is
needed for many customers at once, so `batch_sql.py` and `nightly_review.py` compute it in SQL: the functions
here are the reference, with which `tests/storage/rewards/test_rank_batch_sql.py` compares the SQL, customer
by customer. A change of the one needs a change of the other.

A rank that was reached stays for a qualifying period, whatever else changes (`held_until`); only a reversed
order undoes it sooner. After that, a rank that is no longer deserved stays until the customer was warned and
the grace period is over; it falls on the first review day after that. Deserving it again before then keeps it
for another qualifying period.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rewards.ranks.rules import Rank


@dataclass(frozen=True)
class FallRules:
    """The day of the month on which ranks fall, and the least number of days between a warning and that
    day."""

    review_day: int = 1
    grace_days: int = 30


@dataclass(frozen=True, slots=True)
class HeldRank:
    """The rank a customer holds, and when it may end."""

    rank: Rank
    held_until: date | None = None
    below_since: date | None = None
    """Since when it is no longer deserved; the customer is to be warned."""
    falls_on: date | None = None
    """The day named in the warning."""


class RankVerdict(StrEnum):
    """The result of reviewing a rank."""

    STAYS = "stays"
    RISES = "rises"
    TO_BE_WARNED = "to-be-warned"
    """No longer deserved, and the customer was not warned: nothing falls before that."""
    IN_GRACE = "in-grace"
    FALLS = "falls"


def may_warn(held_until: date | None, today: date, rules: FallRules) -> bool:
    """Whether a warning today is not too early: the fall it announces must not come before the end of
    `held_until`."""
    return held_until is None or held_until <= today + timedelta(days=rules.grace_days)


def verdict(
    held: Rank, deserved: Rank, falls_on: date | None, today: date, *, warnable: bool = True
) -> RankVerdict:
    """What happens to the rank held today.

    `falls_on` is the day named in the warning, if one was sent; `warnable` is the result of `may_warn`.
    """
    if deserved >= held:
        return RankVerdict.RISES if deserved > held else RankVerdict.STAYS
    if falls_on is None:
        return RankVerdict.TO_BE_WARNED if warnable else RankVerdict.STAYS
    return RankVerdict.FALLS if today >= falls_on else RankVerdict.IN_GRACE


def after(held: Rank, deserved: Rank, falls_on: date | None, today: date) -> Rank:
    """The rank held after that review: a rise goes all the way, a fall one rank."""
    match verdict(held, deserved, falls_on, today):
        case RankVerdict.RISES:
            return deserved
        case RankVerdict.FALLS:
            return Rank(held - 1)
        case _:
            return held


def is_warning_due(held: HeldRank, deserved: Rank, today: date, rules: FallRules) -> bool:
    """Whether that review finds a customer to be warned: newly below the rank, or fallen today and below the
    next too."""
    then = after(held.rank, deserved, held.falls_on, today)
    if deserved >= then:
        return False
    return then != held.rank or (held.below_since is None and may_warn(held.held_until, today, rules))


def fall_day(warned_on: date, rules: FallRules) -> date:
    """The day on which a rank falls whose holder was warned on `warned_on`: the first review day after the
    grace period."""
    earliest = warned_on + timedelta(days=rules.grace_days)
    this_month = earliest.replace(day=rules.review_day)
    if this_month >= earliest:
        return this_month
    first_of_next = (earliest.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next.replace(day=rules.review_day)
