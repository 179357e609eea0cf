"""The 95 % intervals of shares, averages and ratios of averages, from counts and sums. Pure.

What a figure counts is left to the modules beside this one; comparing two sides of an experiment to
`journeys/proof/statistics/`.
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

from customers.figures import student

Z_95 = NormalDist().inv_cdf(0.975)
_ROUNDING = 1e-12  # of a sum of squares: less is rounding, not variance


@dataclass(frozen=True, slots=True)
class Sums:
    """What is needed of a group's amounts: how many there are, their sum, and the sum of their squares."""

    count: int
    total: float
    squares: float

    @property
    def average(self) -> float | None:
        """The average amount; None of nothing."""
        return self.total / self.count if self.count else None

    @property
    def variance(self) -> float:
        """The sample's variance (divided by one less than the count); 0 of fewer than two amounts."""
        if self.count < 2:
            return 0.0
        around_mean = self.squares - self.total * self.total / self.count
        return around_mean / (self.count - 1) if around_mean > _ROUNDING * self.squares else 0.0


def of_amounts(amounts: list[int] | list[float]) -> Sums:
    """The sums of these amounts."""
    return Sums(len(amounts), sum(amounts), float(sum(each * each for each in amounts)))


def wilson(part: int, count: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share, 0 to 1 (Wilson, 1927), that reaches `z` standard errors; 0 to 1 of nothing.

    It stays within 0 and 1, and is not a point where all or none are in the part.
    """
    if not count:
        return 0.0, 1.0
    rate = part / count
    centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    low = min(centre - reach, rate) if part else 0.0
    return low, max(centre + reach, rate) if part < count else 1.0


def mean(sums: Sums, z: float = Z_95) -> tuple[float, float] | None:
    """The interval of an average, by Student's distribution; None where fewer than two amounts, or amounts that are
    all alike, do not say how far it may be off."""
    average, variance = sums.average, sums.variance
    if average is None or not variance:
        return None
    reach = student.reach(z, sums.count - 1) * sqrt(variance / sums.count)
    return average - reach, average + reach


def ratio_of_means(above: Sums, below: Sums, z: float = Z_95) -> tuple[float, float, float] | None:
    """How many times one group's average is another's, and the ends of the interval of that.

    By the delta method on the logarithm, whose sampling distribution is nearer to symmetric than the ratio's own; with
    Welch and Satterthwaite's degrees of freedom. None where an average is not above zero, or a group says nothing of
    how far its average may be off (see `mean`).
    """
    averages = above.average, below.average
    if not averages[0] or not averages[1] or min(averages[0], averages[1]) <= 0:
        return None
    # Of each group: the variance of the logarithm of its average.
    spread = [sums.variance / sums.count / (sums.total / sums.count) ** 2 for sums in (above, below)]
    if not all(spread):
        return None
    degrees = sum(spread) ** 2 / (spread[0] ** 2 / (above.count - 1) + spread[1] ** 2 / (below.count - 1))
    reach = student.reach(z, degrees) * sqrt(sum(spread))
    ratio = averages[0] / averages[1]
    return ratio, exp(log(ratio) - reach), exp(log(ratio) + reach)
