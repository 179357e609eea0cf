"""LINE's sums of what people did with the pushes of a flow's steps; free replies are not among them.

Own short links count clicks by person (`clicks.py`). What LINE counts beyond them, openings, it gives as sums.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.queue.aggregation_units import MessageInsight
from journeys.links import units


@dataclass(frozen=True, slots=True)
class Sums:
    """Over the months that LINE gave a number for; None where it gave none, since fewer than twenty people did
    so in each month. A person who did so in two months counts twice."""

    opened: int | None
    clicked: int | None
    played: int | None
    answered_at: datetime | None
    """When LINE was last asked about a unit of the step."""


def sums_of(flow_key: str) -> dict[str, Sums]:
    """The sums of the flow by the key of the step, of steps that were pushed at least once."""
    found: dict[str, list[MessageInsight]] = {}
    beginning = units.subject_of(flow_key, "")
    for row in MessageInsight.select().where(MessageInsight.subject.startswith(beginning)):
        found.setdefault(row.subject.removeprefix(beginning), []).append(row)
    return {step: _added(rows) for step, rows in found.items()}


def sums_of_subject(subject: str) -> Sums | None:
    """The sums of one subject, such as a campaign's `campaign:3`; None while nothing of it carried a unit."""
    rows = list(MessageInsight.select().where(MessageInsight.subject == subject))
    return _added(rows) if rows else None


def _added(rows: list[MessageInsight]) -> Sums:
    return Sums(
        _sum([row.opened_count for row in rows]),
        _sum([row.clicked_count for row in rows]),
        _sum([row.played_count for row in rows]),
        max((row.answered_at for row in rows if row.answered_at), default=None),
    )


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
