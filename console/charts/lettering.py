"""Text in a drawing: how wide it is, how it is broken or cut, and which labels fit without overlapping. Pure."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SIZE = 13.0
"""The size of the letters, in units of the drawing; `charts.css` has the same."""
LINE_HEIGHT = 17.0
_WIDE, _NARROW = 1.0, 0.58
"""Widths in sizes: of a Japanese letter, and of the widest digit or an average Latin letter."""
_ASCENT, _DESCENT = 0.85, 0.25


def width(text: str, size: float = SIZE) -> float:
    """How wide the text is at most."""
    return size * sum(_WIDE if unicodedata.east_asian_width(each) in "WFA" else _NARROW for each in text)


def cut(text: str, room: float, size: float = SIZE) -> str:
    """The text, cut with 「…」 where it is wider than the room."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def lines(text: str, room: float, most: int = 2, size: float = SIZE) -> list[str]:
    """The text in so many lines at most, broken at a space where there is one; the last is cut."""
    found: list[str] = []
    while text and len(found) < most - 1 and width(text, size) > room:
        fits = next((count for count in range(len(text), 0, -1) if width(text[:count], size) <= room), 1)
        space = text.rfind(" ", 0, fits + 1)
        end = space if space > 0 else fits
        found.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*found, cut(text, room, size)] if text else found


@dataclass(frozen=True, slots=True)
class Box:
    """The place that a text covers."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether both cover some place; edges may touch."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box(text: str, x: float, y: float, anchor: str = "start", size: float = SIZE) -> Box:
    """The box of a text written with its baseline at that place."""
    wide = width(text, size)
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
    return Box(left, y - size * _ASCENT, left + wide, y + size * _DESCENT)


@dataclass(slots=True)
class Taken:
    """The places in a drawing that texts cover already."""

    boxes: list[Box] = field(default_factory=list)

    def take(self, wanted: Box) -> bool:
        """Cover that place if it is free; False where something is there."""
        if any(wanted.overlaps(each) for each in self.boxes):
            return False
        self.boxes.append(wanted)
        return True


def every(widths: Sequence[float], step: float, gap: float = 4.0) -> int:
    """Of labels centred a step apart, each how-manieth can be written so that none overlap; 1 for all."""
    widest = max(widths, default=0.0) + gap
    return max(1, -int(-widest // step)) if step > 0 else 1


def spread(wanted: Iterable[float], distance: float, low: float, high: float) -> list[float]:
    """Places near the wanted ones, in the same order, at least that far apart and within the range where it is long
    enough. The wanted ones ascend."""
    placed: list[float] = []
    for each in wanted:
        placed.append(max(each, low, placed[-1] + distance if placed else low))
    limit = high
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - distance
    return placed
