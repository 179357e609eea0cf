"""The shades of a grid's cells: from the lowest to the highest value in steps of equal size. Pure."""

from collections.abc import Iterable, Sequence

from console.charts.values import Grid

SHADES = 6


def shade(value: float | None, low: float, high: float) -> int:
    """From 0 (none) to `SHADES`; the lowest value has 1."""
    if value is None:
        return 0
    if high <= low:
        return 1
    return 1 + min(int((value - low) / (high - low) * SHADES), SHADES - 1)


def of_grid(grid: Grid) -> list[list[int]]:
    """The shade of each cell, row by row. What is too few to read has none."""
    values = [each.value for _, cells in grid.rows for each in cells if not each.is_faint]
    low, high = _range(values)
    return [
        [0 if each.is_faint else shade(each.value, low, high) for each in cells] for _, cells in grid.rows
    ]


def _range(values: Iterable[float | None]) -> tuple[float, float]:
    found: Sequence[float] = [each for each in values if each is not None]
    return (min(found), max(found)) if found else (0.0, 0.0)
