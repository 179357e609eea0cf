"""How severe a ticket is, and why it is where it is in a list: harm before anger, anger before a low score. Pure.

The list reads the same order by indexes in `queues.py`; a test holds one to the other.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """The higher, the sooner staff answer."""

    OTHER = 0
    LOW_SCORE = 1
    ANGER = 2
    """Anger, haste, or damaged goods."""
    HARM = 3
    DANGER = 4


class Placement(StrEnum):
    """The parts of a list, in order."""

    GRAVE = "grave"
    """Danger to life or an injury, whatever was promised."""
    OVERDUE = "overdue"
    """The promised time has passed."""
    ANGER = "anger"
    LOW_SCORE = "low_score"
    FOLLOW_UP = "follow_up"
    """The customer has not answered, and staff wanted to follow up by now."""
    WAITING = "waiting"
    ANSWERED = "answered"


_BY_URGENCY = {1: Severity.ANGER, 2: Severity.HARM, 3: Severity.DANGER}


def severity(cause: str, urgency: int) -> Severity:
    """The severity of a ticket of that cause whose customer's words came to that urgency (0 to 3)."""
    return _BY_URGENCY.get(urgency, Severity.LOW_SCORE if cause == "detractor" else Severity.OTHER)


def placement(
    found: Severity | int, now: datetime, *, waits: bool, due_at: datetime | None, follow_up: bool = False
) -> Placement:
    """The part of the list in which a ticket is. `waits`: for staff; `due_at`: by when they promised to answer;
    `follow_up`: staff wanted to follow up by now."""
    if not waits:
        return Placement.FOLLOW_UP if follow_up else Placement.ANSWERED
    if found >= Severity.HARM:
        return Placement.GRAVE
    if due_at is not None and due_at <= now:
        return Placement.OVERDUE
    by_severity = {Severity.ANGER: Placement.ANGER, Severity.LOW_SCORE: Placement.LOW_SCORE}
    return by_severity.get(Severity(found), Placement.WAITING)
