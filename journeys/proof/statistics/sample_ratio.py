"""Whether as many people are on each side as were meant to be. Pure.

If not, the assignment, or the counting after it, goes wrong in a way that the comparison can't see through, so
verdict.py shows no result then. The chi-square test of one degree of freedom; the exact binomial one while it expects
fewer than 30 on a side, where chi-square would cry out too often."""

from math import erfc, exp, lgamma, log, log1p, sqrt

BROKEN_BELOW = 0.001
_EXACT_BELOW = 30


def is_broken(treated_count: int, held_out_count: int, percent: float) -> bool:
    """Whether the sides are so far from `percent` held out that chance explains it once in a thousand times."""
    return p_value(treated_count, held_out_count, percent) < BROKEN_BELOW


def p_value(treated_count: int, held_out_count: int, percent: float) -> float:
    """How probable sides at least so far from `percent` (0 to 100) held out are. With 0 or 100 one person on the side
    that must be empty is impossible: 0."""
    share, count = percent / 100, treated_count + held_out_count
    if share in (0, 1):
        return 1.0 if (held_out_count if share == 0 else treated_count) == 0 else 0.0
    expected = count * share
    if min(expected, count - expected) < _EXACT_BELOW:
        return min(1.0, 2 * _tail(count, held_out_count, share))
    chi_square = (held_out_count - expected) ** 2 * (1 / expected + 1 / (count - expected))
    return erfc(sqrt(chi_square / 2))


def _tail(count: int, observed: int, share: float) -> float:
    """The binomial probability of `observed` or what is further out on its side."""
    outward = range(observed, count + 1) if observed > count * share else range(observed, -1, -1)
    total = 0.0
    for k in outward:
        chance = exp(_log_chance(count, k, share))
        total += chance
        if chance <= 1e-17 * total:
            break
    return total


def _log_chance(count: int, k: int, share: float) -> float:
    ways = lgamma(count + 1) - lgamma(k + 1) - lgamma(count - k + 1)
    return ways + k * log(share) + (count - k) * log1p(-share)
