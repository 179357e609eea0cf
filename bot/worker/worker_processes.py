"""Keeps track of the processes that hold leases on unsent messages, and detects which of them are dead.

Each worker has a row with a unique name (process ids repeat, in containers above all). It counts up in that
row, and holds a lock on a file that the kernel releases when the process dies, however it dies:

- On the same machine, with the same DATA_DIR, a free lock means a dead process, at once.
- Elsewhere a process is dead when its count has not changed for `DEAD_AFTER` of the observer's own time. No
  clock is compared with another's, so none can jump, and nothing depends on a database connection.

A process that could not count for `SURE_FOR` stops sending before any other can think it dead.
"""

import fcntl
import os
import time
import uuid
from contextlib import suppress
from pathlib import Path

import peewee

from bot.config import settings
from bot.db import database, erasure
from bot.db.database import Model, write_transaction

SURE_FOR, DEAD_AFTER = 10.0, 15.0
STALLED_AFTER = 60.0
"""Seconds. A process whose lock is held and whose count has not changed for so long is alive and does
nothing."""


class WorkerProcess(Model):
    """A worker that runs, or that died without leaving."""

    key = peewee.CharField(unique=True)
    machine = peewee.CharField()
    """The same for all processes of one running kernel."""
    beat_count = peewee.IntegerField()


class Presence:
    """This process among those that hold leases. Before `enter` it is not listed, and may hold leases all the
    same."""

    def __init__(self) -> None:
        self.key = uuid.uuid4().hex
        self._lock: int | None = None
        self._beat_at = float("inf")
        self._seen: dict[str, tuple[int, float]] = {}
        """Every other process's last count, and since when it has been that."""

    def enter(self) -> None:
        """Register under a new name, with a new lock."""
        self._release()
        self.key = uuid.uuid4().hex
        self._lock = _locked(_lock_file(self.key))
        with write_transaction():
            WorkerProcess.create(key=self.key, machine=_machine(), beat_count=0)
        self._beat_at = time.monotonic()

    def beat(self) -> bool:
        """Count up. False when another process has declared this one dead: its leases are gone."""
        begun = time.monotonic()
        with write_transaction():
            counted = database.execute(
                "UPDATE worker_process SET beat_count = beat_count + 1 WHERE key = ?", self.key
            )
        if counted.rowcount == 1:
            self._beat_at = begun
        return bool(counted.rowcount == 1)

    def is_sure(self) -> bool:
        """Whether no other process can have declared this one dead."""
        return time.monotonic() - self._beat_at < SURE_FOR

    def remove_dead(self) -> None:
        """Unregister processes that are dead: from then on any process may take their leases over."""
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
        """Unregister this process, which holds no lease any more."""
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
    """An open file with the lock on it; None where files cannot be locked: then the count alone must do."""
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
    """Whether a running process holds the lock; None where that cannot be determined."""
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
    """The running kernel's boot id, which a restart changes; the hardware's address on systems other than
    Linux."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return f"{uuid.getnode():x}"


erasure.nothing("It is about processes of the machine.", WorkerProcess)
