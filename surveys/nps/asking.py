"""Decides who may be asked when, whom a reminder may still reach, and whose turn the drip is. Pure.

The clock asks these rules when it puts a question into the inbox, the worker asks them again when it handles it, and
`manage.py survey plan` shows what they say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Occasion(StrEnum):
    """Why a question is due. The same words begin its cause (`purchase:12`), but for the reminder's."""

    TICKET = "ticket"
    """A matter that began with a low score was resolved."""
    REMINDER = "reminder"
    PURCHASE = "purchase"
    DRIP = "drip"
    STAFF = "staff"


class Refusal(StrEnum):
    """Why somebody is not asked."""

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
    """What the shop allows itself."""

    again_after: timedelta
    """Between two questions to one customer."""
    remind_until: timedelta
    """A reminder later than that after the question would come out of nowhere."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the decision needs to know about a customer for whom there is an occasion."""

    occasion: Occasion
    is_blocked: bool
    is_opted_out: bool
    has_open_ticket: bool
    last_asked_at: datetime | None
    since: datetime | None = None
    """When the ticket was resolved, or when the question was put that the reminder is about."""
    has_answered: bool = False
    was_reminded: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A question or a reminder that is due, to whom, and because of what."""

    customer_id: int
    display_name: str
    conversation_key: str
    line_user_id: str
    cause: str
    due_on: date
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of it today: asked, or the first reason against it."""

    due: Due
    refusal: Refusal | None


def occasion_of(cause: str) -> Occasion:
    """The occasion that a question's cause tells of; what staff began has causes of several kinds."""
    kind = cause.partition(":")[0]
    return Occasion(kind) if kind in set(Occasion) else Occasion.STAFF


def why_not(candidate: Candidate, now: datetime, pace: Pace) -> Refusal | None:
    """None when the customer may be written to now; otherwise the first reason against it."""
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
        # The rest between two questions is for those whose matter is not ours to mend.
        return Refusal.ASKED_LATELY if asked_at > candidate.since else None
    return Refusal.ASKED_LATELY if now - asked_at < pace.again_after else None


def _why_not_remind(candidate: Candidate, now: datetime, pace: Pace) -> Refusal | None:
    """One reminder for a question, while it is remembered, never after an answer."""
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


def decide(due: Iterable[Due], now: datetime, pace: Pace, room: int) -> Iterator[Decision]:
    """What becomes of each today, in their order; `room` is how many more the day may take. Nobody is asked twice."""
    chosen: set[int] = set()
    for each in due:
        if each.customer_id in chosen:
            continue
        refusal = why_not(each.candidate, now, pace)
        if refusal is None and len(chosen) >= room:
            refusal = Refusal.DAY_IS_FULL
        if refusal is None:
            chosen.add(each.customer_id)
        yield Decision(each, refusal)


def is_daytime(local: time, from_hour: int, until_hour: int) -> bool:
    """Whether the shop's clock is within the hours in which people may be written to."""
    return from_hour <= local.hour < until_hour


PRIME = 2_147_483_647
FIRST, SECOND = 48_271, 65_521


def drip_slot(customer_id: int, every_days: int) -> int:
    """Which day of each round of so many days is this customer's: looks like chance, and stays the same for ever.

    The round's days get even shares of the customers. `due_invitations.py` says the same in SQL.
    """
    mixed = customer_id * FIRST % PRIME
    return mixed * (mixed % SECOND + 1) % PRIME % every_days


def drip_day(customer_id: int, every_days: int, today: date) -> date:
    """The customer's last drip day, today included."""
    behind = (today.toordinal() - drip_slot(customer_id, every_days)) % every_days
    return today - timedelta(days=behind)
