"""What a chart is drawn with: marks with their place in the drawing. `console/_chart.html` prints them as SVG. Pure.

Lengths are units of the drawing, about a pixel each; y grows downwards. How a mark is painted is its `kind`: a class
of `console/static/charts.css`, so that dark mode, print and the policy on inline styles are served alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; `pattern` is the number of the pattern it is filled with, over its paint."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    pattern: int | None = None
    shape: str = "rect"


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float
    shape: str = "line"


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot."""

    kind: str
    x: float
    y: float
    radius: float
    shape: str = "dot"


@dataclass(frozen=True, slots=True)
class Path:
    """Lines from each place to the next."""

    kind: str
    places: Sequence[tuple[float, float]]
    shape: str = "path"

    @property
    def written(self) -> str:
        """As SVG writes it."""
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in self.places)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text at its baseline; `anchor` is start, middle or end."""

    kind: str
    x: float
    y: float
    text: str
    anchor: str = "start"
    shape: str = "text"


Mark = Rect | Line | Dot | Path | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of that size; later marks lie over earlier ones."""

    width: float
    height: float
    marks: Sequence[Mark]
