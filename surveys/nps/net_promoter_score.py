"""Computes the Net Promoter Score and its margin of error. Pure.

The margin is the normal approximation for the mean of +1, 0 and −1 (variance of the shares), as in Rowe,
"Measuring the uncertainty of the Net Promoter Score".
"""

import math
from dataclasses import dataclass

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Nps:
    """The counts of answers by segment, with the score (−100 to 100) and its 95 % margin in points."""

    promoter_count: int
    passive_count: int
    detractor_count: int

    @property
    def answer_count(self) -> int:
        """How many answered."""
        return self.promoter_count + self.passive_count + self.detractor_count

    @property
    def score(self) -> float | None:
        """%promoters − %detractors; None without answers."""
        if not self.answer_count:
            return None
        return 100 * (self.promoter_count - self.detractor_count) / self.answer_count

    @property
    def margin(self) -> float | None:
        """Half the width of the 95 % interval; None with fewer than two answers."""
        n = self.answer_count
        if n < 2:
            return None
        mean = (self.promoter_count - self.detractor_count) / n
        variance = (self.promoter_count + self.detractor_count) / n - mean**2
        return 100 * Z_95 * math.sqrt(max(variance, 0.0) / n)

    def is_too_few(self, threshold: int) -> bool:
        """Whether there are too few answers for a trend."""
        return self.answer_count < threshold
