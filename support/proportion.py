"""A proportion of yes-or-no answers with its confidence interval. Pure.

The interval is Wilson's (1927), which stays between 0 and 1 and holds for small numbers.
"""

import math
from dataclasses import dataclass

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    part_count: int
    answer_count: int

    @property
    def percent(self) -> float | None:
        """The share in per cent; None without answers."""
        return 100 * self.part_count / self.answer_count if self.answer_count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval in per cent; None without answers."""
        n = self.answer_count
        if not n:
            return None
        share, z2 = self.part_count / n, Z_95**2
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z_95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return 100 * (middle - half), 100 * (middle + half)

    def is_too_few(self, threshold: int) -> bool:
        """Whether there are too few answers for a percentage."""
        return self.answer_count < threshold
