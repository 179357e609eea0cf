"""The rules of who may be asked when, who may be reminded, and on which day regular surveys come. Pure.

Applied by the clock before it puts a survey into the inbox, by the worker when it handles the event, and by
`manage.py survey plan`. Candidates are found in `due_invitations.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Occasion(StrEnum):
    """Why a survey is due. Its cause begins with the same word (`purchase:12`), except for a reminder."""

    TICKET = "ticket"
    """A ticket for a low score was resolved."""
    REMINDER = "reminder"
    PURCHASE = "purchase"
    DRIP = "drip"
    STAFF = "staff"


class Refusal(StrEnum):
    """Why a customer is not asked."""

    BLOCKED = "blocked"
    OPTED_OUT = "opted-out"
    OPEN_TICKET = "open-ticket"
    ASKED_LATELY = "asked-lately"
    ANSWERED = "answered"
    REMINDED = "reminded"
    TOO_LATE = "too-late"
    DAY_IS_FULL = "day-is-full"


@dataclass(frozen=True, slots=True)
class Pace:
    """The shop's minimum interval between surveys, and how late a reminder may be."""

    again_after: timedelta
    """Between two surveys to one customer."""
    remind_until: timedelta
    """A reminder is sent no later than this after the survey."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the rules need to know about a customer who is due."""

    occasion: Occasion
    is_blocked: bool
    is_opted_out: bool
    has_open_ticket: bool
    last_asked_at: datetime | None
    since: datetime | None = None
    """When the ticket was resolved, or when the survey that the reminder is about was sent."""
    has_answered: bool = False
    was_reminded: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A survey or reminder that is due: to whom, and for which cause."""

    customer_id: int
    display_name: str
    conversation_key: str
    line_user_id: str
    cause: str
    due_on: date
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is sent today: None, or the first reason against it."""

    due: Due
    refusal: Refusal | None


def occasion_of(cause: str) -> Occasion:
    """The occasion of a cause; a cause that begins with no occasion is STAFF's."""
    kind = cause.partition(":")[0]
    return Occasion(kind) if kind in set(Occasion) else Occasion.STAFF


def why_not(candidate: Candidate, now: datetime, pace: Pace) -> Refusal | None:
    """None when the customer may be asked now; otherwise the first reason against it."""
    if candidate.is_blocked:
        return Refusal.BLOCKED
    if candidate.is_opted_out:
        return Refusal.OPTED_OUT
    if candidate.has_open_ticket:
        return Refusal.OPEN_TICKET
    if candidate.occasion is Occasion.REMINDER:
        return _why_not_remind(candidate, now, pace)
    asked_at = candidate.last_asked_at
    if asked_at is None:
        return None
    if candidate.occasion is Occasion.TICKET and candidate.since is not None:
        # After a resolved ticket the minimum interval does not apply.
        return Refusal.ASKED_LATELY if asked_at > candidate.since else None
    return Refusal.ASKED_LATELY if now - asked_at < pace.again_after else None


def _why_not_remind(candidate: Candidate, now: datetime, pace: Pace) -> Refusal | None:
    """One reminder for each survey, not too late, and never after an answer."""
    if candidate.has_answered:
        return Refusal.ANSWERED
    if candidate.was_reminded:
        return Refusal.REMINDED
    asked_at = candidate.since
    if asked_at is None or now - asked_at > pace.remind_until:
        return Refusal.TOO_LATE
    if candidate.last_asked_at is not None and candidate.last_asked_at > asked_at:
        return Refusal.ASKED_LATELY
    return None


def decide(due: Iterable[Due], now: datetime, pace: Pace, remaining: int) -> Iterator[Decision]:
    """The decision for each, in the given order; `room` is how many more may be written to today. No customer
    is asked twice."""
    chosen: set[int] = set()
    for each in due:
        if each.customer_id in chosen:
            continue
        refusal = why_not(each.candidate, now, pace)
        if refusal is None and len(chosen) >= remaining:
            refusal = Refusal.DAY_IS_FULL
        if refusal is None:
            chosen.add(each.customer_id)
        yield Decision(each, refusal)


def is_daytime(local: time, from_hour: int, until_hour: int) -> bool:
    """Whether the shop's local time is within the hours in which customers may be written to."""
    return from_hour <= local.hour < until_hour


PRIME = 2_147_483_647
FIRST, SECOND = 48_271, 65_521


def drip_slot(customer_id: int, every_days: int) -> int:
    """The customer's day in each round of `every_days` days: spread like chance, and the same in every round.

    Each day of the round gets an equal share of the customers. `due_invitations.py` computes the same in SQL.
    """
    mixed = customer_id * FIRST % PRIME
    return mixed * (mixed % SECOND + 1) % PRIME % every_days


def drip_day(customer_id: int, every_days: int, today: date) -> date:
    """The customer's latest day of regular surveys, today included."""
    behind = (today.toordinal() - drip_slot(customer_id, every_days)) % every_days
    return today - timedelta(days=behind)
