"""The score, its interval, and the shares beside it, against tables calculated by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import nps_coverage
from surveys.figures.closed_loop import Case, Promptness, Recovery, Response, promptness
from surveys.nps.net_promoter_score import Nps, change, together
from surveys.nps.segments import Segment, segment_of

BY_HAND = [
    # promoters, passives, detractors; score; interval: of p+0.75, q+1.5, d+0.75, mean ± 1.96·√(variance/(n+3))
    (20, 12, 8, 30.0, 4.60, 51.22),  # 12/43 = 0.27907; √((29.5/43 − 0.07788) / 43) = 0.11893
    (40, 0, 0, 100.0, 83.58, 100.0),  # 40/43 = 0.93023; √((41.5/43 − 0.86533) / 43) = 0.04818
    (0, 0, 40, -100.0, -100.0, -83.58),
    (0, 40, 0, 0.0, -5.58, 5.58),  # √((1.5/43) / 43) = 0.02848
    (36, 3, 1, 87.5, 66.97, 95.82),  # 35/43 = 0.81395; √((38.5/43 − 0.66252) / 43) = 0.07358
    (
        1,
        0,
        0,
        100.0,
        -48.50,
        100.0,
    ),  # 1/4 = 0.25; √((2.5/4 − 0.0625) / 4) = 0.375, and the score itself is in
]


@pytest.mark.parametrize(("promoters", "passives", "detractors", "score", "low", "high"), BY_HAND)
def test_score_and_interval(
    promoters: int, passives: int, detractors: int, score: float, low: float, high: float
) -> None:
    nps = Nps(promoters, passives, detractors)

    assert nps.score == pytest.approx(score)
    assert nps.interval == pytest.approx((low, high), abs=0.005)


def test_of_nobody_there_is_no_score() -> None:
    assert (Nps(0, 0, 0).score, Nps(0, 0, 0).interval) == (None, None)
    assert change(Nps(0, 0, 0), Nps(1, 1, 1)) is None


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_an_interval_has_a_width_contains_the_score_and_stays_in_range(
    promoters: int, passives: int, detractors: int
) -> None:
    nps = Nps(promoters, passives, detractors)
    if nps.score is None or nps.interval is None:
        return
    low, high = nps.interval
    assert -100 <= low <= nps.score <= high <= 100
    assert high - low > 1
    mirrored = Nps(detractors, passives, promoters).interval
    assert mirrored == pytest.approx((-high, -low))


@pytest.mark.parametrize(
    ("shares", "count"),
    [((0.9, 0.08, 0.02), 40), ((0.97, 0.02, 0.01), 30), ((0.45, 0.35, 0.2), 40), ((0.2, 0.3, 0.5), 100)],
)
def test_the_interval_holds_the_true_score_as_often_as_it_says(
    shares: tuple[float, float, float], count: int
) -> None:
    """Exactly, over all outcomes. The plain normal approximation holds 84 % of the time with 40 answers of a shop of
    90 % promoters."""
    assert 0.94 <= nps_coverage.coverage(shares, count, nps_coverage.adjusted) <= 0.98
    if shares[0] >= 0.9:
        assert nps_coverage.coverage(shares, count, nps_coverage.plain) < 0.85


@pytest.mark.parametrize(
    ("before", "now", "points", "is_certain"),
    [
        (Nps(20, 12, 8), Nps(22, 12, 6), 10.0, False),
        (Nps(100, 60, 40), Nps(160, 30, 10), 45.0, True),
        (Nps(160, 30, 10), Nps(100, 60, 40), -45.0, True),
        (Nps(40, 0, 0), Nps(40, 0, 0), 0.0, False),
    ],
)
def test_a_change_is_certain_only_where_its_interval_is_on_one_side(
    before: Nps, now: Nps, points: float, is_certain: bool
) -> None:
    changed = change(before, now)
    assert changed is not None
    assert changed.points == pytest.approx(points)
    assert changed.low < changed.points < changed.high
    assert changed.is_certain is is_certain


def test_parts_together_are_one_score() -> None:
    assert together([Nps(1, 2, 3), Nps(10, 20, 30)]) == Nps(11, 22, 33)
    assert together([]) == Nps(0, 0, 0)


@pytest.mark.parametrize(("count", "is_too_few"), [(0, True), (29, True), (30, False), (31, False)])
def test_below_the_set_number_there_are_too_few(count: int, is_too_few: bool) -> None:
    assert Nps(count, 0, 0).is_too_few(30) is is_too_few
    assert Response(count, count, 0).is_too_few(30) is is_too_few
    assert Recovery(count, 0, 0).is_too_few(30) is is_too_few


def test_the_eleven_scores_have_their_segments() -> None:
    segments = [segment_of(score) for score in range(11)]

    assert segments == [Segment.DETRACTOR] * 7 + [Segment.PASSIVE] * 2 + [Segment.PROMOTER] * 2


def test_shares_of_nothing_are_nothing() -> None:
    assert Response(0, 0, 0).rate is None
    assert Recovery(0, 0, 0).rate is None
    assert promptness([], START) == Promptness(0, 0, 0, None)
    assert promptness([], START).in_time_rate is None


def test_shares() -> None:
    assert Response(80, 70, 32).rate == pytest.approx(0.4)
    assert Recovery(20, 14, 9).rate == pytest.approx(0.45), "who stayed silent did not come round"


START = datetime(2026, 4, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case(responded_after: float | None, due_after: float) -> Case:
    """Staff work a third of the time."""
    responded_at = None if responded_after is None else START + responded_after * HOUR
    worked = None if responded_after is None else responded_after * HOUR / 3
    return Case(START, responded_at, START + due_after * HOUR, worked)


def test_how_soon_the_unhappy_were_heard() -> None:
    """Answered after 1, 3 and 50 hours, one overdue, one not due yet. Due after 24 hours, the last after 100."""
    cases = [case(1, 24), case(3, 24), case(50, 24), case(None, 24), case(None, 100)]

    heard = promptness(cases, START + 60 * HOUR)

    assert heard == Promptness(
        case_count=5, judged_count=4, in_time_count=2, median_working_time=HOUR, answered_count=3
    )
    assert heard.in_time_rate == pytest.approx(0.5)


def test_an_even_number_of_times_has_its_median_between_the_two() -> None:
    assert promptness([case(3, 24), case(12, 24)], START).median_working_time == 2.5 * HOUR


def test_answered_on_the_dot_is_in_time() -> None:
    assert promptness([case(24, 24)], START + 30 * HOUR).in_time_count == 1
