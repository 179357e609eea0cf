"""The geometry of parts stacked over time. Each part has a pattern of its own, and is named beside the last column
in a wide drawing, and in a list of names above the chart in a narrow one. Pure.
"""

from collections.abc import Iterator, Sequence

from console.charts import columns, lettering, scales
from console.charts.bars import NARROW
from console.charts.columns import HEIGHT, Plot
from console.charts.lettering import LINE_HEIGHT
from console.charts.marks import Drawing, Line, Mark, Rect, Text
from console.charts.values import Series, Stacked

PARTS = 7
"""Paints there are; an eighth part has the first again."""
PLAIN = {1, 4}
"""Parts without a pattern: the darkest and the lightest paint."""
NAMES_AT_MOST = 0.3


def draw(chart: Stacked, width: float, *, in_english: bool) -> Drawing:
    """The chart as wide as that."""
    count = max((len(each.points) for each in chart.series), default=0)
    is_narrow = width < NARROW
    room = 0.0 if is_narrow else _name_room(chart.series, width)
    totals = [_total(chart.series, index) for index in range(count)]
    ticks = scales.ticks(*scales.span(totals, chart.measure), chart.measure)
    plot = columns.plot_of(ticks, chart.measure, count, width - room, in_english=in_english)
    marks: list[Mark] = [*columns.grid(plot)]
    for index in range(count):
        marks.extend(_column(chart.series, index, plot))
    labels = [point.label for point in chart.series[0].points] if chart.series else []
    marks.extend(columns.label_texts(labels, plot))
    if not is_narrow and count:
        marks.extend(_names(chart.series, count - 1, plot, width))
    return Drawing(width, HEIGHT, marks)


def part(number: int) -> int:
    """The paint of that part, from 1, by its place among the parts from 0."""
    return number % PARTS + 1


def pattern(number: int) -> int | None:
    """The pattern over that part's paint; None for a plain one."""
    return None if part(number) in PLAIN else part(number)


def _value(series: Series, index: int) -> float:
    return max(series.points[index].value or 0.0, 0.0) if index < len(series.points) else 0.0


def _total(series: Sequence[Series], index: int) -> float:
    return sum(_value(each, index) for each in series)


def _column(series: Sequence[Series], index: int, plot: Plot) -> Iterator[Mark]:
    wide, below = min(plot.step * 0.7, columns.WIDEST_COLUMN), 0.0
    for number, each in enumerate(series):
        value = _value(each, index)
        if value:
            top, bottom = plot.scale.place(below + value), plot.scale.place(below)
            x = round(plot.middle(index) - wide / 2, 1)
            kind = f"chart-part-{part(number)}"
            yield Rect(kind, x, top, round(wide, 1), round(bottom - top, 1), pattern=pattern(number))
        below += value


def _name_room(series: Sequence[Series], width: float) -> float:
    return min(max((lettering.width(each.name) for each in series), default=0.0) + 26, width * NAMES_AT_MOST)


def _names(series: Sequence[Series], index: int, plot: Plot, width: float) -> Iterator[Mark]:
    """The names right of the last column, at the height of their parts as far as they don't overlap."""
    below, wanted = 0.0, []
    for each in series:
        value = _value(each, index)
        wanted.append(plot.scale.place(below + value / 2))
        below += value
    upward = lettering.spread(reversed(wanted), LINE_HEIGHT, 12, HEIGHT - columns.BOTTOM)
    for each, at, y in zip(series, wanted, reversed(upward), strict=True):
        edge = plot.middle(index) + min(plot.step * 0.7, columns.WIDEST_COLUMN) / 2
        yield Line("chart-leader", round(edge + 1, 1), at, plot.right + 8, y)
        yield Text(
            "chart-label",
            plot.right + 11,
            round(y + lettering.SIZE * 0.36, 1),
            lettering.cut(each.name, width - plot.right - 11),
        )
