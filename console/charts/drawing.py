"""Draws any chart in the two widths that the page chooses from by the room it has (`console/_chart.html`). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.charts import bars, columns, stacked
from console.charts.marks import Drawing
from console.charts.values import Bars, Columns, Point, Stacked

WIDE, NARROW = 640.0, 320.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart's drawings, and what its label and its key say."""

    wide: Drawing
    narrow: Drawing
    first: Point | None
    last: Point | None
    highest: Point | None
    lowest: Point | None
    has_interval: bool
    has_faint: bool


def draw(chart: Bars | Columns | Stacked, *, in_english: bool) -> Drawn:
    """The chart in both widths."""
    points = _points(chart)
    there = [each for each in points if each.value is not None]
    sure = [each for each in there if not each.is_faint] or there
    return Drawn(
        wide=_drawing(chart, WIDE, in_english=in_english),
        narrow=_drawing(chart, NARROW, in_english=in_english),
        first=there[0] if there else None,
        last=there[-1] if there else None,
        highest=max(sure, key=lambda each: each.value or 0.0, default=None),
        lowest=min(sure, key=lambda each: each.value or 0.0, default=None),
        has_interval=any(each.low is not None and each.high is not None for each in there),
        has_faint=any(each.is_faint for each in there),
    )


def _points(chart: Bars | Columns | Stacked) -> Sequence[Point]:
    if not isinstance(chart, Stacked):
        return chart.points
    return [each.points[-1] for each in chart.series if each.points]


def _drawing(chart: Bars | Columns | Stacked, width: float, *, in_english: bool) -> Drawing:
    match chart:
        case Bars():
            return bars.draw(chart, width)
        case Columns():
            return columns.draw(chart, width, in_english=in_english)
        case Stacked():
            return stacked.draw(chart, width, in_english=in_english)
