"""Decides how often an action earns, and how the note of an entry that earned nothing says why. Pure."""

import re
from typing import NamedTuple, Protocol

ORDER_REVERSED = "order taken back"
"""The order was no more when it came."""
_PAST_LIMIT = re.compile(r"\Amore than (\d{1,9}) a (day|month) of ")


class Limits(Protocol):
    """How often each action earns; None is without limit."""

    def most(self, action: str, period: str) -> int | None: ...


class Limit(NamedTuple):
    """How often in a period an action earns."""

    most: int
    period: str
    """`day` or `month`."""


def past_limit(action: str, today_count: int, month_count: int, limits: Limits) -> str:
    """Why the action earns no more today or this month; empty when it does."""
    for period, count in (("day", today_count), ("month", month_count)):
        most = limits.most(action, period)
        if most is not None and count >= most:
            return f"more than {most} a {period} of {action}"
    return ""


def limit_of(note: str) -> Limit | None:
    """The limit that such a note speaks of."""
    found = _PAST_LIMIT.match(note)
    return Limit(int(found[1]), found[2]) if found else None
