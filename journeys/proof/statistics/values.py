"""The values that comparisons take and return. Pure."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Sums:
    """One arm's sums of a pair of amounts a customer, in yen: `y` sales after the assignment, `x` sales of the year
    before it; each capped at its own 99th percentile of both arms together (capping.py)."""

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

    @property
    def rate(self) -> float | None:
        """The share of them who bought, 0 to 1; None of an empty arm."""
        return self.buyer_count / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference, treated minus held out, and the interval of the given confidence around it."""

    estimate: float
    low: float
    high: float

    @classmethod
    def around(cls, estimate: float, below: float, above: float) -> Self:
        """The interval that reaches so far below and above its estimate."""
        return cls(estimate, estimate - below, estimate + above)

    @property
    def is_positive(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.low > 0

    @property
    def is_negative(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.high < 0
