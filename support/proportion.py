"""A proportion of yes-or-no answers with its confidence interval. Pure.

The interval is Wilson's (1927), which stays between 0 and 1 and holds for small numbers.
"""

from dataclasses import dataclass

from customers.figures import intervals


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
        if not self.answer_count:
            return None
        low, high = intervals.wilson(self.part_count, self.answer_count)
        return 100 * low, 100 * high

    def is_too_few(self, threshold: int) -> bool:
        """Whether there are too few answers for a percentage."""
        return self.answer_count < threshold
