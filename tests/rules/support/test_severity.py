"""How severe a ticket is, and the part of the list it is in: harm, broken promises, anger, low scores, the rest."""

from datetime import UTC, datetime, timedelta

import pytest

from support.tickets.severity import Placement, Severity, placement, severity

NOON = datetime(2026, 10, 5, 3, tzinfo=UTC)
SOON, PAST = NOON + timedelta(minutes=1), NOON - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("cause", "urgency", "expected"),
    [
        ("danger", 3, Severity.DANGER),
        ("harm", 2, Severity.HARM),
        ("upset", 1, Severity.ANGER),
        ("damage", 1, Severity.ANGER),
        ("detractor", 0, Severity.LOW_SCORE),
        ("detractor", 1, Severity.ANGER),
        ("detractor", 2, Severity.HARM),
        ("asked", 0, Severity.OTHER),
        ("change", 0, Severity.OTHER),
        ("a cause of tomorrow", 0, Severity.OTHER),
        ("asked", 2, Severity.HARM),
    ],
)
def test_severity(cause: str, urgency: int, expected: Severity) -> None:
    assert severity(cause, urgency) is expected


@pytest.mark.parametrize(
    ("found", "waits", "due_at", "follow_up", "expected"),
    [
        (Severity.DANGER, True, SOON, False, Placement.GRAVE),
        (Severity.HARM, True, PAST, False, Placement.GRAVE),
        (Severity.HARM, True, None, False, Placement.GRAVE),
        (Severity.ANGER, True, SOON, False, Placement.ANGER),
        (Severity.ANGER, True, PAST, False, Placement.OVERDUE),
        (Severity.ANGER, True, NOON, False, Placement.OVERDUE),
        (Severity.LOW_SCORE, True, SOON, False, Placement.LOW_SCORE),
        (Severity.LOW_SCORE, True, PAST, False, Placement.OVERDUE),
        (Severity.OTHER, True, SOON, False, Placement.WAITING),
        (Severity.OTHER, True, None, False, Placement.WAITING),
        (Severity.OTHER, True, PAST, False, Placement.OVERDUE),
        (Severity.DANGER, False, PAST, False, Placement.ANSWERED),
        (Severity.OTHER, False, PAST, True, Placement.FOLLOW_UP),
    ],
)
def test_placement(
    found: Severity, waits: bool, due_at: datetime | None, follow_up: bool, expected: Placement
) -> None:
    assert placement(found, NOON, waits=waits, due_at=due_at, follow_up=follow_up) is expected
