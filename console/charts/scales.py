"""Axes: from values to places in the drawing, round steps, and how a step is written. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from console.charts.values import Measure

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
MAN = 10_000
OKU = 100_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """Places values from `low` to `high` between two places of the drawing; what lies outside is put on the edge."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """The place of that value."""
        if self.high == self.low:
            return self.start
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def step(span: float, most: int = 5) -> float:
    """The smallest round step (1, 2, 2.5 or 5 times a power of ten) that divides the span into at most so many."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    least = span / most
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * each for each in _ROUND if power * each >= least * (1 - 1e-9))


def ticks(low: float, high: float, measure: Measure = Measure.NUMBER, most: int = 5) -> list[float]:
    """Round values from at or below the lowest to at or above the highest; zero is one of them where it lies between.

    Of a score always -100 to 100; of what is counted no step below one.
    """
    if measure is Measure.SCORE:
        return [-100.0, -50.0, 0.0, 50.0, 100.0]
    by = step(high - low, most)
    if measure in (Measure.NUMBER, Measure.YEN):
        by = max(by, 1.0) if high - low >= 1 or measure is Measure.YEN else by
    first, last = math.floor(low / by + 1e-9), math.ceil(high / by - 1e-9)
    return [round(each * by, 10) for each in range(first, max(last, first + 1) + 1)]


def span(values: Iterable[float | None], measure: Measure = Measure.NUMBER) -> tuple[float, float]:
    """The range an axis shows for these values: from zero, except below it. A share's ends at 1 at most."""
    if measure is Measure.SCORE:
        return -100.0, 100.0
    found = [each for each in values if each is not None and math.isfinite(each)]
    low, high = min([0.0, *found]), max([0.0, *found])
    return (low, high) if high > low else (0.0, 1.0)


def tick_text(value: float, by: float, measure: Measure, *, in_english: bool) -> str:
    """A step of the axis as it is written: 「5万」 or 50k, 20 %, +50."""
    if measure is Measure.SHARE:
        return f"{_plain(value * 100, by * 100)}%"
    if measure is Measure.SCORE:
        return f"{value:+.0f}" if value else "0"
    sign = "¥" if measure is Measure.YEN else ""
    minus = "-" if value < 0 else ""
    return f"{minus}{sign}{_short(abs(value), by, in_english=in_english)}"


def _short(value: float, by: float, *, in_english: bool) -> str:
    units = ((1_000_000, "M"), (1_000, "k")) if in_english else ((OKU, "億"), (MAN, "万"))
    for size, name in units:
        if value >= size:
            return f"{_plain(value / size, by / size)}{name}"
    return _plain(value, by)


def _plain(value: float, by: float) -> str:
    """With as many decimals as the step needs, and no zeros at the end."""
    needed = next((count for count in range(4) if math.isclose(by * 10**count, round(by * 10**count))), 4)
    written = f"{value:,.{needed}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
