"""The sequence in which lots are spent, and the day on which each expires. Pure.

A lot is what one entry gave. A lot with a day of its own expires at that day's end; the others expire
together, after a period without activity.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Policy(StrEnum):
    """When points expire."""

    INACTIVITY = "inactivity"
    """All together, so many days after the last earning or spending."""
    FIXED = "fixed"
    """Each lot so many days after it was earned."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of the points that one entry gave."""

    id: int
    left: int
    expires_on: date | None
    """The last day it can be spent; None for a lot that expires by inactivity."""

    def last_day(self, idle_until: date | None) -> date | None:
        """The last day it can be spent, given the customer's `idle_until`; None is never."""
        return self.expires_on or idle_until


def own_day(given_on: date, policy: str, days: int) -> date | None:
    """The last day of a lot given now; None when it has none of its own."""
    return given_on + timedelta(days=days) if policy == Policy.FIXED else None


def idle_day(last_active_on: date, promised: date | None, policy: str, days: int) -> date | None:
    """The last day of the lots that expire by inactivity; None is never.

    A day once promised is never brought forward: shorter rules apply from the next earning, longer ones at
    once.
    """
    if policy == Policy.NEVER:
        return None
    reckoned = last_active_on + timedelta(days=days)
    return max(reckoned, promised) if promised else reckoned


def in_order(lots: Iterable[Lot], idle_until: date | None) -> list[Lot]:
    """By last day, then oldest first."""
    return sorted(lots, key=lambda lot: (lot.last_day(idle_until) or date.max, lot.id))


def spend(lots: Sequence[Lot], points: int, first: int | None = None) -> dict[int, int]:
    """How many points of which lot are used for so many points, in the sequence given; the lot `first` before
    all others.

    The uses add up to less than `points` when the lots hold less.
    """
    uses: dict[int, int] = {}
    for lot in sorted(lots, key=lambda lot: lot.id != first):
        used = min(lot.left, points - sum(uses.values()))
        if used > 0:
            uses[lot.id] = used
    return uses


def overdue(lots: Iterable[Lot], idle_until: date | None, today: date) -> dict[date, list[Lot]]:
    """The lots past their last day, by that day, earliest first."""
    found: dict[date, list[Lot]] = {}
    for lot in in_order(lots, idle_until):
        day = lot.last_day(idle_until)
        if day is not None and day < today:
            found.setdefault(day, []).append(lot)
    return found


def next_day(lots: Iterable[Lot], idle_until: date | None) -> date | None:
    """The next day at whose end points expire; None when none will."""
    days = [day for lot in lots if (day := lot.last_day(idle_until)) is not None]
    return min(days, default=None)


def expiring_by(lots: Iterable[Lot], idle_until: date | None, day: date) -> int:
    """How many points expire on that day or before."""
    return sum(lot.left for lot in lots if (last := lot.last_day(idle_until)) is not None and last <= day)


def warning_due(expires_on: date, today: date, warning_days: Sequence[int]) -> int | None:
    """The warning that is due, as its number of days before; of several the latest. None before the first."""
    due = [days for days in warning_days if today >= expires_on - timedelta(days=days)]
    return min(due) if due and today <= expires_on else None
