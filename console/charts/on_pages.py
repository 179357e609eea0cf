"""What templates call to draw charts; `console/_chart.html` is the only one that does. Geometry is in `drawing.py`."""

from flask import g

from console.charts import drawing, shades, stacked
from console.charts.drawing import Drawn
from console.charts.values import Bars, Columns, Stacked
from console.shell.translation import reads_english


def draw_chart(chart: Bars | Columns | Stacked) -> Drawn:
    """The chart's drawings in the reader's language."""
    return drawing.draw(chart, in_english=reads_english())


def chart_number() -> int:
    """The number of the chart on its page, from 1, for ids that are unique there."""
    g.chart_count = int(g.get("chart_count", 0)) + 1
    return int(g.chart_count)


TEMPLATE_VALUES = {
    "draw_chart": draw_chart,
    "chart_number": chart_number,
    "chart_part": stacked.part,
    "chart_pattern": stacked.pattern,
    "chart_shades": shades.of_grid,
}
