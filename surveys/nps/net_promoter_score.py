"""Computes the Net Promoter Score, its 95 % interval, and the change from one time to another. Pure.

The interval is the adjusted Wald one of Rocks, "Interval estimation for the Net Promoter Score" (The American
Statistician, 2016): three answers are added before it is computed, 3/4 of a promoter, 3/4 of a detractor and 3/2 of a
passive. Unlike the plain normal approximation it is no point where all answers are alike, and it holds near the ends
(`benchmarks/nps_coverage.py` has the measure).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from customers.figures.intervals import Z_95

ADDED_PROMOTERS = ADDED_DETRACTORS = 0.75
ADDED_PASSIVES = 1.5
MOST = 100.0


@dataclass(frozen=True, slots=True)
class Nps:
    """The counts of answers by segment, with the score from −100 to 100."""

    promoter_count: int
    passive_count: int
    detractor_count: int

    @property
    def answer_count(self) -> int:
        """How many answers there are."""
        return self.promoter_count + self.passive_count + self.detractor_count

    @property
    def score(self) -> float | None:
        """%promoters − %detractors; None without answers."""
        if not self.answer_count:
            return None
        return MOST * (self.promoter_count - self.detractor_count) / self.answer_count

    @property
    def interval(self) -> tuple[float, float] | None:
        """The ends of the score's 95 % interval, within −100 and 100; None without answers."""
        if self.score is None:
            return None
        middle, variance = self.adjusted()
        reach = Z_95 * sqrt(variance)
        return max(min(middle - reach, self.score), -MOST), min(max(middle + reach, self.score), MOST)

    def adjusted(self) -> tuple[float, float]:
        """The score with the added answers, and the variance of its error."""
        count = self.answer_count + ADDED_PROMOTERS + ADDED_PASSIVES + ADDED_DETRACTORS
        promoting = (self.promoter_count + ADDED_PROMOTERS) / count
        detracting = (self.detractor_count + ADDED_DETRACTORS) / count
        middle = promoting - detracting
        return MOST * middle, MOST * MOST * (promoting + detracting - middle**2) / count

    def is_too_few(self, threshold: int) -> bool:
        """Whether there are too few answers for a score."""
        return self.answer_count < threshold


@dataclass(frozen=True, slots=True)
class NpsChange:
    """By how many points the score is higher than before, with the ends of the 95 % interval of that."""

    points: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether the interval leaves no doubt of the direction."""
        return self.low > 0 or self.high < 0


def change(before: Nps, now: Nps) -> NpsChange | None:
    """The change between two times; None where one has no answers.

    The interval takes the answers of both times as independent, as with the single scores; where the same customers
    answer alike both times it is wider than need be.
    """
    if before.score is None or now.score is None:
        return None
    (middle_before, variance_before), (middle, variance) = before.adjusted(), now.adjusted()
    points, reach = now.score - before.score, Z_95 * sqrt(variance_before + variance)
    low, high = middle - middle_before - reach, middle - middle_before + reach
    return NpsChange(points, max(min(low, points), -2 * MOST), min(max(high, points), 2 * MOST))


def together(parts: Iterable[Nps]) -> Nps:
    """The answers of all parts as one."""
    counts = [(part.promoter_count, part.passive_count, part.detractor_count) for part in parts]
    return Nps(*(sum(column) for column in zip(*counts, strict=True))) if counts else Nps(0, 0, 0)
