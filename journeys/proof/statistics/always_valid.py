"""Intervals that stay true however often they are looked at. Pure.

An owner opens the page daily. Twenty looks with ordinary 95 % intervals show an effect in a quarter of the flows that
have none. These are asymptotic confidence sequences (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, 2021, equation
9, in the form that GrowthBook uses): the same interval with a longer reach, which holds at all sizes at once. It is
tuned to be narrowest at 500 people of both arms together, where it is 1.55 times as wide as an ordinary one.

The theory is about large numbers and takes each arm's variance as known. With few people it isn't: where none of the
held out has bought yet, an estimated variance is zero, and the plain form shows an effect that isn't there. So the
reach is put where it holds at small numbers too. For rates in Newcombe's square-and-add instead of his z, with the
wider of Wilson's and the likelihood-ratio interval of each rate: Wilson's upper end doesn't vanish where nobody bought,
and where two of the first eight held out bought at a rate of 3 % (once in 45 flows) Wilson's lower end is above 3 %.
For sales in Welch's, with Student's quantile of the same probability. `benchmarks/effects.py` measures both."""

from math import log, sqrt

from journeys.proof.statistics import means, proportions
from journeys.proof.statistics.values import Arm, Interval

TUNED_AT = 500


def rate_difference(treated: Arm, held_out: Arm, confidence: float = 0.95) -> Interval:
    """The difference of the shares who bought (-1 to 1), at any look; -1 to 1 while an arm is empty."""
    reach_of_both = _reach_for(treated, held_out, confidence)
    return proportions.square_and_add(treated, held_out, reach_of_both, proportions.wilson_or_likelihood)


def sales_difference(treated: Arm, held_out: Arm, confidence: float = 0.95) -> Interval:
    """The difference of yen per head, at any look; without end where means.welch is."""
    return means.reaching(treated, held_out, _reach_for(treated, held_out, confidence))


def reach(count: float, confidence: float = 0.95) -> float:
    """How many standard errors the interval reaches each way with `count` people (more than 0) in both arms."""
    alpha = 1 - confidence
    rho_squared = (-2 * log(alpha) + log(1 - 2 * log(alpha))) / TUNED_AT
    grown = count * rho_squared
    return sqrt((grown + 1) / grown * log((grown + 1) / alpha**2))


def _reach_for(treated: Arm, held_out: Arm, confidence: float) -> float:
    return reach(max(1, treated.count + held_out.count), confidence)
