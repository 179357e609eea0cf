"""What is shown of a comparison: the sample ratio, how many people an answer takes, floors and verdicts."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from journeys.proof.statistics import always_valid, capping, sample_ratio
from journeys.proof.statistics.sample_size import enrolments_needed, months_until_answer
from journeys.proof.statistics.values import Arm, Sums
from journeys.proof.statistics.verdict import NoSales, Verdict, compare


@pytest.mark.parametrize(
    ("difference", "percent", "once"),
    [
        (0.05, 10, 6620),
        (0.05, 30, 2905),
        (0.05, 50, 2496),
        (0.10, 10, 1671),
        (0.10, 30, 746),
        (0.10, 50, 652),
    ],
)
def test_enrolments_that_an_answer_takes(difference: float, percent: int, once: int) -> None:
    assert enrolments_needed(0.25, difference, percent, always_valid=False) == once
    daily = enrolments_needed(0.25, difference, percent)
    assert 1.9 * once < daily < 2.6 * once


@pytest.mark.parametrize(
    ("base", "difference", "percent"),
    [(0.25, 0, 30), (0.25, 0.8, 30), (0.25, -0.3, 30), (1.2, -0.5, 30), (0.25, 0.05, 0), (0.25, 0.05, 100)],
)
def test_where_there_is_nothing_to_find(base: float, difference: float, percent: int) -> None:
    with pytest.raises(ValueError, match=r"for example 0\.25, 0\.05, 30"):
        enrolments_needed(base, difference, percent)


@pytest.mark.parametrize(
    ("needed", "so_far", "per_month", "months"),
    [(600, 0, 100, 6), (600, 450, 100, 1.5), (600, 600, 0, 0), (600, 700, 10, 0), (600, 10, 0, None)],
)
def test_months_until_an_answer(needed: int, so_far: int, per_month: float, months: float | None) -> None:
    assert months_until_answer(needed, so_far, per_month) == months


@pytest.mark.parametrize(
    ("treated", "held_out", "percent"), [(700, 300, 30), (700, 380, 30), (9000, 870, 10), (500, 601, 50)]
)
def test_the_sample_ratio_is_scipys_chi_square(treated: int, held_out: int, percent: int) -> None:
    count = treated + held_out
    expected = [count * (100 - percent) / 100, count * percent / 100]
    assert sample_ratio.p_value(treated, held_out, percent) == pytest.approx(
        stats.chisquare([treated, held_out], expected).pvalue
    )


@pytest.mark.parametrize(
    ("treated", "held_out", "percent"), [(14, 6, 5), (20, 0, 30), (0, 3, 30), (95, 5, 5), (3, 1, 50)]
)
def test_few_people_are_counted_exactly(treated: int, held_out: int, percent: int) -> None:
    binomial = stats.binom(treated + held_out, percent / 100)
    tail = min(binomial.cdf(held_out), binomial.sf(held_out - 1))
    assert sample_ratio.p_value(treated, held_out, percent) == pytest.approx(min(1, 2 * tail))


@pytest.mark.parametrize(
    ("treated", "held_out", "percent", "is_broken"),
    [
        (700, 300, 30, False),
        (700, 380, 30, True),
        (50, 0, 0, False),
        (50, 1, 0, True),
        (0, 50, 100, False),
        (1, 50, 100, True),
        (0, 0, 30, False),
        (0, 0, 0, False),
        (1, 0, 30, False),
        (0, 1, 5, False),
        (0, 12, 30, True),
    ],
)
def test_broken_sample_ratios(treated: int, held_out: int, percent: int, is_broken: bool) -> None:
    assert sample_ratio.is_broken(treated, held_out, percent) is is_broken


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.floats(0, 100))
def test_any_counts_have_a_p_value(treated: int, held_out: int, percent: float) -> None:
    assert 0 <= sample_ratio.p_value(treated, held_out, percent) <= 1


@pytest.mark.parametrize(
    ("amounts", "cap"),
    [
        ([], None),
        ([(0, 5)], 0),
        ([(0, 90), (1000, 9), (50_000, 1)], 1000),
        ([(0, 990), (1000, 9), (50_000, 1)], 50_000),  # the 99th percentile is zero: nothing is capped
        ([(3000, 0), (2000, 1)], 2000),
        ([(5000, 1), (0, 1), (300, 1)], 5000),
    ],
)
def test_the_cap(amounts: list[tuple[int, int]], cap: int | None) -> None:
    assert capping.cap(amounts) == cap


def arm(count: int, buyer_count: int, each: int = 3000) -> Arm:
    """An arm whose buyers spent `each` or twice that."""
    more = buyer_count // 2
    spent, squares = each * (buyer_count + more), each * each * (buyer_count + 3 * more)
    return Arm(count, buyer_count, Sums(y=spent, yy=squares))


@pytest.mark.parametrize(
    ("treated", "held_out", "percent", "verdict", "reason"),
    [
        (arm(700, 280), arm(300, 75), 30, Verdict.EARNS, None),
        (arm(700, 105), arm(300, 100), 30, Verdict.COSTS, None),
        (arm(700, 190), arm(300, 75), 30, Verdict.UNDECIDED, None),
        (arm(700, 280, 300), arm(300, 75), 30, Verdict.UNDECIDED, None),  # more buyers, for less money
        (arm(700, 105, 9000), arm(300, 100, 300), 30, Verdict.UNDECIDED, None),  # fewer, for more
        (arm(230, 70), arm(99, 40), 30, Verdict.UNDECIDED, NoSales.FEW_PEOPLE),
        (arm(230, 70), arm(100, 29), 30, Verdict.UNDECIDED, NoSales.FEW_BUYERS),
        (arm(230, 29), arm(100, 20), 30, Verdict.UNDECIDED, NoSales.FEW_BUYERS),
        (arm(230, 70), arm(100, 30), 30, Verdict.UNDECIDED, None),
        (arm(500, 150), arm(500, 150), 50, Verdict.UNDECIDED, None),
        (arm(700, 280), arm(380, 75), 30, Verdict.NO_RESULT, NoSales.NO_RESULT),
        (arm(50, 20), arm(0, 0), 0, Verdict.NO_RESULT, NoSales.NO_RESULT),
        (arm(0, 0), arm(0, 0), 30, Verdict.NO_RESULT, NoSales.NO_RESULT),
        (arm(1, 1), arm(1, 0), 30, Verdict.UNDECIDED, NoSales.FEW_PEOPLE),
        (
            Arm(230, 230, Sums(230_000, 230_000_000)),
            Arm(100, 100, Sums(100_000, 100_000_000)),
            30,
            Verdict.UNDECIDED,
            NoSales.ALL_ALIKE,
        ),
    ],
)
def test_verdicts(
    treated: Arm, held_out: Arm, percent: int, verdict: Verdict, reason: NoSales | None
) -> None:
    comparison = compare(treated, held_out, percent)
    assert (comparison.verdict, comparison.sales_reason) == (verdict, reason)
    assert (comparison.sales is None) is (reason is not None)
    assert (comparison.rate is None) is (verdict is Verdict.NO_RESULT)


def test_a_broken_ratio_shows_no_figure_and_is_named() -> None:
    comparison = compare(arm(700, 280), arm(380, 75), 30)
    assert comparison.sample_ratio_is_broken
    assert comparison.rate is comparison.fixed_rate is comparison.sales is None


@pytest.mark.parametrize(("rate", "percent"), [(0.03, 10), (0.25, 30)])
def test_daily_checks_show_hardly_any_effect_where_there_is_none(rate: float, percent: int) -> None:
    """A small one of benchmarks/effects.py: 100 flows, three enrolments a day for a year."""
    draw, shown = random.Random(12), 0
    for _ in range(100):
        counts, buyers = [0, 0], [0, 0]
        for _ in range(365):
            for _ in range(3):
                side = draw.random() < percent / 100
                counts[side] += 1
                buyers[side] += draw.random() < rate
            interval = always_valid.rate_difference(Arm(counts[0], buyers[0]), Arm(counts[1], buyers[1]))
            if not interval.low <= 0 <= interval.high:
                shown += 1
                break
    assert shown <= 5
