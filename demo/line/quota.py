"""Counts the messages of a month: one for each person reached by a push or multicast."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

JAPAN = timedelta(hours=9)


def month_of(epoch_seconds: float) -> str:
    """The month in Japan, where LINE's plans are counted, as 2026-03."""
    return (datetime.fromtimestamp(epoch_seconds, UTC) + JAPAN).strftime("%Y-%m")


@dataclass
class Quota:
    """The channel's monthly quota of messages."""

    limit: int | None = None
    """Messages a month; None when the plan has no limit."""
    _used: Counter[str] = field(default_factory=Counter)

    def used(self, now: float) -> int:
        return self._used[month_of(now)]

    def allows(self, count: int, now: float) -> bool:
        return self.limit is None or self.used(now) + count <= self.limit

    def count(self, count: int, now: float) -> None:
        self._used[month_of(now)] += count
