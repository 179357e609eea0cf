"""Intervals of two arms: held to statsmodels and scipy, and what must be so whatever the sums are."""

from collections.abc import Callable
from dataclasses import replace
from math import isinf
from statistics import NormalDist

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import proportion, weightstats

from customers.figures import student
from journeys.proof.statistics import always_valid, means, proportions
from journeys.proof.statistics.values import Arm, Interval, Sums

ARMS = [
    (Arm(270, 9), Arm(30, 0)),
    (Arm(270, 9), Arm(30, 1)),
    (Arm(700, 210), Arm(300, 75)),
    (Arm(700, 0), Arm(300, 75)),
    (Arm(5, 5), Arm(4, 0)),
    (Arm(1, 1), Arm(1, 0)),
    (Arm(90_000, 27_000), Arm(10_000, 2_500)),
]
DIFFERENCES = [
    proportions.newcombe,
    always_valid.rate_difference,
    means.welch,
    always_valid.sales_difference,
]
Difference = Callable[[Arm, Arm, float], Interval]
pairs = st.lists(st.tuples(st.integers(0, 300_000), st.integers(0, 300_000)), max_size=30)
confidences = st.floats(0.5, 0.999)


def arm(amounts: list[tuple[int, int]]) -> Arm:
    """An arm of people with these yen after and before."""
    ys, xs = [y for y, _ in amounts], [x for _, x in amounts]
    sums = Sums(
        sum(ys), sum(y * y for y in ys), sum(xs), sum(x * x for x in xs), sum(x * y for y, x in amounts)
    )
    return Arm(len(amounts), sum(y > 0 for y in ys), sums)


arms = pairs.map(arm)


@pytest.mark.parametrize(("treated", "held_out"), ARMS)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_newcombe_is_that_of_statsmodels(treated: Arm, held_out: Arm, confidence: float) -> None:
    low, high = proportion.confint_proportions_2indep(
        treated.buyer_count,
        treated.count,
        held_out.buyer_count,
        held_out.count,
        method="newcomb",
        alpha=1 - confidence,
    )
    interval = proportions.newcombe(treated, held_out, confidence)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-10)


AMOUNTS = [
    ([(0, 0), (3000, 2000), (0, 500), (4800, 9000)], [(0, 0), (1200, 3000), (0, 2000)]),
    ([(0, 0)] * 70 + [(3000, 4000)] * 20 + [(12_000, 9000)] * 10, [(0, 0)] * 40 + [(2000, 8000)] * 9),
    ([(1, 5), (2, 5)], [(4, 5), (9, 5)]),  # all bought alike before: nothing to adjust by
    ([(100, 0), (100, 0)], [(90, 0), (130, 0)]),  # one arm without variance
]


@pytest.mark.parametrize(("treated", "held_out"), AMOUNTS)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_welch_is_that_of_statsmodels_on_adjusted_amounts(
    treated: list[tuple[int, int]], held_out: list[tuple[int, int]], confidence: float
) -> None:
    ys = [numpy.array([y for y, _ in amounts], dtype=float) for amounts in (treated, held_out)]
    xs = [numpy.array([x for _, x in amounts], dtype=float) for amounts in (treated, held_out)]
    within = [(y - y.mean(), x - x.mean()) for y, x in zip(ys, xs, strict=True)]
    squares = sum((x * x).sum() for _, x in within)
    theta = sum((x * y).sum() for y, x in within) / squares if squares else 0
    oracle = weightstats.CompareMeans.from_data(*(y - theta * x for y, x in zip(ys, xs, strict=True)))
    interval = means.welch(arm(treated), arm(held_out), confidence)
    expected = oracle.tconfint_diff(alpha=1 - confidence, usevar="unequal")
    assert (interval.low, interval.high) == pytest.approx(expected, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("degrees", [0.5, 1, 1.3, 3.7, 30, 99.5, 399, 400, 1e5])
@pytest.mark.parametrize("z", [0.01, 0.8, 1.96, 3.3, 5])
def test_student_is_that_of_scipy(z: float, degrees: float) -> None:
    assert student.reach(z, degrees) == pytest.approx(stats.t.isf(stats.norm.sf(z), degrees), rel=1e-7)


@pytest.mark.parametrize(
    ("count", "times_as_wide"), [(100, 1.72), (500, 1.55), (5_000, 1.65), (100_000, 1.86)]
)
def test_the_always_valid_reach_is_narrowest_where_it_is_tuned(count: int, times_as_wide: float) -> None:
    assert always_valid.reach(count) / NormalDist().inv_cdf(0.975) == pytest.approx(times_as_wide, abs=0.01)


@pytest.mark.parametrize(
    ("treated", "held_out"),
    [
        (Arm(72, 2), Arm(8, 2)),  # at a rate of 3 % two of the first eight buy once in 45 flows
        (Arm(19, 0), Arm(1, 1)),
        (Arm(57, 1), Arm(3, 1)),
        (Arm(270, 27), Arm(30, 0)),
        (Arm(1, 1), Arm(1, 0)),
        (Arm(30, 9), Arm(3, 0)),
    ],
)
def test_few_people_show_no_effect(treated: Arm, held_out: Arm) -> None:
    interval = always_valid.rate_difference(treated, held_out)
    assert interval.low <= 0 <= interval.high


def test_a_large_effect_is_shown() -> None:
    assert always_valid.rate_difference(Arm(700, 280), Arm(300, 75)).is_positive
    assert always_valid.rate_difference(Arm(300, 75), Arm(700, 280)).is_negative


def test_who_bought_much_before_is_no_effect() -> None:
    before = [(1000 * n, 2000 * n + n % 3) for n in range(40)]
    richer = [(y + 30_000, x + 60_000) for y, x in before]
    assert means.welch(arm(richer), arm(before)).estimate == pytest.approx(0, abs=20)


@pytest.mark.parametrize("difference", [means.welch, always_valid.sales_difference])
@pytest.mark.parametrize(
    ("treated", "held_out", "estimate"),
    [
        ([], [(100, 1)], 0),
        ([], [], 0),
        ([(500, 0)], [(100, 0), (300, 0)], 300),
        ([(500, 7)] * 9, [(500, 7)] * 9, 0),
        ([(0, 0)] * 9, [(0, 0)] * 9, 0),
    ],
)
def test_what_says_nothing_has_no_ends(
    difference: Difference, treated: list[tuple[int, int]], held_out: list[tuple[int, int]], estimate: float
) -> None:
    interval = difference(arm(treated), arm(held_out), 0.95)
    assert interval.estimate == pytest.approx(estimate)
    assert isinf(interval.low) and isinf(interval.high)


@pytest.mark.parametrize("difference", [proportions.newcombe, always_valid.rate_difference])
def test_an_empty_arm_says_nothing_of_rates(difference: Difference) -> None:
    assert difference(Arm(0, 0), Arm(9, 3), 0.95) == Interval(0, -1, 1)


@pytest.mark.parametrize("difference", DIFFERENCES)
@given(treated=arms, held_out=arms, confidence=confidences)
def test_the_interval_holds_its_estimate_and_turns_with_the_arms(
    difference: Difference, treated: Arm, held_out: Arm, confidence: float
) -> None:
    interval, turned = difference(treated, held_out, confidence), difference(held_out, treated, confidence)
    assert interval.low <= interval.estimate <= interval.high
    assert (turned.low, turned.high) == pytest.approx((-interval.high, -interval.low), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("difference", DIFFERENCES)
@given(treated=arms, held_out=arms, confidence=confidences)
def test_more_confidence_and_daily_checks_widen(
    difference: Difference, treated: Arm, held_out: Arm, confidence: float
) -> None:
    narrow, wide = difference(treated, held_out, confidence), difference(treated, held_out, 0.9995)
    assert wide.low <= narrow.low and narrow.high <= wide.high


@given(treated=arms, held_out=arms, confidence=confidences)
def test_rates_stay_within_what_is_possible(treated: Arm, held_out: Arm, confidence: float) -> None:
    once = proportions.newcombe(treated, held_out, confidence)
    daily = always_valid.rate_difference(treated, held_out, confidence)
    assert -1 - 1e-9 <= daily.low <= once.low + 1e-9
    assert once.high - 1e-9 <= daily.high <= 1 + 1e-9


@given(treated=arms, held_out=arms)
def test_adding_to_all_before_changes_nothing(treated: Arm, held_out: Arm) -> None:
    def moved(one: Arm) -> Arm:
        sums, by = one.sums, 1000
        return replace(
            one,
            sums=replace(
                sums,
                x=sums.x + by * one.count,
                xx=sums.xx + 2 * by * sums.x + by * by * one.count,
                xy=sums.xy + by * sums.y,
            ),
        )

    plain, again = means.welch(treated, held_out), means.welch(moved(treated), moved(held_out))
    if abs(plain.low) < 1e7:
        assert again.low == pytest.approx(plain.low, rel=1e-4, abs=1)
