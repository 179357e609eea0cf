"""Limits on how often an action earns, and the notes of entries that earned nothing. Pure."""

import re
from typing import NamedTuple

ORDER_REVERSED = "order taken back"
"""The note of an entry whose order was reversed before it could earn."""
PAST_LIMIT = "more than {most} a {period} of {action}"
_PAST_LIMIT = re.compile(r"\Amore than (\d{1,9}) a (day|month) of ")


class Limit(NamedTuple):
    """How often an action earns in a period."""

    most: int
    period: str
    """`day` or `month`."""


def limit_of(note: str) -> Limit | None:
    """The limit that such a note names."""
    found = _PAST_LIMIT.match(note)
    return Limit(int(found[1]), found[2]) if found else None
