"""The figures of the stages: three customers worked by hand, and the middle of counted values."""

from collections import Counter
from datetime import UTC, datetime
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.enrolments.stages import Stage
from journeys.figures import stage_history
from journeys.figures.stage_history import Change, Known, Stay


def day(month: int, number: int, hour: int = 12) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=UTC)


ANNA = Known(
    seen_at=day(9, 1),
    stage=Stage.REPEAT,
    changes=(
        Change(Stage.ACQUIRED, Stage.FIRST, day(9, 15)),
        Change(Stage.FIRST, Stage.REPEAT, day(10, 20, 11)),
    ),
    first_bought_at=day(9, 15),
)
BEN = Known(
    seen_at=day(3, 1),
    stage=Stage.FIRST,
    changes=(
        Change(Stage.FIRST, Stage.FAN, day(10, 1)),  # skips two
        Change(Stage.FAN, Stage.FIRST, day(10, 5)),  # and falls back
    ),
    first_bought_at=day(2, 1),  # before he came to LINE
)
CHIE = Known(seen_at=day(10, 10), stage=Stage.ACQUIRED)
OCTOBER = day(10, 1, 0), day(11, 1, 0)


@pytest.mark.parametrize(
    ("known", "until", "stage"),
    [
        (ANNA, day(9, 1), None),
        (ANNA, day(9, 1, 13), Stage.ACQUIRED),
        (ANNA, day(9, 15), Stage.ACQUIRED),
        (ANNA, day(9, 16), Stage.FIRST),
        (ANNA, day(11, 1), Stage.REPEAT),
        (BEN, day(3, 2), Stage.FIRST),
        (BEN, day(10, 3), Stage.FAN),
        (CHIE, day(10, 1), None),
        (CHIE, day(11, 1), Stage.ACQUIRED),
    ],
)
def test_the_stage_just_before_a_moment(known: Known, until: datetime, stage: Stage | None) -> None:
    assert stage_history.stage_at(known, until) == stage


def test_stays_end_with_a_step_forward_and_have_a_known_beginning() -> None:
    assert stage_history.stays(ANNA, day(1, 1), day(12, 1)) == [
        Stay(Stage.ACQUIRED, 14),
        Stay(Stage.FIRST, 34),
    ]
    assert stage_history.stays(ANNA, *OCTOBER) == [Stay(Stage.FIRST, 34)]
    assert stage_history.stays(BEN, *OCTOBER) == [Stay(Stage.FIRST, 214)]  # from when he was seen
    unknown = Known(day(1, 1), Stage.FAN, (Change(Stage.REPEAT, Stage.FAN, day(10, 2)),), day(1, 2))
    assert stage_history.stays(unknown, *OCTOBER) == [Stay(Stage.REPEAT, None)]


def test_who_moved_in_a_month() -> None:
    assert stage_history.moved(ANNA, *OCTOBER) == (Stage.FIRST, Stage.REPEAT)
    assert stage_history.moved(BEN, *OCTOBER) == (Stage.FIRST, Stage.FIRST)
    assert stage_history.moved(CHIE, *OCTOBER) is None


def test_people_at_the_ends_of_months_add_up() -> None:
    arrived = [(0, "first", 1), (1, "acquired", 1), (2, "acquired", 1)]
    went = [(1, "acquired", "first", 1), (2, "first", "repeat", 1), (2, "first", "first", 1)]
    september, october = stage_history.at_ends(arrived, went, 2)
    assert (september[Stage.ACQUIRED], september[Stage.FIRST]) == (0, 2)
    assert (october[Stage.ACQUIRED], october[Stage.FIRST], october[Stage.REPEAT]) == (1, 1, 1)
    assert stage_history.reached({stage.value: count for stage, count in october.items()})[Stage.FIRST] == 2


@given(st.lists(st.integers(0, 400), min_size=1))
def test_the_middle_of_counted_values_is_the_median(values: list[int]) -> None:
    assert stage_history.median(Counter(values)) == median(values)


def test_nothing_has_no_middle() -> None:
    assert stage_history.median({}) is None
