"""How often the 95 % interval of the NPS contains the true score: `python -m benchmarks.nps_coverage`.

Exact, by summing the probabilities of all outcomes of so many answers; no random numbers. Beside it stands the plain
normal approximation, which was used before. It needs no database and takes seconds.
"""

from collections.abc import Callable, Iterator
from math import exp, lgamma, log, sqrt

from customers.figures.intervals import Z_95
from surveys.nps.net_promoter_score import Nps

Interval = Callable[[Nps], tuple[float, float]]
Shares = tuple[float, float, float]
"""Of promoters, passives and detractors."""

SHOPS: tuple[Shares, ...] = (
    (0.9, 0.08, 0.02),
    (0.6, 0.25, 0.15),
    (0.45, 0.35, 0.2),
    (0.97, 0.02, 0.01),
    (0.2, 0.3, 0.5),
)
ANSWERS = (30, 40, 100, 200)


def adjusted(nps: Nps) -> tuple[float, float]:
    """The interval as the pages show it."""
    found = nps.interval
    assert found is not None  # noqa: S101 -- there are answers
    return found


def plain(nps: Nps) -> tuple[float, float]:
    """The normal approximation without added answers."""
    count, mean = nps.answer_count, (nps.promoter_count - nps.detractor_count) / nps.answer_count
    variance = (nps.promoter_count + nps.detractor_count) / count - mean**2
    reach = 100 * Z_95 * sqrt(max(variance, 0.0) / count)
    return 100 * mean - reach, 100 * mean + reach


def coverage(shares: Shares, count: int, interval: Interval) -> float:
    """The probability that the interval of so many answers contains the score of a shop with these shares."""
    truth = 100 * (shares[0] - shares[2])
    return sum(
        probability
        for nps, probability in _outcomes(shares, count)
        if (ends := interval(nps))[0] <= truth <= ends[1]
    )


def _outcomes(shares: Shares, count: int) -> Iterator[tuple[Nps, float]]:
    for promoters in range(count + 1):
        for detractors in range(count - promoters + 1):
            counts = promoters, count - promoters - detractors, detractors
            ways = lgamma(count + 1) - sum(lgamma(each + 1) for each in counts)
            yield (
                Nps(*counts),
                exp(ways + sum(each * log(share) for each, share in zip(counts, shares, strict=True))),
            )


def main() -> None:
    """Print a row for each shop and number of answers."""
    print("promoters/passives/detractors  answers  adjusted  plain")
    for shares in SHOPS:
        for count in ANSWERS:
            name = "/".join(f"{100 * share:.0f}" for share in shares)
            found = coverage(shares, count, adjusted), coverage(shares, count, plain)
            print(f"{name:>29}  {count:>7}  {found[0]:>8.3f}  {found[1]:>5.3f}")


if __name__ == "__main__":
    main()
