"""Reads LINE's sums of what customers did with the pushes of one aggregation unit. Pure.

LINE leaves a number out, or gives null, while fewer than twenty people did it, so that nobody can be recognised.
Source: https://developers.line.biz/en/reference/messaging-api/#get-statistics-per-unit
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

LONGEST_PERIOD = timedelta(days=30)
"""Between the first and the last day of one request."""


@dataclass(frozen=True, slots=True)
class UnitStatistics:
    """How many people opened a message, any address in it, and a video in it; None: LINE does not say."""

    opened: int | None = None
    clicked: int | None = None
    played: int | None = None


def read(body: str) -> UnitStatistics:
    """The sums in LINE's response; None for what is absent, null or no count."""
    try:
        overview = json.loads(body)["overview"]
    except (ValueError, TypeError, LookupError):
        return UnitStatistics()
    if not isinstance(overview, dict):
        return UnitStatistics()
    return UnitStatistics(
        *(_count(overview.get(name)) for name in ("uniqueImpression", "uniqueClick", "uniqueMediaPlayed"))
    )


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if is_count else None
