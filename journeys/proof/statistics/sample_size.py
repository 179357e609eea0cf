"""How many enrolments an answer takes, and how long that is. Pure."""

from math import ceil, sqrt
from statistics import NormalDist

from journeys.proof.statistics.always_valid import rate_difference
from journeys.proof.statistics.values import Arm


def enrolments_needed(
    base_rate: float,
    difference: float,
    percent: float,
    power: float = 0.8,
    confidence: float = 0.95,
    *,
    always_valid: bool = True,
) -> int:
    """People of both arms together with whom a true `difference` (of shares, .05 for five points) from `base_rate`,
    the rate of the held out, is found with probability `power`, when `percent` are held out. `always_valid`: with the
    interval that may be looked at daily; else with one look at a date set beforehand. It is found sooner than said
    rather than later, for a look before may have found it.

    Raises ValueError where there is nothing to find: no difference, a rate outside 0 to 1, an arm without people."""
    rate, share = base_rate + difference, percent / 100
    if not difference or not 0 <= base_rate <= 1 or not 0 <= rate <= 1 or not 0 < share < 1:
        raise ValueError(
            f"base_rate {base_rate}, difference {difference}, percent {percent}: rates of 0 to 1 that differ, and a"
            " percent above 0 and below 100 are needed; for example 0.25, 0.05, 30"
        )
    by_power = NormalDist().inv_cdf(power)
    variance = base_rate * (1 - base_rate) / share + rate * (1 - rate) / (1 - share)
    if not always_valid:
        z = NormalDist().inv_cdf((1 + confidence) / 2) + by_power
        return max(1, ceil(z * z * variance / difference**2))

    def is_enough(count: int) -> bool:
        treated, held_out = count * (1 - share), count * share
        interval = rate_difference(
            Arm(max(1, round(treated)), round(treated * rate)),
            Arm(max(1, round(held_out)), round(held_out * base_rate)),
            confidence,
        )
        reach = interval.estimate - interval.low if difference > 0 else interval.high - interval.estimate
        return reach + by_power * sqrt(variance / count) <= abs(difference)

    too_few, enough = 0, 1
    while not is_enough(enough):
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if is_enough(middle) else (middle, enough)
    return enough


def months_until_answer(needed: int, so_far: int, per_month: float) -> float | None:
    """Months until `needed` enrolments are counted, of which `so_far` are, at `per_month`; 0 when they are there, None
    when nobody enrols. Leaves the outcome window of the first enrolments to the caller."""
    if so_far >= needed:
        return 0.0
    return (needed - so_far) / per_month if per_month > 0 else None
