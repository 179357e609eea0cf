"""Which processes hold leases on unsent messages, and which of those are dead.

Each worker has a row with a name that never comes again (process ids do, in containers above all). It counts up in
that row, and holds a lock on a file that its kernel opens when it dies, however it dies:

- Where the lock can be seen, on the same machine in the same DATA_DIR, a free lock is a dead process, at once.
- Elsewhere a process is dead when its count has not moved for `DEAD_AFTER` of the observer's own time. No clock is
  compared with another's, so none can jump, and nothing hangs on a database connection.

A process that could not count for `SURE_FOR` stops sending before anybody can think it dead.
"""

import fcntl
import os
import time
import uuid
from contextlib import suppress
from pathlib import Path

import peewee

from bot.config import settings
from bot.db import database
from bot.db.database import Model, write_transaction

SURE_FOR, DEAD_AFTER = 10.0, 15.0
STALLED_AFTER = 60.0
"""Seconds. One whose lock is held and whose count stands still this long is alive and does nothing."""


class WorkerProcess(Model):
    """A worker that runs, or died without leaving."""

    key = peewee.CharField(unique=True)
    machine = peewee.CharField()
    """The same for all processes of one running kernel."""
    beat_count = peewee.IntegerField()


class Presence:
    """This process among those that hold leases. Before `enter` it is nobody, and holds leases all the same."""

    def __init__(self) -> None:
        self.key = uuid.uuid4().hex
        self._lock: int | None = None
        self._beat_at = float("inf")
        self._seen: dict[str, tuple[int, float]] = {}
        """Of every other process its last count, and since when it has stood there."""

    def enter(self) -> None:
        """Take a new name and lock, and let the others see them."""
        self._release()
        self.key = uuid.uuid4().hex
        self._lock = _locked(_lock_file(self.key))
        with write_transaction():
            WorkerProcess.create(key=self.key, machine=_machine(), beat_count=0)
        self._beat_at = time.monotonic()

    def beat(self) -> bool:
        """Count up. False when another process has taken this one for dead: its leases are gone."""
        begun = time.monotonic()
        with write_transaction():
            counted = database.execute(
                "UPDATE worker_process SET beat_count = beat_count + 1 WHERE key = ?", self.key
            )
        if counted.rowcount == 1:
            self._beat_at = begun
        return bool(counted.rowcount == 1)

    def is_sure(self) -> bool:
        """Whether no other process can think this one dead."""
        return time.monotonic() - self._beat_at < SURE_FOR

    def bury_the_dead(self) -> None:
        """Remove processes that are dead: their leases are anybody's from now on."""
        others = list(WorkerProcess.select().where(WorkerProcess.key != self.key))
        dead = [each for each in others if self._is_dead(each)]
        self._seen = {each.key: self._seen[each.key] for each in others if each not in dead}
        if not dead:
            return
        with write_transaction():
            WorkerProcess.delete().where(WorkerProcess.key.in_([each.key for each in dead])).execute()
        for each in dead:
            _remove(_lock_file(each.key))

    def leave(self) -> None:
        """This process holds no lease any more."""
        with write_transaction():
            WorkerProcess.delete().where(WorkerProcess.key == self.key).execute()
        self._release()

    def _is_dead(self, other: WorkerProcess) -> bool:
        now = time.monotonic()
        count, since = self._seen.get(other.key, (-1, now))
        if count != other.beat_count:
            since = now
        self._seen[other.key] = (int(other.beat_count), since)
        held = _is_held(_lock_file(other.key)) if other.machine == _machine() else None
        if held is None:
            return now - since > DEAD_AFTER
        return not held or now - since > STALLED_AFTER

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            _remove(_lock_file(self.key))
            self._lock = None


def _lock_file(key: str) -> Path:
    return settings.current().data_dir / "workers" / f"{key}.lock"


def _locked(path: Path) -> int | None:
    """A handle that holds the lock; None where files cannot be locked: then counting has to do."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        _remove(path)
        return None
    return handle


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _is_held(path: Path) -> bool | None:
    """Whether a living process holds the lock; None where that cannot be seen."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    else:
        return False
    finally:
        os.close(handle)


def _machine() -> str:
    """The running kernel's own name, which a restart changes; elsewhere than on Linux the hardware's."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return f"{uuid.getnode():x}"
