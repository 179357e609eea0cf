"""Charts as pages print them: a drawing for each width, the point in its label, and the same data as a table."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, render_template_string

from console import web
from console.charts.values import Bars, Chart, Columns, Grid, Point, Series, Stacked

Printed = Callable[[Chart], str]

PAGE = '{% from "console/_chart.html" import chart with context %}{{ chart(value) }}{{ chart(value) }}'
POINTS = (
    Point("推奨者", 18_400, "¥18,400", 15_000, 22_000, href="/console/people?of=promoters"),
    Point("批判者", 7_100, "¥7,100", is_faint=True, note="8人だけ"),
    Point("これから", None),
)
STACKED = Stacked(
    "会員ランク",
    [
        Series("プレミアム", [Point("1月", 3, "3人"), Point("2月", 5, "5人")]),
        Series("アクティブ", [Point("1月", 9, "9人")]),
    ],
    "月",
)


@pytest.fixture
def printed(app: Flask) -> Printed:
    """Prints a chart twice on one page."""

    def show(value: Chart) -> str:
        with app.test_request_context("/console/figures"):
            return render_template_string(PAGE, value=value, **web._template_values())

    return show


@pytest.mark.parametrize(
    "value",
    [
        Bars("LTV", POINTS, "区分", "円", goal=(18_000, 18_000), goal_text="めやす ¥18,000"),
        Columns("LTV", POINTS, "区分", "円", compared=POINTS, compared_heading="昨年"),
        Columns("LTV", POINTS, "区分", "円", is_line=True),
        STACKED,
    ],
)
def test_a_chart_has_two_drawings_its_data_and_no_inline_style(value: Chart, printed: Printed) -> None:
    page = printed(value)
    assert page.count('role="img"') == 4
    assert page.count("<table") == 2
    assert "style=" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_the_label_says_the_point_and_the_table_links_to_the_people(printed: Printed) -> None:
    page = printed(Bars("LTV", POINTS, "区分", "円"))
    assert 'aria-label="LTV。いちばん高いのは推奨者 ¥18,400、低いのは推奨者 ¥18,400。"' in page
    assert '<a href="/console/people?of=promoters">¥18,400</a>' in page
    assert "8人だけ" in page


def test_a_grid_is_a_table_whose_cells_are_shaded(printed: Printed) -> None:
    rows = [
        ("1月", [Point("", 10, "10%"), Point("", 40, "40%")]),
        ("2月", [Point("", 25, "25%"), Point("", None)]),
    ]
    page = printed(Grid("初回月ごと", "初回月", ["1か月", "2か月"], rows))
    assert re.findall(r'class="number shade-(\d)', page)[:4] == ["1", "6", "4", "0"]
