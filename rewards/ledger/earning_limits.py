"""Decides how often an action earns, and how the note of an entry that earned nothing says why. Pure."""

import re
from typing import NamedTuple

ORDER_REVERSED = "order taken back"
"""The order was no more when it came."""
PAST_LIMIT = "more than {most} a {period} of {action}"
_PAST_LIMIT = re.compile(r"\Amore than (\d{1,9}) a (day|month) of ")


class Limit(NamedTuple):
    """How often in a period an action earns."""

    most: int
    period: str
    """`day` or `month`."""


def limit_of(note: str) -> Limit | None:
    """The limit that such a note speaks of."""
    found = _PAST_LIMIT.match(note)
    return Limit(int(found[1]), found[2]) if found else None
