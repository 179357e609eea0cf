"""Limits on how often an action earns, and the notes of entries that earned nothing. Pure."""

import re
from typing import NamedTuple, Protocol

ORDER_REVERSED = "order taken back"
"""The note of an entry whose order was reversed before it could earn."""
_PAST_LIMIT = re.compile(r"\Amore than (\d{1,9}) a (day|month) of ")


class Limits(Protocol):
    """How often each action earns; None is unlimited."""

    def most_a_day(self, action: str) -> int | None: ...
    def most_a_month(self, action: str) -> int | None: ...


class Limit(NamedTuple):
    """How often an action earns in a period."""

    most: int
    period: str
    """`day` or `month`."""


def past_limit(action: str, today_count: int, month_count: int, limits: Limits) -> str:
    """Why the action earns no more today or this month; empty when it does."""
    for period, most, count in (
        ("day", limits.most_a_day(action), today_count),
        ("month", limits.most_a_month(action), month_count),
    ):
        if most is not None and count >= most:
            return f"more than {most} a {period} of {action}"
    return ""


def limit_of(note: str) -> Limit | None:
    """The limit that such a note names."""
    found = _PAST_LIMIT.match(note)
    return Limit(int(found[1]), found[2]) if found else None
