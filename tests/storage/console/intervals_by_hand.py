"""The 95 % intervals of shares, averages, ratios and NPS, by the textbooks' formulas alone."""

from math import exp, lgamma, log, sqrt
from statistics import NormalDist, fmean, variance

Z = NormalDist().inv_cdf(0.975)
Range = tuple[float, float]
NONE: tuple[None, None] = (None, None)


def of_share(part: int, count: int) -> Range | tuple[None, None]:
    """Wilson's: the shares from which the one found is no further than z standard errors."""
    if not count:
        return NONE
    rate, squared = part / count, Z * Z
    middle, reach = (
        rate + squared / (2 * count),
        Z * sqrt((rate * (1 - rate) + squared / (4 * count)) / count),
    )
    return tuple(
        max(0.0, min(1.0, each / (1 + squared / count))) for each in (middle - reach, middle + reach)
    )  # type: ignore[return-value]


def of_mean(amounts: list[float]) -> Range | tuple[None, None]:
    """Student's."""
    if len(amounts) < 2 or not variance(amounts):
        return NONE
    reach = student(len(amounts) - 1) * sqrt(variance(amounts) / len(amounts))
    return fmean(amounts) - reach, fmean(amounts) + reach


def of_ratio(above: list[float], below: list[float]) -> Range | tuple[None, None]:
    """By the delta method on the logarithm, with Welch and Satterthwaite's degrees of freedom."""
    if min(len(above), len(below)) < 2:
        return NONE
    spreads = [variance(each) / len(each) / fmean(each) ** 2 for each in (above, below)]
    if not all(spreads):
        return NONE
    degrees = sum(spreads) ** 2 / sum(
        spread**2 / (len(each) - 1) for spread, each in zip(spreads, (above, below), strict=True)
    )
    ratio, reach = fmean(above) / fmean(below), student(degrees) * sqrt(sum(spreads))
    return ratio * exp(-reach), ratio * exp(reach)


def of_nps(promoters: int, detractors: int, count: int) -> Range | tuple[None, None]:
    """Adjusted Wald: with three quarters of a promoter and of a detractor and one and a half passives added."""
    if not count:
        return NONE
    high, low = ((each + 0.75) / (count + 3) for each in (promoters, detractors))
    reach = Z * sqrt((high + low - (high - low) ** 2) / (count + 3))
    return max(-100.0, 100 * (high - low - reach)), min(100.0, 100 * (high - low + reach))


def student(degrees: float) -> float:
    """The point that Student's distribution exceeds with 2.5 per cent, by halving."""
    low, high = 0.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        above = beta(degrees / 2, 0.5, degrees / (degrees + middle * middle)) / 2
        low, high = (middle, high) if above > 0.025 else (low, middle)
    return (low + high) / 2


def beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(b, a, 1 - x)
    if x <= 0:
        return 0.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    fraction = 0.0
    for place in range(400, 0, -1):
        half = place // 2
        if place % 2:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        fraction = term / (1 + fraction)
    return front / (1 + fraction)
