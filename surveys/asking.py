"""Decides whether a customer may be asked now, and what a tap on a score counts as. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum


class Refusal(StrEnum):
    """Why somebody is not asked."""

    BLOCKED = "blocked"
    OPTED_OUT = "opted-out"
    OPEN_TICKET = "open-ticket"
    ASKED_LATELY = "asked-lately"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the decision needs to know about a customer."""

    is_blocked: bool
    is_opted_out: bool
    has_open_ticket: bool
    last_asked_at: datetime | None


def may_ask(candidate: Candidate, now: datetime, again_after: timedelta) -> Refusal | None:
    """None when the customer may be asked unasked-for; otherwise the first reason against it."""
    if candidate.is_blocked:
        return Refusal.BLOCKED
    if candidate.is_opted_out:
        return Refusal.OPTED_OUT
    if candidate.has_open_ticket:
        return Refusal.OPEN_TICKET
    if candidate.last_asked_at and now - candidate.last_asked_at < again_after:
        return Refusal.ASKED_LATELY
    return None


def is_daytime(local: time, from_hour: int, until_hour: int) -> bool:
    """Whether the shop's clock is within the hours in which people may be written to."""
    return from_hour <= local.hour < until_hour


class Tap(StrEnum):
    """What a tap on a score is."""

    FIRST = "first"
    CORRECTION = "correction"
    SAME = "same"
    TOO_LATE = "too-late"


def tap(
    score: int, answered_score: int | None, answered_at: datetime | None, now: datetime, within: timedelta
) -> Tap:
    """The first tap counts; another within the hour corrects it; later ones change nothing."""
    if answered_score is None or answered_at is None:
        return Tap.FIRST
    if now - answered_at > within:
        return Tap.TOO_LATE
    return Tap.SAME if score == answered_score else Tap.CORRECTION
