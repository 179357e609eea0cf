"""Counts how far referrals came in some days: invited, joined, bought, rewarded. Each step counts those who took it
on these days, whenever they took the one before.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot import localtime
from customers.values.windows import Window
from rewards.referrals.tables import Referral, ReferralCode, ReferralState


class Step(StrEnum):
    """A step of the funnel, in its order."""

    INVITED = "invited"
    """Customers who were shown their own invitation for the first time."""
    JOINED = "joined"
    """Friends who joined by a code; rejected referrals left out, those held for review counted."""
    BOUGHT = "bought"
    """Of such friends, those whose first purchase counts; held ones too."""
    REWARDED = "rewarded"
    """Friends for whose first purchase both sides got their points, which were not reversed."""


def people(step: Step, window: Window) -> Any:
    """Query of the customers who took that step on these days: those who may invite, or the friends."""
    if step is Step.INVITED:
        shown = ReferralCode.select(ReferralCode.customer).where(ReferralCode.invited_count > 0)
        return shown.where(_within(ReferralCode.made_at, window))
    friends = Referral.select(Referral.referee)
    if step is Step.REWARDED:
        rewarded = Referral.state == ReferralState.REWARDED
        return friends.where(rewarded, _within(Referral.rewarded_at, window))
    at = Referral.joined_at if step is Step.JOINED else Referral.bought_at
    return friends.where(Referral.state != ReferralState.REJECTED, _within(at, window))


def count(step: Step, window: Window) -> int:
    """How many they are; a friend joins once, so nobody counts twice."""
    return int(people(step, window).count())


ALL_TIME_FROM = date(2000, 1, 1)
"""No shop has had its bot for longer."""


def all_time(on: date) -> Window:
    """All days until that one."""
    return Window(ALL_TIME_FROM, on)


def _within(at: Any, window: Window) -> Any:
    begin, end = localtime.start_of(window.first_on), localtime.start_of(window.last_on + timedelta(days=1))
    return (at >= begin) & (at < end)
