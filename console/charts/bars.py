"""The geometry of bars, one below the other, each with its label, its value and the interval of it. Pure.

In a wide drawing labels are on the left, in a narrow one above their bars. The value is written behind the bar and
the interval, so that nothing overlaps.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from console.charts import lettering, scales
from console.charts.lettering import LINE_HEIGHT
from console.charts.marks import Drawing, Line, Mark, Rect, Text
from console.charts.scales import Scale
from console.charts.values import Bars, Point

NARROW = 480.0
BAR, GAP, CAP = 18.0, 12.0, 5.0
LABELS_AT_MOST = 0.36
"""The share of a wide drawing that labels get."""
EMPTY = "—"


@dataclass(frozen=True, slots=True)
class _Row:
    point: Point
    label: list[str]
    top: float
    """Of the label where it is above, else of the row."""
    bar_top: float
    bottom: float


def draw(chart: Bars, width: float) -> Drawing:
    """The chart as wide as that; as high as its bars need."""
    room = _label_room(chart, width)
    top = LINE_HEIGHT + 4 if chart.goal and chart.goal_text else 0.0
    rows = list(_rows(chart, width, room, top))
    height = (rows[-1].bottom if rows else top) + 2
    scale = _scale(chart, room, width)
    marks: list[Mark] = [*_goal(chart, scale, top, height, width)]
    zero = scale.place(0)
    for row in rows:
        marks.extend(_label(row, room))
        marks.extend(_bar(row, scale, zero))
    if rows:
        marks.append(Line("chart-zero", zero, top, zero, height))
    return Drawing(width, height, marks)


def _label_room(chart: Bars, width: float) -> float:
    """The width of the column of labels; none in a narrow drawing, where they are above the bars."""
    if width < NARROW:
        return 0.0
    widest = max((lettering.width(each.label) for each in chart.points), default=0.0)
    return min(widest + 12, width * LABELS_AT_MOST)


def _rows(chart: Bars, width: float, room: float, top: float) -> Iterator[_Row]:
    for point in chart.points:
        label = lettering.lines(point.label, room - 10 if room else width)
        text_height = len(label) * LINE_HEIGHT
        if room:
            height = max(BAR, text_height)
            yield _Row(point, label, top, top + (height - BAR) / 2, top + height)
            top += height + GAP
        else:
            yield _Row(point, label, top, top + text_height + 2, top + text_height + 2 + BAR)
            top += text_height + 2 + BAR + GAP


def _scale(chart: Bars, room: float, width: float) -> Scale:
    values = [end for each in chart.points for end in (each.value, each.low, each.high)]
    low, high = scales.span([*values, *(chart.goal or ())], chart.measure)
    texts = max((lettering.width(each.text or EMPTY) for each in chart.points), default=0.0)
    start = room + (CAP if low < 0 else 1)
    return Scale(low, high, start, max(width - texts - 12, start + 40))


def _goal(chart: Bars, scale: Scale, top: float, height: float, width: float) -> Iterator[Mark]:
    if chart.goal is None:
        return
    low, high = (scale.place(each) for each in chart.goal)
    yield Rect("chart-goal", low, top, max(high - low, 2), height - top)
    if chart.goal_text:
        text = lettering.cut(chart.goal_text, width)
        half = lettering.width(text) / 2
        middle = min(max((low + high) / 2, half), width - half)
        yield Text("chart-note", middle, LINE_HEIGHT - 4, text, "middle")


def _label(row: _Row, room: float) -> Iterator[Mark]:
    first = row.top + (row.bottom - row.top - len(row.label) * LINE_HEIGHT) / 2 if room else row.top
    for number, line in enumerate(row.label):
        y = first + number * LINE_HEIGHT + LINE_HEIGHT - 4
        yield Text("chart-label", room - 10 if room else 0, y, line, "end" if room else "start")


def _bar(row: _Row, scale: Scale, zero: float) -> Iterator[Mark]:
    point, middle = row.point, row.bar_top + BAR / 2
    baseline = middle + lettering.SIZE * 0.36
    if point.value is None:
        yield Text("chart-value chart-empty", zero + 6, baseline, point.text or EMPTY)
        return
    end = scale.place(point.value)
    kind = "chart-bar chart-faint" if point.is_faint else "chart-bar"
    yield Rect(kind, min(zero, end), row.bar_top, abs(end - zero), BAR)
    furthest = max(end, zero)
    if point.low is not None and point.high is not None:
        low, high = scale.place(point.low), scale.place(point.high)
        yield from interval_across(low, high, middle)
        furthest = max(furthest, high)
    if point.text:
        yield Text("chart-value", furthest + 7, baseline, point.text)


def interval_across(low: float, high: float, y: float) -> Iterator[Mark]:
    """An interval from left to right, with a cap at each end."""
    yield Line("chart-interval-edge", low, y, high, y)
    yield Line("chart-interval", low, y, high, y)
    for x in (low, high):
        yield Line("chart-interval", x, y - CAP, x, y + CAP)
