"""Counts what people did with the pushes and multicasts of each aggregation unit, and answers with LINE's sums.

In the demo, whoever a message reaches opens it; an address is opened when somebody taps it (`Handset`).
Source: https://developers.line.biz/en/docs/messaging-api/unit-based-statistics-aggregation/
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from demo.line.quota import JAPAN, month_of

NAME = re.compile(r"\A[A-Za-z0-9_]{1,30}\Z")
MOST_A_MONTH = 1_000
FEWEST = 20
"""Fewer people than that give null."""
MOST_CALLS_AN_HOUR = 60
LONGEST_PERIOD = timedelta(days=30)


@dataclass
class _Sends:
    """One day's sends of a unit."""

    message_counts: list[int] = field(default_factory=list)
    openers: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    taps: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By address and person."""


class Units:
    """The units of a channel; the channel's lock guards it."""

    def __init__(self) -> None:
        self._sends: dict[str, dict[date, _Sends]] = defaultdict(dict)
        self._names: dict[str, list[str]] = defaultdict(list)
        """By month, in the order of their first use."""
        self._asked_at: list[float] = []

    def admits(self, unit: str, now: float) -> bool:
        """Whether a send may carry the unit: known this month, or the month has room for another."""
        names = self._names[month_of(now)]
        return unit in names or len(names) < MOST_A_MONTH

    def count(self, unit: str, people: Sequence[str], messages: Sequence[dict[str, Any]], now: float) -> None:
        """Count a send to these people, by their user ids."""
        names = self._names[month_of(now)]
        if unit not in names:
            names.append(unit)
        sends = self._sends[unit].setdefault(_day_of(now), _Sends())
        sends.message_counts.append(len(messages))
        sends.openers.update(people)
        sends.urls.update(_urls(messages))

    def opened(self, person: str, url: str) -> None:
        """Count that somebody tapped an address: for the newest send to them with it."""
        for unit in reversed(self._sends.values()):
            for sends in reversed(unit.values()):
                if url in sends.urls and person in sends.openers:
                    sends.taps[url, person] += 1
                    return

    def names(self, now: float) -> list[str]:
        """The names used this month."""
        return list(self._names[month_of(now)])

    def may_be_asked(self, now: float) -> bool:
        """Whether LINE answers one more question for sums in this hour; counts it."""
        self._asked_at = [at for at in self._asked_at if now - at < 3600]
        if len(self._asked_at) >= MOST_CALLS_AN_HOUR:
            return False
        self._asked_at.append(now)
        return True

    def statistics(self, unit: str, first: date, last: date) -> dict[str, Any]:
        """LINE's response about the sends of these days."""
        days = [sends for day, sends in self._sends.get(unit, {}).items() if first <= day <= last]
        openers = set().union(*(sends.openers for sends in days))
        taps: Counter[tuple[str, str]] = sum((sends.taps for sends in days), Counter())
        tappers = {person for _, person in taps}
        longest = max((count for sends in days for count in sends.message_counts), default=0)
        overview = {
            "uniqueImpression": _or_null(len(openers)),
            "uniqueClick": _or_null(len(tappers)),
            "uniqueMediaPlayed": None,
            "uniqueMediaPlayed100Percent": None,
        }
        messages = [{"seq": number + 1, "impression": _or_null(len(openers))} for number in range(longest)]
        clicks = []
        for number, url in enumerate(sorted(set().union(*(sends.urls for sends in days)))):
            of_url = {person: count for (tapped, person), count in taps.items() if tapped == url}
            clicks.append(
                {
                    "seq": number + 1,
                    "url": url,
                    "click": _or_null(sum(of_url.values()), people=len(of_url)),
                    "uniqueClick": _or_null(len(of_url)),
                    "uniqueClickOfRequest": _or_null(len(of_url)),
                }
            )
        return {"overview": overview, "messages": messages, "clicks": clicks}


def _day_of(now: float) -> date:
    return (datetime.fromtimestamp(now, UTC) + JAPAN).date()


def _or_null(count: int, people: int | None = None) -> int | None:
    return count if (count if people is None else people) >= FEWEST else None


def _urls(part: Any) -> Iterator[str]:
    """Every address that a tap on a part of a message opens."""
    if isinstance(part, list):
        for item in part:
            yield from _urls(item)
    elif isinstance(part, dict):
        if part.get("type") == "uri" and isinstance(part.get("uri"), str):
            yield part["uri"]
        for item in part.values():
            yield from _urls(item)
