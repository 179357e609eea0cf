"""How long a thread may wait for the database before it answers that it cannot be had.

LINE gives up after two seconds, and the web process has few threads: when the database is away, some of them must be
left to say so. Other processes have nobody waiting for them, and wait long.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Busy(Exception):
    """The database could not be had in the time there was."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long threads of one process wait, in seconds."""

    seconds: float
    few: int = 1_000
    """So many wait that long; beyond them, each waits `crowded_seconds`, and not at all once that was in vain."""
    crowded_seconds: float = 0


ALONE = Limits(15)
"""For processes in which nobody waits for an answer."""
WEB = Limits(1.5, few=4, crowded_seconds=0.4)
"""LINE waits two seconds; half of the web process's eight threads go on answering."""


class Patience:
    """The threads of this process that wait for the database; `outages` are the errors by which it says that it is
    away."""

    def __init__(self, limits: Limits, outages: tuple[type[Exception], ...] = ()) -> None:
        self._limits = limits
        self._outages: tuple[type[Exception], ...] = (Busy, *outages)
        self._mutex = threading.Lock()
        self._since: dict[int, float] = {}
        """By thread, when it began to wait; the longest first."""
        self._is_in_vain = False
        """So was the last wait."""
        self._own = threading.local()

    @property
    def seconds(self) -> float:
        """The longest wait."""
        return self._limits.seconds

    @contextmanager
    def deadline(self) -> Iterator[float]:
        """Wait inside until that `time.monotonic()` and no longer; inside another `deadline`, that one counts.

        Raises Busy at once when enough threads wait already for what is not to be had.
        """
        until: float | None = getattr(self._own, "until", None)
        if until is not None:
            yield until
            return
        self._own.until = self._begin()
        try:
            yield self._own.until
            self._is_in_vain = False
        except self._outages:
            self._is_in_vain = True
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
                if self._is_in_vain or longest > seconds:
                    raise Busy("the database cannot be had, and enough requests wait for it")
            self._since[threading.get_ident()] = now
        return now + seconds
