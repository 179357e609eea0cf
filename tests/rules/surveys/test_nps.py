"""The score, its margin, and the shares beside it, against tables calculated by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.figures.closed_loop import Case, Promptness, Recovery, Response, promptness
from surveys.nps.net_promoter_score import Nps
from surveys.nps.segments import Segment, segment_of

BY_HAND = [
    # promoters, passives, detractors; score; margin = 196·√(((p+d)/n − ((p−d)/n)²) / n)
    (20, 12, 8, 30.0, 24.2),  # √((0.7 − 0.09) / 40) = 0.12349
    (50, 30, 20, 30.0, 15.3),  # √((0.7 − 0.09) / 100) = 0.07810
    (1, 0, 1, 0.0, 138.6),  # √(1 / 2) = 0.70711
    (0, 10, 0, 0.0, 0.0),  # all alike: no spread
    (10, 0, 0, 100.0, 0.0),
    (0, 0, 4, -100.0, 0.0),
    (3, 4, 3, 0.0, 48.0),  # √(0.6 / 10) = 0.24495
    (500_000, 300_000, 200_000, 30.0, 0.153),
]


@pytest.mark.parametrize(("promoters", "passives", "detractors", "score", "margin"), BY_HAND)
def test_score_and_margin(
    promoters: int, passives: int, detractors: int, score: float, margin: float
) -> None:
    nps = Nps(promoters, passives, detractors)

    assert nps.score == pytest.approx(score)
    assert nps.margin == pytest.approx(margin, abs=0.05 if margin > 1 else 0.001)


def test_nobody_has_no_score_and_one_has_no_margin() -> None:
    assert (Nps(0, 0, 0).score, Nps(0, 0, 0).margin) == (None, None)
    assert (Nps(1, 0, 0).score, Nps(1, 0, 0).margin) == (100, None)


@pytest.mark.parametrize(("count", "is_too_few"), [(0, True), (29, True), (30, False), (31, False)])
def test_below_the_set_number_there_are_too_few(count: int, is_too_few: bool) -> None:
    assert Nps(count, 0, 0).is_too_few(30) is is_too_few
    assert Response(count, 0).is_too_few(30) is is_too_few
    assert Recovery(count, 0, 0).is_too_few(30) is is_too_few


def test_the_eleven_scores_have_their_segments() -> None:
    segments = [segment_of(score) for score in range(11)]

    assert segments == [Segment.DETRACTOR] * 7 + [Segment.PASSIVE] * 2 + [Segment.PROMOTER] * 2


def test_shares_of_nothing_are_nothing() -> None:
    assert Response(0, 0).rate is None
    assert Recovery(0, 0, 0).rate is None
    assert promptness([], START) == Promptness(0, 0, 0, None)
    assert promptness([], START).in_time_rate is None


def test_shares() -> None:
    assert Response(80, 32).rate == pytest.approx(0.4)
    assert Recovery(20, 14, 9).rate == pytest.approx(0.45), "who stayed silent did not come round"


START = datetime(2026, 4, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case(responded_after: float | None, due_after: float) -> Case:
    responded_at = None if responded_after is None else START + responded_after * HOUR
    return Case(START, responded_at, START + due_after * HOUR)


def test_how_soon_the_unhappy_were_heard() -> None:
    """Answered after 1, 3 and 50 hours, one overdue, one not due yet. Due after 24 hours, the last after 100."""
    cases = [case(1, 24), case(3, 24), case(50, 24), case(None, 24), case(None, 100)]

    heard = promptness(cases, START + 60 * HOUR)

    assert heard == Promptness(case_count=5, judged_count=4, in_time_count=2, median_time=3 * HOUR)
    assert heard.in_time_rate == pytest.approx(0.5)


def test_an_even_number_of_times_has_its_median_between_the_two() -> None:
    assert promptness([case(1, 24), case(4, 24)], START).median_time == 2.5 * HOUR


def test_answered_on_the_dot_is_in_time() -> None:
    assert promptness([case(24, 24)], START + 30 * HOUR).in_time_count == 1
