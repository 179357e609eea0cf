"""Texts in charts: widths, line breaks, cuts, and places that don't overlap."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.charts import lettering
from console.charts.lettering import Box, Taken


@pytest.mark.parametrize(("text", "width"), [("", 0), ("推奨者", 39), ("¥1,234", 45.24), ("12月", 28.08)])
def test_japanese_letters_are_as_wide_as_high(text: str, width: float) -> None:
    assert lettering.width(text) == pytest.approx(width)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("推奨者", 100, ["推奨者"]),
        ("お答えのないお客様", 66, ["お答えのな", "いお客様"]),
        ("Customers without an answer", 120, ["Customers", "without an ans…"]),
        ("お答えのないお客様のうちのすべて", 66, ["お答えのな", "いお客様…"]),
        ("", 100, []),
    ],
)
def test_a_long_label_has_two_lines_and_is_cut_after_them(text: str, room: float, lines: list[str]) -> None:
    assert lettering.lines(text, room) == lines


@given(st.text(min_size=1, max_size=60), st.floats(30, 300))
def test_no_line_is_wider_than_its_room(text: str, room: float) -> None:
    assert all(lettering.width(line) <= room for line in lettering.lines(text, room))


@pytest.mark.parametrize(
    ("anchor", "left", "right"), [("start", 98, 128), ("middle", 85, 115), ("end", 72, 102)]
)
def test_a_box_lies_as_its_anchor_says(anchor: str, left: float, right: float) -> None:
    box = lettering.box("推奨", 100, 50, anchor)
    assert (box.left, box.right) == (left, right)
    assert box.top < 50 < box.bottom


def test_a_place_is_taken_once() -> None:
    taken = Taken()
    assert taken.take(Box(0, 0, 10, 10))
    assert not taken.take(Box(9, 9, 20, 20))
    assert taken.take(Box(10, 0, 20, 10)), "edges may touch"


@pytest.mark.parametrize(
    ("widths", "step", "every"),
    [([20, 26], 40, 1), ([26, 26], 23, 2), ([60], 23, 3), ([], 10, 1), ([5], 0, 1)],
)
def test_labels_are_left_out_by_a_fixed_step(widths: list[float], step: float, every: int) -> None:
    assert lettering.every(widths, step) == every


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([10, 50, 90], [10, 50, 90]),
        ([10, 12, 14], [10, 27, 44]),
        ([90, 95, 99], [66, 83, 100]),
        ([], []),
    ],
)
def test_names_keep_their_order_and_their_distance(wanted: list[float], places: list[float]) -> None:
    assert lettering.spread(wanted, 17, 0, 100) == places


@given(st.lists(st.floats(0, 200), max_size=10))
def test_spread_names_never_overlap_while_there_is_room(wanted: list[float]) -> None:
    placed = lettering.spread(sorted(wanted), 17, 12, 216)
    assert all(later - earlier >= 17 - 1e-6 for earlier, later in itertools.pairwise(placed))
    assert all(12 - 1e-6 <= each <= 216 for each in placed)
