"""Recency, frequency and money: the borders of the classes, and a shop of five customers worked by hand."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from customers.figures import recency, rfm
from customers.figures.rfm import Axis, Bought, Cell, Classes
from customers.values.windows import Window

A, B = date(2026, 8, 31), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("axis", "value", "place"),
    [
        *(
            (Axis.RECENCY, days, place)
            for days, place in ((0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2))
        ),
        *((Axis.RECENCY, days, place) for days, place in ((91, 3), (180, 3), (181, 4), (365, 4), (366, 5))),
        *(
            (Axis.FREQUENCY, count, place)
            for count, place in ((1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (9, 3), (10, 4))
        ),
        *(
            (Axis.MONEY, yen, place)
            for yen, place in ((1, 0), (4_999, 0), (5_000, 1), (17_999, 2), (18_000, 3))
        ),
        *((Axis.MONEY, yen, place) for yen, place in ((49_999, 3), (50_000, 4), (99_999, 4), (100_000, 5))),
    ],
)
def test_where_the_classes_begin_and_end(axis: Axis, value: int, place: int) -> None:
    assert rfm.place_of(axis, value) == place


def test_the_classes_of_an_axis_leave_no_gap() -> None:
    for bands in rfm.BANDS.values():
        assert bands[-1].last is None
        for lower, upper in pairwise(bands):
            assert lower.last is not None
            assert upper.first == lower.last + 1


SHOP = {
    "stays": [Bought(date(2026, 8, 20), 4_000), Bought(date(2026, 11, 10), 6_000)],
    "new": [Bought(date(2026, 10, 1), 3_000)],
    "lost": [Bought(date(2026, 5, 15), 20_000)],  # 108 days before A, 199 before B
    "back": [Bought(date(2026, 1, 5), 9_000), Bought(date(2026, 11, 29), 9_000)],
    "tomorrow": [Bought(date(2026, 12, 1), 5_000)],
}


def test_a_small_shop_worked_by_hand() -> None:
    groups = rfm.groups_of(SHOP.values(), A, B)
    assert {(each.before, each.after, each.people, each.yen_before, each.yen_after) for each in groups} == {
        (Classes(0, 0, 0), Classes(0, 1, 2), 1, 4_000, 10_000),
        (None, Classes(1, 0, 0), 1, 0, 3_000),
        (Classes(3, 0, 3), Classes(4, 0, 3), 1, 20_000, 20_000),
        (Classes(4, 0, 1), Classes(0, 1, 3), 1, 9_000, 18_000),
    }
    assert rfm.grid(groups, Axis.RECENCY, Axis.FREQUENCY) == {
        (0, 1): Cell(2, 28_000),
        (1, 0): Cell(1, 3_000),
        (4, 0): Cell(1, 20_000),
    }
    assert rfm.grid(groups, Axis.RECENCY, Axis.MONEY, is_later=False) == {
        (0, 0): Cell(1, 4_000),
        (3, 3): Cell(1, 20_000),
        (4, 1): Cell(1, 9_000),
    }
    assert rfm.moves(groups, Axis.RECENCY) == {(0, 0): 1, (None, 1): 1, (3, 4): 1, (4, 0): 1}
    assert (rfm.new_count(groups), rfm.lost_count(groups), rfm.returned_count(groups)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("days_ago", "name"),
    [
        ((0, 0), "recent"),
        ((90, 29), "recent"),
        ((90, 30), "due"),
        ((90, 59), "due"),
        ((90, 60), "late"),
        ((400, 390), "late"),
    ],
)
def test_the_band_of_a_repeat_buyer(days_ago: tuple[int, ...], name: str) -> None:
    band = recency.band_of([B - timedelta(days=each) for each in days_ago], B)
    assert band is not None
    assert band.name == name


def test_one_purchase_is_no_repeat_buyer_and_one_of_tomorrow_does_not_count() -> None:
    assert recency.band_of([B], B) is None
    assert recency.band_of([B, B + timedelta(days=1)], B) is None


def test_when_sixty_days_pass() -> None:
    first, second = date(2026, 1, 1), date(2026, 2, 1)
    assert recency.passed_on([first]) == []  # no repeat buyer yet
    assert recency.passed_on([first, second]) == [date(2026, 4, 2)]
    assert recency.passed_on([first, second, date(2026, 4, 2)]) == [
        date(2026, 6, 1)
    ]  # bought on the sixtieth day
    assert recency.passed_on([first, second, date(2026, 4, 3)]) == [date(2026, 4, 2), date(2026, 6, 2)]
    assert recency.passed_on([first, first]) == [date(2026, 3, 2)]
    assert recency.passed_within([first, second], Window(date(2026, 4, 1), date(2026, 4, 30)))
    assert not recency.passed_within([first, second], Window(date(2026, 4, 3), date(2026, 4, 30)))
