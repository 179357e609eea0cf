"""Injects faults into API calls for tests and demonstrations: delays, errors, hangs, lost answers."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from enum import StrEnum

ANY = "*"


class FaultKind(StrEnum):
    """What goes wrong with a call."""

    ERROR = "error"
    """Answers 500, and does nothing."""
    RATE_LIMIT = "rate_limit"
    """Answers 429 (rate limit), and does nothing."""
    HANG = "hang"
    """Waits for some seconds, then does its work and answers."""
    DROP = "drop"
    """Does its work, then closes the connection without an answer."""
    PREPARING = "preparing"
    """Content calls only: answers 202, not ready yet."""


@dataclass(frozen=True)
class Fault:
    """A fault that waits for a call."""

    kind: FaultKind
    seconds: float = 0.0


class Faults:
    """The faults to come. An endpoint is named by its last word: push, reply, multicast, profile, content …"""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)
        self.latency_seconds = 0.0
        """Seconds added to every call."""

    def inject(self, endpoint: str, kind: FaultKind, *, times: int = 1, seconds: float = 0.0) -> None:
        """The next `times` calls of `endpoint` (`"*"`: of any) meet this fault, after those injected before."""
        with self._lock:
            self._waiting[endpoint].extend([Fault(kind, seconds)] * times)

    def take(self, endpoint: str) -> Fault | None:
        with self._lock:
            for name in (endpoint, ANY):
                if self._waiting[name]:
                    return self._waiting[name].popleft()
        return None

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
            self.latency_seconds = 0.0
