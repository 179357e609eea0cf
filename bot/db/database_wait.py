"""Limits how long a thread waits for the database before it reports that it is unavailable.

LINE gives up after two seconds, and the web process has few threads: while the database is away, some of them
must be free to answer so. The other processes have no one waiting for an answer, and wait longer.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Busy(Exception):
    """The database was not available in the time there was."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long threads of one process wait, in seconds."""

    seconds: float
    few: int = 1_000
    """How many may wait that long; further ones wait `crowded_seconds`, and not at all once a wait has
    failed."""
    crowded_seconds: float = 0


ALONE = Limits(15)
"""For processes whose answer nobody waits for."""
WEB = Limits(1.5, few=4, crowded_seconds=0.4)
"""LINE waits two seconds; half of the web process's eight threads stay free to answer."""


class Patience:
    """Counts the threads of this process that wait for the database; `outages` are the errors that mean it is
    away."""

    def __init__(self, limits: Limits, outages: tuple[type[Exception], ...] = ()) -> None:
        self._limits = limits
        self._outages: tuple[type[Exception], ...] = (Busy, *outages)
        self._mutex = threading.Lock()
        self._since: dict[int, float] = {}
        """When each waiting thread began to wait; the longest first."""
        self._last_wait_failed = False
        """Whether the last wait failed."""
        self._own = threading.local()

    @property
    def seconds(self) -> float:
        """The longest wait, in seconds."""
        return self._limits.seconds

    @contextmanager
    def deadline(self) -> Iterator[float]:
        """Yields the `time.monotonic()` until which the block may wait; inside another `deadline`, that one
        counts.

        Raises Busy at once when enough threads wait already for a database that is unavailable.
        """
        until: float | None = getattr(self._own, "until", None)
        if until is not None:
            yield until
            return
        self._own.until = self._begin()
        try:
            yield self._own.until
            self._last_wait_failed = False
        except self._outages:
            self._last_wait_failed = True
            raise
        finally:
            self._own.until = None
            with self._mutex:
                del self._since[threading.get_ident()]

    def _begin(self) -> float:
        now, limits = time.monotonic(), self._limits
        with self._mutex:
            seconds = limits.seconds
            if len(self._since) >= limits.few:
                longest = now - next(iter(self._since.values()))
                seconds = limits.crowded_seconds
                if self._last_wait_failed or longest > seconds:
                    raise Busy("the database cannot be had, and enough requests wait for it")
            self._since[threading.get_ident()] = now
        return now + seconds
