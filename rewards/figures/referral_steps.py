"""What each step from an invitation to a reward counts, and on which day it happened.

`referral_counts.py` counts the same in SQL for a whole shop; a test holds the two equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rewards.referrals.tables import ReferralState


class Step(StrEnum):
    """A step on the way from an invitation to a reward, or off it. Each counts people."""

    INVITED = "invited"
    """Customers to whom their own code was shown, on the first day on which it was."""
    JOINED = "joined"
    """Friends who sent a code and were new, whatever became of them."""
    BOUGHT = "bought"
    """Of these, friends whose first purchase counts: not held, not rejected, and the order was not reversed."""
    REWARDED = "rewarded"
    """Of these, friends for whose purchase both sides have their points."""
    HELD = "held"
    """Friends who wait for a decision of staff now."""
    REJECTED = "rejected"
    """Friends who were refused by staff."""


STATES: dict[Step, tuple[ReferralState, ...]] = {
    Step.JOINED: tuple(ReferralState),
    Step.BOUGHT: (ReferralState.BOUGHT, ReferralState.REWARDED),
    Step.REWARDED: (ReferralState.REWARDED,),
    Step.HELD: (ReferralState.HELD,),
    Step.REJECTED: (ReferralState.REJECTED,),
}
"""The states in which a friend counts for a step. An invitation has no state."""


@dataclass(frozen=True, slots=True)
class Friend:
    """One friend who joined by a code: the state now, and the days of what happened."""

    state: ReferralState
    joined_on: date
    bought_on: date | None = None
    rewarded_on: date | None = None
    held_on: date | None = None
    decided_on: date | None = None


def day_of(friend: Friend, step: Step) -> date | None:
    """The day on which the friend reached the step; None where they have not, or not any more."""
    if step is Step.INVITED or friend.state not in STATES[step]:
        return None
    return {
        Step.JOINED: friend.joined_on,
        Step.BOUGHT: friend.bought_on,
        Step.REWARDED: friend.rewarded_on,
        Step.HELD: friend.held_on or friend.joined_on,
        Step.REJECTED: friend.decided_on or friend.joined_on,
    }[step]


def count(friends: Iterable[Friend], step: Step, first_on: date | None, last_on: date) -> int:
    """How many friends reached the step on these days; without a first day, until the last."""
    days = (day_of(friend, step) for friend in friends)
    return sum(day is not None and (first_on or day) <= day <= last_on for day in days)
