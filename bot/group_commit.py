"""How many requests share one commit: all that wait when their turn to write has come.

On SQLite a durable commit waits for the disk, and before it for other processes; one thread writes for all that wait.
PostgreSQL does this by itself.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from bot.patience import Busy

T = TypeVar("T")


class NotWritten(Exception):
    """The thread that was to write for others ended before it did."""


class _Share(Generic[T]):
    def __init__(self, items: Sequence[T]) -> None:
        self.items = items
        self.done = False
        self.leads = False
        self.error: Exception | None = (
            NotWritten()
        )  # until it is: a leader torn away must not look like success
        self.turn = threading.Lock()
        """Opened when it is written, or when it is its turn to write for all who wait: nobody sleeps longer."""
        self.turn.acquire()


class GroupCommit(Generic[T]):
    """Inside `transaction`, one at a time, `write` is called with the items of all who wait by then."""

    def __init__(
        self, transaction: Callable[[], AbstractContextManager[None]], write: Callable[[Sequence[T]], object]
    ) -> None:
        self._transaction = transaction
        self._write = write
        self._gather = threading.Lock()
        self._waiting: list[_Share[T]] = []
        self._is_led = False

    def submit(self, items: Sequence[T], until: float) -> None:
        """Return when these items are committed; raise what their transaction or their write raised.

        Busy when that `time.monotonic()` is over while another thread leads. Of items that were just being written
        then, nobody knows: they may be stored yet.
        """
        own = _Share(items)
        with self._gather:
            self._waiting.append(own)
            own.leads, self._is_led = not self._is_led, True
        if not own.leads and not own.turn.acquire(timeout=max(0, until - time.monotonic())):
            self._give_up(own)
        if own.leads and not own.done:
            self._lead(own)
        if own.error:
            raise own.error

    def _give_up(self, own: _Share[T]) -> None:
        with self._gather:
            if own.leads or own.done:  # just now
                return
            if own in self._waiting:
                self._waiting.remove(own)
        raise Busy("what others write takes too long")

    def _lead(self, own: _Share[T]) -> None:
        shares = [own]
        try:
            with self._transaction():
                shares = self._everybody_waiting()
                self._write([item for share in shares for item in share.items])
        except Exception as error:
            self._write_one_by_one(shares, error)
        else:
            for share in shares:
                share.error = None
        finally:
            with self._gather:
                if own in self._waiting:  # its transaction never began
                    self._waiting.remove(own)
                self._is_led = bool(self._waiting)
                next_to_lead = self._waiting[:1]
                for share in next_to_lead:
                    share.leads = True
                for share in shares:
                    share.done = True
            for share in (*shares, *next_to_lead):
                if share is not own:
                    share.turn.release()

    def _everybody_waiting(self) -> list[_Share[T]]:
        with self._gather:
            shares, self._waiting = self._waiting, []
        return shares

    def _write_one_by_one(self, shares: list[_Share[T]], first: Exception) -> None:
        """One bad share must not cost the others theirs."""
        if len(shares) == 1:
            shares[0].error = first
            return
        for share in shares:
            try:
                with self._transaction():
                    self._write(share.items)
                share.error = None
            except Exception as error:  # handed to the thread it belongs to
                share.error = error
