"""Figures of what followed the answers: response rate, how soon detractors were answered, how many recovered. Pure.

Rates are None where there is nothing to divide by. `is_too_few` says when a rate rests on too few cases. The
counts come from `survey_figures.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median


@dataclass(frozen=True, slots=True)
class Response:
    """How many questions were asked, each once however often reminded, to how many customers, and how many of the
    questions were answered."""

    asked_count: int
    customer_count: int
    answered_count: int

    @property
    def rate(self) -> float | None:
        """Share of the questions that were answered."""
        return self.answered_count / self.asked_count if self.asked_count else None

    def is_too_few(self, threshold: int) -> bool:
        """Whether the rate rests on too few questions."""
        return self.asked_count < threshold


@dataclass(frozen=True, slots=True)
class Recovery:
    """Questions asked again after a detractor's ticket was resolved."""

    asked_count: int
    answered_count: int
    recovered_count: int
    """Answers of a passive or a promoter."""

    @property
    def rate(self) -> float | None:
        """Share of these questions with such an answer; no answer counts as not recovered."""
        return self.recovered_count / self.asked_count if self.asked_count else None

    def is_too_few(self, threshold: int) -> bool:
        """Whether the rate rests on too few questions."""
        return self.asked_count < threshold


@dataclass(frozen=True, slots=True)
class Case:
    """One detractor's ticket: when it was opened, when staff first answered, by when an answer was promised, and how
    much of staff's working time lay between opening and answer."""

    opened_at: datetime
    responded_at: datetime | None
    due_at: datetime
    working_time: timedelta | None = None
    """None without an answer."""


@dataclass(frozen=True, slots=True)
class Promptness:
    """How soon detractors got a first answer."""

    case_count: int
    judged_count: int
    """Cases that were answered, or whose promised time is past."""
    in_time_count: int
    median_working_time: timedelta | None
    """From opening to first answer, of the answered cases: hours in which staff work, as the promise counts them."""
    answered_count: int = 0
    """The cases that the median rests on."""

    @property
    def in_time_rate(self) -> float | None:
        """Share of the judged cases that were answered in time."""
        return self.in_time_count / self.judged_count if self.judged_count else None

    def is_too_few(self, threshold: int) -> bool:
        """Whether the figures rest on too few cases."""
        return self.judged_count < threshold


def promptness(cases: Sequence[Case], now: datetime) -> Promptness:
    """The figures of these cases. A case neither answered nor due yet is not judged."""
    answered = [(each, each.responded_at) for each in cases if each.responded_at is not None]
    late_count = sum(each.responded_at is None and each.due_at < now for each in cases)
    times = [each.working_time for each in cases if each.working_time is not None]
    return Promptness(
        case_count=len(cases),
        judged_count=len(answered) + late_count,
        in_time_count=sum(responded_at <= each.due_at for each, responded_at in answered),
        median_working_time=timedelta(seconds=round(median(each.total_seconds() for each in times)))
        if times
        else None,
        answered_count=len(answered),
    )
