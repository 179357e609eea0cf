"""What happens in the sample shop, in order of time; an event may plan later ones."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime

Happen = Callable[[], None]
Event = tuple[datetime, Happen]


class Agenda:
    """Events by their time; at the same time, in the order in which they were added."""

    def __init__(self) -> None:
        self._events: list[tuple[datetime, int, Happen]] = []
        self._count = 0

    def add(self, at: datetime, happen: Happen) -> None:
        """Let this happen then."""
        self._count += 1
        heapq.heappush(self._events, (at, self._count, happen))

    def until(self, end: datetime) -> Iterator[Event]:
        """Take out every event before that moment, those that are added meanwhile included."""
        while self._events and self._events[0][0] < end:
            at, _, happen = heapq.heappop(self._events)
            yield at, happen
