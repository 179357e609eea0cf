"""Drawings of charts: nothing overlaps or leaves the drawing, values have their places, empty places are empty."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.charts import bars, columns, drawing, lettering, shades, stacked
from console.charts.drawing import NARROW, WIDE
from console.charts.marks import Drawing, Line, Rect, Text
from console.charts.values import Bars, Columns, Grid, Measure, Point, Series, Stacked

SMALL = {"chart-axis", "chart-note"}


def texts(drawn: Drawing) -> list[Text]:
    """The texts of a drawing."""
    return [each for each in drawn.marks if isinstance(each, Text)]


def rects(drawn: Drawing, kind: str) -> list[Rect]:
    """The rectangles of that kind."""
    return [each for each in drawn.marks if isinstance(each, Rect) and each.kind == kind]


def is_legible(drawn: Drawing) -> None:
    """No text covers another or leaves the drawing, and no mark has a size below zero."""
    boxes = []
    for each in texts(drawn):
        size = 12.0 if each.kind in SMALL else lettering.SIZE
        boxes.append((each.text, lettering.box(each.text, each.x, each.y, each.anchor, size, gap=0)))
    for (first, one), (second, other) in itertools.combinations(boxes, 2):
        assert not one.overlaps(other), (first, second)
    for text, box in boxes:
        assert box.left >= -1, text
        assert box.right <= drawn.width + 1, text
    for mark in drawn.marks:
        if isinstance(mark, Rect):
            assert mark.width >= 0
            assert mark.height >= 0


def points(values: Sequence[float | None]) -> list[Point]:
    """Points of the months with these values."""
    return [
        Point(f"{number % 12 + 1}月", each, f"{each:,.0f}" if each is not None else "")
        for number, each in enumerate(values)
    ]


VALUES = st.lists(st.none() | st.floats(0, 2e6).map(round), max_size=24)


@given(VALUES, st.sampled_from([WIDE, NARROW]), st.booleans())
def test_columns_of_any_values_are_legible(values: list[float | None], width: float, is_line: bool) -> None:
    is_legible(
        columns.draw(Columns("売上", points(values), "月", "円", is_line=is_line), width, in_english=False)
    )


@given(VALUES, st.sampled_from([WIDE, NARROW]))
def test_bars_of_any_values_are_legible(values: list[float | None], width: float) -> None:
    is_legible(bars.draw(Bars("売上", points(values), "月", "円"), width))


@given(st.lists(st.floats(-100, 100).map(round), max_size=12), st.sampled_from([WIDE, NARROW]))
def test_scores_with_intervals_are_legible(values: list[int], width: float) -> None:
    shown = [
        Point(f"{number + 1}月", each, f"{each:+d}", each - 20, each + 20)
        for number, each in enumerate(values)
    ]
    is_legible(bars.draw(Bars("NPS", shown, "月", "NPS", measure=Measure.SCORE), width))
    line = Columns(
        "NPS", shown, "月", "NPS", is_line=True, measure=Measure.SCORE, goal=(30, 50), goal_text="めやす"
    )
    is_legible(columns.draw(line, width, in_english=False))


@given(
    st.lists(st.lists(st.integers(0, 500), min_size=6, max_size=6), min_size=1, max_size=7),
    st.sampled_from([WIDE, NARROW]),
)
def test_stacked_parts_are_legible(values: list[list[int]], width: float) -> None:
    series = [Series(f"とても長い名前の部分 {number}", points(each)) for number, each in enumerate(values)]
    is_legible(stacked.draw(Stacked("ランク", series, "月"), width, in_english=False))


def test_a_bar_is_as_long_as_its_value_and_its_interval_ends_at_the_ends() -> None:
    chart = Bars("LTV", [Point("甲", 100, "¥100", 50, 150), Point("乙", 200, "¥200")], "区分", "円")
    drawn = bars.draw(chart, 320)
    first, second = rects(drawn, "chart-bar")
    assert second.width == pytest.approx(2 * first.width, abs=0.2)
    interval = next(each for each in drawn.marks if isinstance(each, Line) and each.kind == "chart-interval")
    assert interval.x1 - first.x == pytest.approx(first.width / 2, abs=0.2)
    assert interval.x2 - first.x == pytest.approx(first.width * 1.5, abs=0.2)


def test_the_value_is_written_behind_the_interval() -> None:
    drawn = bars.draw(Bars("LTV", [Point("甲", 100, "¥100", 50, 150)], "区分", "円"), 640)
    value = next(each for each in texts(drawn) if each.kind == "chart-value")
    assert value.x > max(
        each.x2 for each in drawn.marks if isinstance(each, Line) and "interval" in each.kind
    )


def test_a_negative_bar_ends_at_zero() -> None:
    drawn = bars.draw(Bars("NPS", [Point("甲", -50, "-50"), Point("乙", 50, "+50")], "区分", "NPS"), 640)
    below, above = rects(drawn, "chart-bar")
    assert below.x + below.width == pytest.approx(above.x)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_empty_place_has_a_dash_and_no_bar(width: float) -> None:
    drawn = bars.draw(Bars("LTV", [Point("甲", None), Point("乙", 0, "¥0")], "区分", "円"), width)
    assert len(rects(drawn, "chart-bar")) == 1
    assert [each.text for each in texts(drawn) if "chart-value" in each.kind] == ["—", "¥0"]


def test_a_goal_is_a_band_and_a_line_where_it_is_one_value() -> None:
    of = [Point("甲", 0.25, "25%")]
    band = bars.draw(Bars("また買った", of, "区分", "割合", goal=(0.2, 0.3), goal_text="20–30%"), 640)
    line = bars.draw(Bars("LTV", of, "区分", "円", goal=(0.2, 0.2)), 640)
    [goal] = rects(band, "chart-goal")
    [bar] = rects(band, "chart-bar")
    assert goal.x < bar.x + bar.width < goal.x + goal.width
    assert not rects(line, "chart-goal")
    assert any(isinstance(each, Line) and each.kind == "chart-goal-line" for each in line.marks)


def test_the_last_the_highest_and_the_lowest_are_written_first() -> None:
    values = [1_000_000 + 1_000 * number for number in range(24)]
    values[5], values[11] = 10, 2_000_000
    drawn = columns.draw(Columns("売上", points(values), "月", "円"), WIDE, in_english=False)
    written = {each.text for each in texts(drawn) if each.kind == "chart-value"}
    assert {"1,023,000", "2,000,000", "10"} <= written


def test_a_line_is_broken_where_there_is_no_value() -> None:
    chart = Columns("NPS", points([1, 2, None, 4, 5]), "月", "NPS", is_line=True)
    drawn = columns.draw(chart, 640, in_english=False)
    paths = [each for each in drawn.marks if each.shape == "path"]
    assert len(paths) == 2
    assert sum(each.shape == "dot" for each in drawn.marks) == 4


@pytest.mark.parametrize(("width", "rows", "written"), [(WIDE, 1, 12), (NARROW, 2, 12)])
def test_twelve_months_have_their_labels_in_one_row_or_two(width: float, rows: int, written: int) -> None:
    drawn = columns.draw(Columns("売上", points(range(12)), "月", "円"), width, in_english=False)
    labels = [each for each in texts(drawn) if each.text.endswith("月")]
    assert len(labels) == written
    assert len({each.y for each in labels}) == rows


def test_parts_lie_on_each_other_and_only_two_are_plain() -> None:
    series = [Series(str(number), points([10, 20])) for number in range(7)]
    drawn = stacked.draw(Stacked("ランク", series, "月"), 640, in_english=False)
    first = [each for each in drawn.marks if isinstance(each, Rect)][:7]
    for below, above in itertools.pairwise(first):
        assert above.y + above.height == pytest.approx(below.y, abs=0.2)
    assert [each.pattern for each in first] == [None, 2, 3, None, 5, 6, 7]


def test_the_summary_leaves_out_what_rests_on_too_few() -> None:
    shown = [
        Point("甲", 10, "10"),
        Point("乙", 99, "99", is_faint=True),
        Point("丙", 4, "4"),
        Point("丁", None),
    ]
    drawn = drawing.draw(Bars("数", shown, "区分", "人"), in_english=False)
    assert (drawn.highest, drawn.lowest, drawn.last) == (shown[0], shown[2], shown[2])
    assert drawn.has_faint
    assert not drawn.has_interval


@pytest.mark.parametrize(("value", "shade"), [(None, 0), (0, 1), (9, 1), (10, 2), (30, 4), (59, 6), (60, 6)])
def test_shades_have_equal_steps(value: float | None, shade: int) -> None:
    assert shades.shade(value, 0, 60) == shade


def test_cells_that_rest_on_too_few_have_no_shade() -> None:
    grid = Grid(
        "初回月",
        "月",
        ["1", "2"],
        [("1月", [Point("", 1), Point("", 3)]), ("2月", [Point("", 9, is_faint=True)])],
    )
    assert shades.of_grid(grid) == [[1, 6], [0]]
    assert shades.of_grid(Grid("空", "月", [], [])) == []
