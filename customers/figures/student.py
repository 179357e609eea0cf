"""Quantiles of Student's t distribution. Pure.

Written out because the standard library has none, and scipy takes a second and 100 MB to import; the tests hold this
to scipy."""

from math import exp, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

_ROUNDS = 500
_MANY_DEGREES = 400  # from here on the expansion has seven digits right, and the fraction below gets slow


def reach(z: float, degrees: float) -> float:
    """As far as `z` (more than 0) reaches in the normal distribution, in standard errors of `degrees` degrees of
    freedom (more than 0): what has the same probability beyond it."""
    if degrees >= _MANY_DEGREES:
        return _expansion(z, degrees)
    beyond, t = NormalDist().cdf(-z), z
    for _ in range(_ROUNDS):
        # The tail is convex and t never less than z, so Newton's method comes nearer from below with each round.
        step = (_beyond(t, degrees) - beyond) / _density(t, degrees)
        t += max(step, 0.0)
        if step < 1e-12 * t:
            break
    return t


def _expansion(z: float, degrees: float) -> float:
    """Abramowitz and Stegun 26.7.5."""
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return sum(term / degrees**power for power, term in enumerate(terms))


def _density(t: float, degrees: float) -> float:
    front = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / sqrt(degrees * pi)
    return front * exp(-(degrees + 1) / 2 * log1p(t * t / degrees))


def _beyond(t: float, degrees: float) -> float:
    """The probability of more than `t`, which is more than 0."""
    x = degrees / (degrees + t * t)
    a, b = degrees / 2, 0.5
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a / 2
    return (1 - front * _fraction(1 - x, b, a) / b) / 2


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    value = d
    for m in range(1, _ROUNDS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + step * d or tiny)
            c = 1 + step / c or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
