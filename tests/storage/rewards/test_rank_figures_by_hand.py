"""Ranks on past days, classes of the axes, and points outstanding, over small tables worked by hand."""

from datetime import date

import pytest

from customers.values import windows
from rewards.figures import points_liability, rank_axes, rank_history
from rewards.figures.points_liability import Liability
from rewards.figures.rank_axes import DISTANCES
from rewards.figures.rank_history import Change
from rewards.ledger.settings import PointRules
from rewards.ranks.rules import Axes, Rank, RankRules

BASIC, ACTIVE, PREMIUM, AMBASSADOR = Rank
HISTORIES = (
    (Change(date(2026, 1, 5), None, BASIC), Change(date(2026, 2, 10), BASIC, ACTIVE)),
    (Change(date(2026, 1, 31), None, ACTIVE), Change(date(2026, 2, 28), ACTIVE, BASIC)),
    (Change(date(2026, 3, 1), None, PREMIUM),),
    (
        Change(date(2026, 2, 1), None, BASIC),
        Change(date(2026, 2, 1), BASIC, AMBASSADOR),  # two on one day: the last counts
    ),
)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 1, 4), (0, 0, 0, 0)),
        (date(2026, 1, 31), (1, 1, 0, 0)),
        (date(2026, 2, 27), (0, 2, 0, 1)),
        (date(2026, 2, 28), (1, 1, 0, 1)),
        (date(2026, 3, 31), (1, 1, 1, 1)),
    ],
)
def test_a_rank_on_a_day_is_the_one_after_its_last_change(day: date, held: tuple[int, ...]) -> None:
    assert rank_history.distribution(HISTORIES, day) == dict(zip(Rank, held, strict=True))


@pytest.mark.parametrize(
    ("axes", "rank", "distance"),
    [
        (Axes(0, 10, 0), BASIC, 15),  # Active asks for [0, 25, 0]
        (Axes(90, 25, 0), BASIC, 0),  # money counts for its own axis alone
        (Axes(40, 30, 25), ACTIVE, 20),  # Premium asks for [50, 40, 20]: 10 and 10
        (Axes(60, 60, 30), PREMIUM, 30),  # Ambassador asks for [25, 40, 60]
        (Axes(0, 0, 0), AMBASSADOR, None),
    ],
)
def test_the_distance_is_what_all_axes_miss_together(axes: Axes, rank: Rank, distance: int | None) -> None:
    assert rank_axes.distance(axes, rank, RankRules()) == distance


def test_every_value_is_in_one_class() -> None:
    for value in range(101):
        assert sum(low <= value <= high for low, high in rank_axes.CLASSES) == 1
    for value in range(301):
        assert sum(low <= value <= high for low, high in DISTANCES) == 1
    assert rank_axes.class_of(41, rank_axes.CLASSES) == (41, 60)


def test_a_debt_lowers_nobody_elses_points() -> None:
    assert points_liability.liability({1: 300, 2: -40, 3: 0, 4: 20}, 70) == Liability(320, 2, 40, 1, 70)


def test_the_balance_of_a_month_is_that_of_the_month_before_and_its_entries() -> None:
    entries = [
        (date(2026, 5, 1), "earn", 100),
        (date(2026, 5, 31), "burn", -30),
        (date(2026, 6, 1), "earn", 50),
        (date(2026, 6, 2), "reverse", -100),
        (date(2026, 6, 30), "expire", -10),
    ]
    may, june = points_liability.movements(entries, list(windows.calendar_months(date(2026, 6, 30), 2)), 200)
    assert may.points == {"earn": 100, "burn": -30, "expire": 0, "reverse": 0, "adjust": 0}
    assert (may.balance, june.balance) == (270, 210)


def test_points_expire_on_their_own_day_or_with_the_customers_inactivity() -> None:
    """365 days after the last activity, or the day once promised where that is later."""
    rules = PointRules.model_validate({})
    left = points_liability.by_last_day(
        [(date(2026, 7, 1), 40)],
        [
            (date(2026, 1, 10), date(2027, 1, 10), 100),
            (date(2026, 1, 10), date(2027, 3, 1), 5),  # promised under longer rules
            (None, None, 7),
        ],
        rules,
    )
    assert left == {date(2026, 7, 1): 40, date(2027, 1, 10): 100, date(2027, 3, 1): 5, None: 7}
    assert points_liability.expiring_by(left, date(2026, 7, 1)) == 40
    assert points_liability.expiring_by(left, date(2027, 1, 10)) == 140
    never = PointRules.model_validate({"expiry": "never"})
    assert points_liability.by_last_day([], [(date(2026, 1, 10), date(2027, 1, 10), 9)], never) == {None: 9}
