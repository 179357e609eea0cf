"""Intervals of shares, averages and ratios, held to scipy, statsmodels, a bootstrap and to how often they are right."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from customers.figures import intervals
from customers.figures.intervals import Sums


@pytest.mark.parametrize(("part", "count"), [(0, 5), (5, 5), (1, 30), (8, 10), (450, 500), (3, 100_000)])
def test_wilsons_interval_is_that_of_statsmodels(part: int, count: int) -> None:
    assert intervals.wilson(part, count) == pytest.approx(
        proportion_confint(part, count, method="wilson"), abs=1e-12
    )


def test_of_nobody_any_share_is_possible() -> None:
    assert intervals.wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("amounts", [[1_000, 3_000], [500, 500, 2_000, 90_000], list(range(1, 400))])
def test_the_average_has_students_interval(amounts: list[int]) -> None:
    sums = intervals.of_amounts(amounts)
    right = stats.t.interval(0.95, len(amounts) - 1, loc=np.mean(amounts), scale=stats.sem(amounts))
    assert sums.average == pytest.approx(np.mean(amounts))
    assert sums.variance == pytest.approx(np.var(amounts, ddof=1))
    assert intervals.mean(sums) == pytest.approx(right, rel=1e-7)


@pytest.mark.parametrize("amounts", [[], [3_000], [3_000, 3_000, 3_000]])
def test_without_a_spread_no_interval_is_made_up(amounts: list[int]) -> None:
    sums = intervals.of_amounts(amounts)
    assert intervals.mean(sums) is None
    assert intervals.ratio_of_means(sums, intervals.of_amounts([1, 2, 3])) is None
    assert intervals.ratio_of_means(intervals.of_amounts([1, 2, 3]), sums) is None


def test_the_ratio_is_that_of_a_bootstrap() -> None:
    random = np.random.default_rng(13)
    above, below = random.lognormal(9.6, 0.7, 400), random.lognormal(8.9, 0.8, 150)
    found = intervals.ratio_of_means(
        intervals.of_amounts(above.tolist()), intervals.of_amounts(below.tolist())
    )
    drawn = random.choice(above, (4_000, 400)).mean(axis=1) / random.choice(below, (4_000, 150)).mean(axis=1)
    assert found is not None
    assert found[0] == pytest.approx(above.mean() / below.mean())
    assert found[1:] == pytest.approx(np.quantile(drawn, (0.025, 0.975)), rel=0.03)


def test_the_ratio_the_other_way_round_is_its_inverse() -> None:
    above, below = Sums(40, 800_000, 3.0e10), Sums(60, 500_000, 9.0e9)
    one, other = intervals.ratio_of_means(above, below), intervals.ratio_of_means(below, above)
    assert one is not None and other is not None
    assert one[0] == pytest.approx(1 / other[0])
    assert one[1:] == pytest.approx((1 / other[2], 1 / other[1]))


@pytest.mark.parametrize("count", [30, 200])
def test_the_ratio_is_inside_about_as_often_as_said(count: int) -> None:
    """With sales as skewed as a shop's (a few buy ten times as much as most); 30 is the fewest that pages show."""
    random, inside, rounds = np.random.default_rng(7), 0, 1_500
    above, below = random.lognormal(9.6, 0.8, (rounds, count)), random.lognormal(8.9, 0.8, (rounds, count))
    for promoters, detractors in zip(above, below, strict=True):
        found = intervals.ratio_of_means(
            intervals.of_amounts(promoters.tolist()), intervals.of_amounts(detractors.tolist())
        )
        assert found is not None
        inside += found[1] <= np.exp(0.7) <= found[2]
    assert 0.92 <= inside / rounds <= 0.98
