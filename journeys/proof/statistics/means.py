"""The difference of sales per head, in yen. Pure.

Welch's interval on amounts that are capped (capping.py) and adjusted by what the same people bought the year before
(CUPED: Deng, Xu, Kohavi and Walker, 2013). One theta for both arms, from the deviations within each, so that the
effect itself doesn't enter it. Six sums an arm are all it needs. For a date set beforehand; who looks daily needs
always_valid.py. Floors on numbers are verdict.py's."""

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

from customers.figures import student
from journeys.proof.statistics.values import Arm, Interval

_ROUNDING = 1e-12  # of a sum of squares: less is rounding, not variance


@dataclass(frozen=True, slots=True)
class _Deviations:
    """The sums of squares and products around an arm's own means."""

    yy: float
    xx: float
    xy: float


def welch(treated: Arm, held_out: Arm, confidence: float = 0.95) -> Interval:
    """The difference of yen per head, seen once. Without end while an arm has fewer than two people, or where all
    amounts are alike in both: nothing says then how far the estimate may be off."""
    return reaching(treated, held_out, NormalDist().inv_cdf((1 + confidence) / 2))


def reaching(treated: Arm, held_out: Arm, z: float) -> Interval:
    """Welch's interval that reaches as far each way as `z` standard errors would if the variances were known."""
    if not treated.count or not held_out.count:
        return Interval(0, -inf, inf)
    deviations = [_deviations(arm) for arm in (treated, held_out)]
    theta = _theta(deviations)
    estimate = _adjusted_mean(treated, theta) - _adjusted_mean(held_out, theta)
    if treated.count < 2 or held_out.count < 2:
        return Interval(estimate, -inf, inf)
    squares = [
        _adjusted_square(deviation, theta) / (arm.count - 1) / arm.count
        for arm, deviation in zip((treated, held_out), deviations, strict=True)
    ]
    if not sum(squares):
        return Interval(estimate, -inf, inf)
    degrees = sum(squares) ** 2 / (
        squares[0] ** 2 / (treated.count - 1) + squares[1] ** 2 / (held_out.count - 1)
    )
    reach = student.reach(z, degrees) * sqrt(sum(squares))
    return Interval.around(estimate, reach, reach)


def _deviations(arm: Arm) -> _Deviations:
    sums, count = arm.sums, arm.count
    yy, xx = sums.yy - sums.y**2 / count, sums.xx - sums.x**2 / count
    return _Deviations(
        yy if yy > _ROUNDING * sums.yy else 0.0,
        xx if xx > _ROUNDING * sums.xx else 0.0,
        sums.xy - sums.x * sums.y / count,
    )


def _theta(deviations: list[_Deviations]) -> float:
    """By how much of the sales before the sales after are adjusted; 0 where nobody's differ."""
    xx = sum(each.xx for each in deviations)
    return sum(each.xy for each in deviations if each.xx) / xx if xx else 0.0


def _adjusted_mean(arm: Arm, theta: float) -> float:
    return (arm.sums.y - theta * arm.sums.x) / arm.count


def _adjusted_square(deviation: _Deviations, theta: float) -> float:
    square = deviation.yy - 2 * theta * deviation.xy + theta * theta * deviation.xx
    return square if square > _ROUNDING * deviation.yy else 0.0
