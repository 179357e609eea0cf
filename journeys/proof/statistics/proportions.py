"""Intervals for the difference of two repurchase rates. Pure.

Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10): Wilson's interval of each rate, and of
their distances to the rates the root of the sum of squares. At a rate of 3 % with 30 people held out it covers .95
to .96 where the ordinary interval covers .62. For a date set beforehand; who looks daily needs always_valid.py."""

from math import hypot, sqrt
from statistics import NormalDist

from journeys.proof.statistics.values import Arm, Interval


def newcombe(treated: Arm, held_out: Arm, confidence: float = 0.95) -> Interval:
    """The difference of the shares who bought (-1 to 1), seen once; -1 to 1 while an arm is empty."""
    return square_and_add(treated, held_out, NormalDist().inv_cdf((1 + confidence) / 2))


def square_and_add(treated: Arm, held_out: Arm, z: float) -> Interval:
    """Newcombe's interval that reaches `z` standard errors each way."""
    if not treated.count or not held_out.count:
        return Interval(0, -1, 1)
    treated_rate, treated_low, treated_high = _wilson(treated, z)
    held_out_rate, held_out_low, held_out_high = _wilson(held_out, z)
    return Interval.around(
        treated_rate - held_out_rate,
        hypot(treated_rate - treated_low, held_out_high - held_out_rate),
        hypot(treated_high - treated_rate, held_out_rate - held_out_low),
    )


def _wilson(arm: Arm, z: float) -> tuple[float, float, float]:
    """The rate, and the lower and the upper end of its score interval."""
    count, rate = arm.count, arm.buyer_count / arm.count
    centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return rate, min(centre - reach, rate) if arm.buyer_count else 0.0, max(centre + reach, rate)
