"""Lets threads and processes take SQLite's single write lock in turn.

SQLite lets those that wait for its lock sleep and try again, so a process that writes one transaction after
the other is always first. Here the next writer is settled while the current one still writes, and the one
that has just written finds that place taken. This is about fairness only: SQLite's own lock protects the
data. So nothing is lost where the file cannot be locked, and a process that is killed leaves nothing behind.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import peewee

from bot.db.database_wait import Busy, Patience

TRY_AGAIN_SECONDS = 0.001
"""Between two tries of the one process that is next. SQLite's own pauses grow to a tenth of a second."""
FILE_SUFFIX = "-turn"


class ThreadsInTurn:
    """A lock that no thread takes twice while another waits for it."""

    def __init__(self) -> None:
        self._next = threading.Lock()
        self._writer = threading.Lock()

    @contextmanager
    def turn(self, until: float) -> Iterator[None]:
        """Hold the lock; raises Busy when it is not available until that `time.monotonic()`."""
        _take(self._next, until)
        try:
            _take(self._writer, until)
        finally:
            self._next.release()
        try:
            yield
        finally:
            self._writer.release()


def _take(lock: threading.Lock, until: float) -> None:
    if not lock.acquire(timeout=max(0, until - time.monotonic())):
        raise Busy("another thread writes for too long")


class ProcessesInTurn:
    """The place of the process that writes next, as a lock on a file beside the database: the system releases
    it when the process ends, however it ends."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None
        self._is_possible = True

    @contextmanager
    def next_place(self, until: float) -> Iterator[None]:
        """Hold the place; goes on without it where files cannot be locked or the time is over."""
        held = self._take(until)
        try:
            yield
        finally:
            if held and self._file is not None:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _take(self, until: float) -> bool:
        while self._is_possible:
            try:
                if self._file is None:
                    self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() > until:
                    return False
                time.sleep(TRY_AGAIN_SECONDS)
            except OSError:
                self._is_possible = False
        return False


class SqliteInTurn(peewee.SqliteDatabase):
    """SQLite whose `IMMEDIATE` transactions begin in turn."""

    def __init__(self, path: str, patience: Patience, seconds: float, **options: Any) -> None:
        """`seconds` is how long a reading statement may wait."""
        super().__init__(path, timeout=seconds, **options)
        self._patience = patience
        self._read_milliseconds = int(seconds * 1000)
        self._processes = ProcessesInTurn(path + FILE_SUFFIX)

    def begin(self, lock_type: str | None = None) -> None:
        """Take the write lock; raises Busy when it is not available in the time there is."""
        if lock_type != "IMMEDIATE":
            super().begin(lock_type)
            return
        connection: sqlite3.Connection = self.connection()  # type: ignore[no-untyped-call]
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            with self._patience.deadline() as until, self._processes.next_place(until):
                while not _begun(connection):
                    if time.monotonic() > until:
                        raise Busy("another process writes for too long")
                    time.sleep(TRY_AGAIN_SECONDS)
        finally:
            with suppress(sqlite3.Error):
                connection.execute(f"PRAGMA busy_timeout = {self._read_milliseconds}")

    def close_lock_file(self) -> None:
        """Close the lock's file, since another database replaces this one."""
        self._processes.close()


def _begun(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise peewee.OperationalError(*error.args) from error
        return False
    return True
