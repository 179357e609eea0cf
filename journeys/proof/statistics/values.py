"""The values that comparisons take and return. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sums:
    """One arm's sums of a pair of amounts a customer, in yen: `y` sales after the assignment, capped; `x` sales of
    the year before it."""

    y: float = 0
    yy: float = 0
    x: float = 0
    xx: float = 0
    xy: float = 0


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of a comparison: customers assigned whose outcome window has passed, and those of them who bought
    within it."""

    count: int
    buyer_count: int
    sums: Sums = Sums()


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference, treated minus held out, and the interval of the given confidence around it."""

    estimate: float
    low: float
    high: float

    @property
    def is_positive(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.low > 0

    @property
    def is_negative(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.high < 0
