"""Decides what the shop made of its answers: how many answered, how soon the unhappy were heard, how many came round.

Pure; the shares are None where there is nothing to share. `is_too_few` says when a share would be noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median


@dataclass(frozen=True, slots=True)
class Response:
    """How many were asked, each once however often they were reminded, and how many of those answered."""

    invited_count: int
    answered_count: int

    @property
    def rate(self) -> float | None:
        """Share of the invited who answered."""
        return self.answered_count / self.invited_count if self.invited_count else None

    def is_too_few(self, threshold: int) -> bool:
        """Whether the rate rests on too few invitations."""
        return self.invited_count < threshold


@dataclass(frozen=True, slots=True)
class Recovery:
    """Unhappy customers who were asked again after their matter was resolved."""

    asked_count: int
    answered_count: int
    recovered_count: int
    """Those of them whose later answer is a passive's or a promoter's."""

    @property
    def rate(self) -> float | None:
        """Share of those asked again who came round; silence counts as not."""
        return self.recovered_count / self.asked_count if self.asked_count else None

    def is_too_few(self, threshold: int) -> bool:
        """Whether the rate rests on too few people."""
        return self.asked_count < threshold


@dataclass(frozen=True, slots=True)
class Case:
    """One unhappy customer's matter: when it began, when staff first answered, and by when they should have."""

    opened_at: datetime
    responded_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Promptness:
    """How soon unhappy customers got a first answer."""

    case_count: int
    judged_count: int
    """Those answered, and those who should have been by now."""
    in_time_count: int
    median_time: timedelta | None
    """From beginning to first answer, of those answered; plain time, nights included."""

    @property
    def in_time_rate(self) -> float | None:
        """Share of the judged who were answered in time."""
        return self.in_time_count / self.judged_count if self.judged_count else None

    def is_too_few(self, threshold: int) -> bool:
        """Whether the figures rest on too few cases."""
        return self.judged_count < threshold


def promptness(cases: Sequence[Case], now: datetime) -> Promptness:
    """A case that is neither answered nor due yet is not judged."""
    answered = [(each, each.responded_at) for each in cases if each.responded_at is not None]
    late_count = sum(each.responded_at is None and each.due_at < now for each in cases)
    times = [responded_at - each.opened_at for each, responded_at in answered]
    return Promptness(
        case_count=len(cases),
        judged_count=len(answered) + late_count,
        in_time_count=sum(responded_at <= each.due_at for each, responded_at in answered),
        median_time=timedelta(seconds=round(median(each.total_seconds() for each in times)))
        if times
        else None,
    )
