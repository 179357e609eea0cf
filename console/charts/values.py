"""What a chart shows. Pages make these values; `console/_chart.html` draws them, each with its table of data.

Texts are those of the reader's language, already formatted. A value of None is an empty place ("too few", "has not
happened yet"), never a zero. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What the values of a chart are, for its axis."""

    NUMBER = "number"
    YEN = "yen"
    SHARE = "share"
    """From 0 to 1, shown in per cent."""
    SCORE = "score"
    """From -100 to 100; the axis shows all of it."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its label; `low` and `high` are the ends of its interval."""

    label: str
    value: float | None
    text: str = ""
    """The value as it is written beside the mark; empty for a dash."""
    low: float | None = None
    high: float | None = None
    is_faint: bool = False
    """Rests on too few, or its time is not over yet."""
    href: str = ""
    """The list of those in it."""
    note: str = ""
    """Written in the table beside the value."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, one below the other; for groups, funnels and stages."""

    title: str
    points: Sequence[Point]
    label_heading: str
    value_heading: str
    goal: tuple[float, float] | None = None
    """A range to reach, drawn as a band; a line where both ends are the same."""
    goal_text: str = ""
    measure: Measure = Measure.NUMBER


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns over time or over classes, side by side; with `is_line` a line with dots, for scores and rates."""

    title: str
    points: Sequence[Point]
    label_heading: str
    value_heading: str
    is_line: bool = False
    compared: Sequence[Point] = ()
    """The same places of another time, such as last year, drawn as outlines behind."""
    compared_heading: str = ""
    goal: tuple[float, float] | None = None
    goal_text: str = ""
    measure: Measure = Measure.NUMBER


@dataclass(frozen=True, slots=True)
class Series:
    """One of several parts that are stacked."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Stacked:
    """Parts of a whole over time; all series have the same labels. Parts are told apart by pattern and label, not by
    colour alone."""

    title: str
    series: Sequence[Series]
    """The first is drawn at the bottom."""
    label_heading: str
    measure: Measure = Measure.NUMBER


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose cells are shaded by their value: cohort triangles, moves from and to."""

    title: str
    row_heading: str
    column_labels: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Point]]]
    """The label of each row and its cells; a Point with value None is left empty."""
    corner: str = ""


Chart = Bars | Columns | Stacked | Grid
