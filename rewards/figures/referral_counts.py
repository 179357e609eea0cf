"""Counts the steps from an invitation to a reward for a whole shop, and lists the people of each, in SQL.

What each step means is `referral_steps.py`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from bot import localtime
from customers.values.windows import Window
from rewards.figures.referral_steps import STATES, Step
from rewards.referrals.tables import Referral, ReferralCode

_MOMENTS: dict[Step, Any] = {
    Step.JOINED: Referral.joined_at,
    Step.BOUGHT: Referral.bought_at,
    Step.REWARDED: Referral.rewarded_at,
    Step.HELD: Referral.held_at,
    Step.REJECTED: Referral.decided_at,
}


@dataclass(frozen=True, slots=True)
class StepPerson:
    """Somebody of a step: who, when, by whom they were invited, and the state of the referral now."""

    key: int
    """The id by which the next page of the list begins."""
    customer_id: int
    at: datetime
    referrer_id: int | None = None
    state: str = ""
    reason: str = ""
    shown_count: int = 0
    """Of an invitation: on how many days it was shown."""


BEGINNING = date(2000, 1, 1)
"""Before any shop's first day."""


def until(on: date) -> Window:
    """All days until that one, for what is counted from the beginning."""
    return Window(BEGINNING, on)


def totals(window: Window) -> dict[Step, int]:
    """How many people reached each step on these days."""
    return {step: count(step, window) for step in Step}


def count(step: Step, window: Window) -> int:
    """How many people reached the step on these days."""
    return int(_rows(step, window).count())


def shown_count(on: date) -> int:
    """On how many days invitations were shown until now, summed over those first invited until that day.

    Only the sum is stored, so it cannot be counted for a month.
    """
    shown = ReferralCode.select(fn.COALESCE(fn.SUM(ReferralCode.invited_count), 0))
    return int(shown.where(ReferralCode.made_at < _after(on)).scalar())


def people(step: Step, window: Window) -> Any:
    """Query of the customer ids of a step: of invitations who was invited, else the friends."""
    model = _model(step)
    return _rows(step, window).select(model.customer if step is Step.INVITED else model.referee)


def page(step: Step, window: Window, after: int, limit: int) -> list[StepPerson]:
    """The people of a step after that key, in the order in which they were invited or joined."""
    model = _model(step)
    rows: Sequence[Any] = list(_rows(step, window).where(model.id > after).order_by(model.id).limit(limit))
    if step is Step.INVITED:
        return [StepPerson(r.id, r.customer_id, r.made_at, shown_count=r.invited_count) for r in rows]
    return [
        StepPerson(r.id, r.referee_id, _moment_of(r, step), r.referrer_id, r.state, r.reason) for r in rows
    ]


def referrers(on: date) -> Any:
    """Query of the ids of customers by whose code at least one friend came who bought until that day."""
    bought = Referral.state.in_(STATES[Step.BOUGHT]) & (Referral.bought_at < _after(on))
    return Referral.select(Referral.referrer).where(bought).distinct()


def within(column: Any, window: Window) -> Any:
    """The condition that a moment is on one of these days of the shop."""
    return (column >= localtime.start_of(window.first_on)) & (column < _after(window.last_on))


def _rows(step: Step, window: Window) -> Any:
    if step is Step.INVITED:
        shown = ReferralCode.invited_count > 0
        return ReferralCode.select().where(shown, within(ReferralCode.made_at, window))
    if step is Step.JOINED:
        return Referral.select().where(within(Referral.joined_at, window))
    at = _MOMENTS[step]
    reached = within(at, window)
    if step in (Step.HELD, Step.REJECTED):  # rows of an older version lack the moment
        reached |= at.is_null() & within(Referral.joined_at, window)
    return Referral.select().where(Referral.state.in_(STATES[step]), reached)


def _moment_of(row: Referral, step: Step) -> datetime:
    found: datetime = getattr(row, _MOMENTS[step].name) or row.joined_at
    return found


def _model(step: Step) -> Any:
    return ReferralCode if step is Step.INVITED else Referral


def _after(day: date) -> datetime:
    return localtime.start_of(day + timedelta(days=1))
