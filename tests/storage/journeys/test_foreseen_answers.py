"""In how many months there will be an answer, of what has been counted so far."""

from datetime import UTC, datetime, timedelta

import pytest

from journeys.proof.results import Result
from journeys.proof.statistics.sample_size import enrolments_needed
from journeys.proof.statistics.values import Arm

SINCE = datetime(2026, 6, 1, tzinfo=UTC)
NEEDED = enrolments_needed(0.25, 0.10, 30)


def result(counted: int, assigned: int, per_month: float, percent: int = 30) -> Result:
    """A quarter of those counted bought again."""
    held_out = counted * percent // 100
    treated = counted - held_out
    arms = Arm(treated, treated // 4), Arm(held_out, counted // 4 - treated // 4)
    return Result(percent, SINCE, 60, *arms, assigned, per_month)


def test_who_is_missing_comes_at_the_pace_of_the_last_month_and_then_has_its_days() -> None:
    foreseen = result(200, 300, 100).foreseen()
    assert foreseen is not None
    months, difference = foreseen
    assert difference == 0.10
    assert months == pytest.approx((NEEDED - 300) / 100 + 2)


def test_when_enough_are_in_only_their_days_have_to_pass() -> None:
    foreseen = result(NEEDED - 100, NEEDED + 100, 0).foreseen()
    assert foreseen is not None
    assert foreseen[0] == pytest.approx(1.0, abs=0.05)
    assert foreseen[1] == 0.10


def test_a_smaller_difference_is_next_when_the_greater_would_have_been_found() -> None:
    foreseen = result(NEEDED + 40, NEEDED + 40, 500).foreseen()
    assert foreseen is not None and foreseen[1] == 0.05


@pytest.mark.parametrize(
    ("counted", "assigned", "per_month", "percent"),
    [(9, 500, 100, 30), (200, 300, 0, 30), (200, 300, 100, 0), (0, 0, 0, 30)],
)
def test_nothing_is_foreseen_of_too_few_of_nobody_and_without_a_share(
    counted: int, assigned: int, per_month: float, percent: int
) -> None:
    assert result(counted, assigned, per_month, percent).foreseen() is None


def test_the_first_figures_come_when_the_first_window_has_passed() -> None:
    assert result(0, 3, 3).first_at == SINCE + timedelta(days=60)
