"""How many requests share one commit: all that wait when the turn to write has come.

A durable commit waits for the disk, and on SQLite before it for other processes. One thread writes for all, so that
whoever waits may do so without a thread.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")
Write = Callable[[Callable[[], list[T]]], object]


class GroupCommit(Generic[T]):
    """`write` is called by one thread, again and again while anybody waits. It opens a transaction, asks for the items
    of all who wait by then, and commits them."""

    def __init__(self, write: Write[T], *, most: int, outages: tuple[type[Exception], ...] = ()) -> None:
        """At most so many items go into one transaction, unless one request alone brings more. An error of `outages` is
        everybody's; after another one each request is written by itself, since it may be the fault of one."""
        self._write = write
        self._most = most
        self._outages = outages
        self._mutex = threading.Condition()
        self._waiting: deque[tuple[list[T], Future[None]]] = deque()
        self._thread: threading.Thread | None = None

    def submit(self, items: list[T]) -> "Future[None]":
        """Is done when these items are committed, or has the error for which they are not. Who waits no longer cancels
        it; what is just being written is written all the same."""
        future: Future[None] = Future()
        with self._mutex:
            self._waiting.append((items, future))
            self._mutex.notify()
            if self._thread is None:  # of this process: the one that imported this module may have forked
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
        except BaseException as error:  # the thread must go on: each error is handed to those it belongs to
            shares = shares or self._take()  # none yet: the transaction never began
            if len(shares) > 1 and not isinstance(error, self._outages):
                self._write_one_by_one(shares)
            else:
                _fail(shares, error)
        else:
            for _, future in shares:
                future.set_result(None)

    def _take(self) -> list[tuple[list[T], "Future[None]"]]:
        """Those who wait and have not gone away, oldest first."""
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
