"""Lets many requests share one commit: all that are waiting when the write lock is taken.

A durable commit waits for the disk, and on SQLite for other processes before that. One thread writes for all,
so that requests can wait without a thread.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")
Write = Callable[[Callable[[], list[T]]], object]


class GroupCommit(Generic[T]):
    """Calls `write` from one thread, again and again while requests wait. `write` opens a transaction, asks
    for the items of all that wait by then, and commits them."""

    def __init__(self, write: Write[T], *, most: int, outages: tuple[type[Exception], ...] = ()) -> None:
        """At most `most` items go into one transaction, unless a single request brings more. An error of
        `outages` is passed to all requests; after any other each request is written by itself, since one of
        them may have caused it."""
        self._write = write
        self._most = most
        self._outages = outages
        self._mutex = threading.Condition()
        self._waiting: deque[tuple[list[T], Future[None]]] = deque()
        self._thread: threading.Thread | None = None

    def submit(self, items: list[T]) -> "Future[None]":
        """A future that is done when these items are committed, or has the error for which they are not.
        Cancelling it does not stop what is already being written."""
        future: Future[None] = Future()
        with self._mutex:
            self._waiting.append((items, future))
            self._mutex.notify()
            if self._thread is None:  # started here, since the process may have forked after the import
                self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._thread.start()
        return future

    def _run(self) -> None:
        while True:
            with self._mutex:
                self._mutex.wait_for(lambda: self._waiting)
            self._write_waiting()

    def _write_waiting(self) -> None:
        shares: list[tuple[list[T], Future[None]]] = []

        def everything() -> list[T]:
            shares.extend(self._take())
            return [item for items, _ in shares for item in items]

        try:
            self._write(everything)
        except BaseException as error:  # the thread must go on; each error goes to its requests
            shares = shares or self._take()  # none yet: the transaction never began
            if len(shares) > 1 and not isinstance(error, self._outages):
                self._write_one_by_one(shares)
            else:
                _fail(shares, error)
        else:
            for _, future in shares:
                future.set_result(None)

    def _take(self) -> list[tuple[list[T], "Future[None]"]]:
        """The requests that wait and were not cancelled, oldest first."""
        taken: list[tuple[list[T], Future[None]]] = []
        count = 0
        with self._mutex:
            while self._waiting and (not taken or count + len(self._waiting[0][0]) <= self._most):
                items, future = self._waiting.popleft()
                if future.set_running_or_notify_cancel():
                    taken.append((items, future))
                    count += len(items)
        return taken

    def _write_one_by_one(self, shares: list[tuple[list[T], "Future[None]"]]) -> None:
        for items, future in shares:
            try:
                self._write(lambda items=items: items)  # type: ignore[misc]
                future.set_result(None)
            except BaseException as error:
                future.set_exception(error)


def _fail(shares: list[tuple[list[T], "Future[None]"]], error: BaseException) -> None:
    for _, future in shares:
        future.set_exception(error)
