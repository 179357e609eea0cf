"""The geometry of columns, or of a line with dots, over time or classes. Pure.

Values are written above their marks; where not all fit, the last, the highest and the lowest come first, and the rest
are in the table. Labels below are left out by a fixed step, counted from the last, until none overlap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.charts import lettering, scales
from console.charts.lettering import Taken
from console.charts.marks import Dot, Drawing, Line, Mark, Path, Rect, Text
from console.charts.scales import Scale
from console.charts.values import Columns, Measure, Point

HEIGHT = 240.0
TOP, BOTTOM = 22.0, 24.0
CAP, RADIUS = 4.0, 4.5
SMALL = 12.0
WIDEST_COLUMN = 46.0


@dataclass(frozen=True, slots=True)
class Plot:
    """The inside of the drawing: where columns stand and what their heights mean."""

    scale: Scale
    ticks: Sequence[float]
    tick_texts: Sequence[str]
    left: float
    right: float
    step: float
    """From the middle of one place to the next."""

    def middle(self, index: int) -> float:
        """The middle of that place."""
        return round(self.left + (index + 0.5) * self.step, 1)


def draw(chart: Columns, width: float, *, in_english: bool) -> Drawing:
    """The chart as wide as that."""
    points, behind = list(chart.points), list(chart.compared)
    values = [end for each in (*points, *behind) for end in (each.value, each.low, each.high)]
    low, high = scales.span([*values, *(chart.goal or ())], chart.measure)
    ticks = scales.ticks(low, high, chart.measure)
    plot = plot_of(ticks, chart.measure, len(points), width, in_english=in_english)
    taken = Taken()
    marks: list[Mark] = [*_goal(chart, plot, taken), *grid(plot)]
    marks.extend(_behind(behind, plot, is_line=chart.is_line))
    marks.extend(_line(points, plot) if chart.is_line else _columns(points, plot))
    marks.extend(label_texts([each.label for each in points], plot))
    marks.extend(_value_texts(points, plot, taken))
    return Drawing(width, HEIGHT, marks)


def plot_of(ticks: Sequence[float], measure: Measure, count: int, width: float, *, in_english: bool) -> Plot:
    """The inside of a drawing with these ticks, beside which their texts have room."""
    texts = [scales.tick_text(each, ticks[1] - ticks[0], measure, in_english=in_english) for each in ticks]
    left = max(lettering.width(each, SMALL) for each in texts) + 10
    scale = Scale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    return Plot(scale, ticks, texts, left, width, (width - left) / max(count, 1))


def grid(plot: Plot) -> Iterator[Mark]:
    """A line at each tick, and its text."""
    for value, text in zip(plot.ticks, plot.tick_texts, strict=True):
        y = plot.scale.place(value)
        yield Line("chart-zero" if value == 0 else "chart-grid", plot.left, y, plot.right, y)
        yield Text("chart-axis", plot.left - 6, y + SMALL * 0.36, text, "end")


def label_texts(labels: Sequence[str], plot: Plot) -> Iterator[Mark]:
    """The labels below; each so-manieth, counted from the last, where not all have room."""
    by = lettering.every([lettering.width(each, SMALL) for each in labels], plot.step)
    for index in range(len(labels) - 1, -1, -by):
        half = lettering.width(labels[index], SMALL) / 2
        x = min(plot.middle(index), plot.right - half)
        yield Text("chart-axis", round(x, 1), HEIGHT - 6, labels[index], "middle")


def _goal(chart: Columns, plot: Plot, taken: Taken) -> Iterator[Mark]:
    if chart.goal is None:
        return
    low, high = sorted(plot.scale.place(each) for each in chart.goal)
    yield Rect("chart-goal", plot.left, low, plot.right - plot.left, max(high - low, 2))
    if chart.goal_text:
        text = lettering.cut(chart.goal_text, plot.right - plot.left)
        y = max(low - 4, TOP - 8)
        taken.take(lettering.box(text, plot.left + 2, y))
        yield Text("chart-note", plot.left + 2, y, text)


def _behind(points: Sequence[Point], plot: Plot, *, is_line: bool) -> Iterator[Mark]:
    if is_line:
        yield from _paths(points, plot, "chart-behind-line")
        return
    zero, wide = plot.scale.place(0), min(plot.step * 0.86, WIDEST_COLUMN * 1.25)
    for index, point in enumerate(points):
        if point.value is not None:
            y = plot.scale.place(point.value)
            x = round(plot.middle(index) - wide / 2, 1)
            yield Rect("chart-behind", x, min(y, zero), round(wide, 1), abs(zero - y))


def _columns(points: Sequence[Point], plot: Plot) -> Iterator[Mark]:
    zero, wide = plot.scale.place(0), min(plot.step * 0.62, WIDEST_COLUMN)
    for index, point in enumerate(points):
        if point.value is None:
            continue
        y, x = plot.scale.place(point.value), plot.middle(index)
        kind = "chart-bar chart-faint" if point.is_faint else "chart-bar"
        yield Rect(kind, round(x - wide / 2, 1), min(y, zero), round(wide, 1), abs(zero - y))
        yield from _interval(point, x, plot.scale)


def _line(points: Sequence[Point], plot: Plot) -> Iterator[Mark]:
    yield from _paths(points, plot, "chart-line")
    for index, point in enumerate(points):
        if point.value is not None:
            x = plot.middle(index)
            yield from _interval(point, x, plot.scale)
            kind = "chart-dot chart-faint" if point.is_faint else "chart-dot"
            yield Dot(kind, x, plot.scale.place(point.value), RADIUS)


def _paths(points: Sequence[Point], plot: Plot, kind: str) -> Iterator[Mark]:
    """A line through each run of places that have a value; it is broken where there is none."""
    run: list[tuple[float, float]] = []
    for index, point in enumerate([*points, Point("", None)]):
        if point.value is not None:
            run.append((plot.middle(index), plot.scale.place(point.value)))
            continue
        if len(run) > 1:
            yield Path(kind, tuple(run))
        run = []


def _interval(point: Point, x: float, scale: Scale) -> Iterator[Mark]:
    if point.low is None or point.high is None:
        return
    low, high = scale.place(point.low), scale.place(point.high)
    yield Line("chart-interval-edge", x, low, x, high)
    yield Line("chart-interval", x, low, x, high)
    for y in (low, high):
        yield Line("chart-interval", x - CAP, y, x + CAP, y)


def _value_texts(points: Sequence[Point], plot: Plot, taken: Taken) -> Iterator[Mark]:
    """The values above their marks, the most important first, each only where it covers nothing written."""
    for index in _by_importance(points):
        point = points[index]
        if point.value is None or not point.text:
            continue
        ends = [each for each in (point.value, point.high) if each is not None]
        y = round(plot.scale.place(max(*ends, 0.0) if len(ends) > 1 else max(ends[0], 0.0)) - RADIUS - 4, 1)
        half = lettering.width(point.text) / 2
        x = round(min(max(plot.middle(index), plot.left + half), plot.right - half), 1)
        if taken.take(lettering.box(point.text, x, y, "middle")):
            yield Text("chart-value", x, y, point.text, "middle")


def _by_importance(points: Sequence[Point]) -> list[int]:
    """The last with a value, the highest, the lowest, then from the last to the first."""
    there = [index for index, point in enumerate(points) if point.value is not None]
    if not there:
        return []
    by_value = sorted(there, key=lambda index: points[index].value or 0.0)
    return list(dict.fromkeys([there[-1], by_value[-1], by_value[0], *reversed(there)]))
