"""What there is to do, and in which order: by the yen at stake. Pure.

The to-dos themselves are found by the functions of `to_dos.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MOST = 5
"""So many are shown; more are not read in a morning."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do today."""

    key: str
    """Unique among those of one day, such as `late-promises` or `campaign:3`."""
    sentence: str
    href: str
    """Where it is done."""
    yen_at_stake: int
    """What may be lost or gained, in yen; 0 where nothing is known."""
    estimate: str
    """How the yen were estimated, in words."""
    deadline: date | None = None
    """The last day on which it helps; None without one."""
    comes_first: bool = False
    """Somebody's life or health, which is not weighed in yen."""


def ranked(found: Iterable[ToDo], most: int = MOST) -> list[ToDo]:
    """The most important so many: danger to people first, then by yen, the most first; among equals the nearest
    deadline first."""
    return sorted(found, key=_importance)[:most]


def _importance(each: ToDo) -> tuple[bool, int, date, str]:
    return not each.comes_first, -each.yen_at_stake, each.deadline or date.max, each.key
