"""Decides how many requests share one commit: those that arrive while the last commit was being written.

On SQLite a durable commit waits for the disk; one thread writes for all that wait. PostgreSQL does this by itself.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class NotWritten(Exception):
    """The thread that was to write for others ended before it did."""


class _Share(Generic[T]):
    def __init__(self, items: Sequence[T]) -> None:
        self.items = items
        self.done = False
        self.error: Exception | None = None
        self.turn = threading.Lock()
        """Opened when it is written, or when it is its turn to write for all who wait: nobody sleeps longer."""
        self.turn.acquire()


class GroupCommit(Generic[T]):
    """`write` is called with the items of all who wait, one call at a time, and commits them."""

    def __init__(self, write: Callable[[Sequence[T]], object]) -> None:
        self._write = write
        self._gather = threading.Lock()
        self._waiting: list[_Share[T]] = []
        self._is_led = False

    def submit(self, items: Sequence[T]) -> None:
        """Return when these items are committed; raise what their write raised."""
        own = _Share(items)
        with self._gather:
            self._waiting.append(own)
            follows, self._is_led = self._is_led, True
        if follows:
            own.turn.acquire()
        if not own.done:
            self._lead()
        if own.error:
            raise own.error

    def _lead(self) -> None:
        with self._gather:
            shares, self._waiting = self._waiting, []
        for share in shares:
            share.error = NotWritten()  # until it is: a leader torn away must not look like success
            share.done = True
        try:
            self._write([item for share in shares for item in share.items])
        except Exception as error:
            self._write_one_by_one(shares, error)
        else:
            for share in shares:
                share.error = None
        finally:
            with self._gather:
                self._is_led = bool(self._waiting)
                next_to_lead = self._waiting[:1]
            for share in (*shares, *next_to_lead):
                share.turn.release()

    def _write_one_by_one(self, shares: list[_Share[T]], first: Exception) -> None:
        """One bad share must not cost the others theirs."""
        if len(shares) == 1:
            shares[0].error = first
            return
        for share in shares:
            try:
                self._write(share.items)
                share.error = None
            except Exception as error:  # handed to the thread it belongs to
                share.error = error
