"""Recognises errors that mean the database is unavailable, says what to do about them, and logs each outage
once a minute.

Every process survives an outage: it releases the work it had begun, and tries again later.
"""

import threading
import time
from dataclasses import dataclass

from bot import log
from bot.db.database_wait import Busy

LOG_AGAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outage:
    """A kind of outage: its name in the log and, for the operator, what is wrong and what to do."""

    name: str
    remedy: str


LOCKED = Outage(
    "locked",
    "is locked: another program holds it for long. Nothing is lost and all is tried again; if it stays so, "
    "look for a backup, a console or a script that has a transaction open",
)
AWAY = Outage("away", "does not answer: check DATABASE_URL and that the server runs")
BROKEN = Outage(
    "input/output error",
    "cannot be read or written: its disk reports an error, the file or its folder is gone, or a limit on the size of "
    "files is reached; see the system's log",
)
FULL = Outage("full", "cannot be written, since its disk is full: make room on the disk of DATABASE_URL")
READ_ONLY = Outage(
    "read-only",
    "can be read and not written: check who may write the file and the folder of DATABASE_URL, and how its disk is "
    "mounted; on PostgreSQL, default_transaction_read_only and whether this is a standby",
)
CROWDED = Outage(
    "no connection left",
    "has no connection left: raise max_connections, or end what else holds connections (web needs 9, worker 20, "
    "clock 3)",
)
REFUSED = Outage(
    "sign-in refused",
    "refuses the sign-in: check user, password and database in DATABASE_URL, then start web, worker and clock again",
)
DAMAGED = Outage(
    "damaged",
    "is damaged: stop everything and go back to the last backup, as docs/operations.md says",
)

_SQLITE = {
    3: READ_ONLY,
    5: LOCKED,
    6: LOCKED,
    8: READ_ONLY,
    10: BROKEN,
    11: DAMAGED,
    13: FULL,
    14: BROKEN,
    15: LOCKED,
}
_SQLITE |= {23: REFUSED, 26: DAMAGED}
"""By SQLite's primary result code. https://www.sqlite.org/rescode.html"""
_POSTGRES = (
    ("25006", READ_ONLY),
    ("28", REFUSED),
    ("3D", REFUSED),
    ("40", LOCKED),
    ("53100", FULL),
    ("53300", CROWDED),
    ("53", AWAY),
    ("55P03", LOCKED),
    ("57014", LOCKED),
    ("57", AWAY),
    ("58", BROKEN),
    ("08", AWAY),
    ("XX001", DAMAGED),
    ("XX002", DAMAGED),
)
"""By the beginning of PostgreSQL's SQLSTATE. https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_BY_MESSAGE = (
    ("too many", CROWDED),
    ("connection slots", CROWDED),
    ("no more connections", CROWDED),
    ("authentication", REFUSED),
    ("password", REFUSED),
    ("does not exist", REFUSED),
)
"""By the message of the server or the pooler: psycopg2 has no SQLSTATE for a connection that was refused."""
_WITHOUT_CODE = {"OperationalError", "InterfaceError"}


def classify(error: BaseException | None) -> Outage | None:
    """The outage that an error means; None for any other fault. Accepts errors of the drivers and of peewee."""
    while error is not None:
        if found := _of_driver(error):
            return found
        # peewee's errors have the driver's error as their first argument.
        inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else None
        error = inner or error.__cause__ or error.__context__
    return None


def _of_driver(error: BaseException) -> Outage | None:
    if isinstance(error, Busy):
        return LOCKED
    module = type(error).__module__
    if module == "sqlite3":
        code: int | None = getattr(error, "sqlite_errorcode", None)
        return _SQLITE.get(code & 0xFF) if code is not None else None
    if not module.startswith("psycopg2"):
        return None
    sqlstate: str | None = getattr(error, "pgcode", None)
    if sqlstate is not None:
        return next((outage for begins, outage in _POSTGRES if sqlstate.startswith(begins)), None)
    if not _WITHOUT_CODE & {each.__name__ for each in type(error).__mro__}:
        return None
    words = str(error)
    return next((outage for part, outage in _BY_MESSAGE if part in words), AWAY)


class _Record:
    """Counts and logs the outage this process is in."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._said_at: dict[str, float] = {}
        self._since: float | None = None
        self._count = 0
        self._is_said = False

    def begin(self, outage: Outage) -> None:
        """Count one more failure, and log it unless this kind was logged within LOG_AGAIN_SECONDS."""
        with self._mutex:
            now = time.monotonic()
            self._since = self._since or now
            self._count += 1
            if now - self._said_at.get(outage.name, float("-inf")) < LOG_AGAIN_SECONDS:
                return
            self._said_at[outage.name], self._is_said = now, True
            fields = {"since_seconds": round(now - self._since), "failed": self._count}
        log.error("the database cannot be used", outage=outage.name, remedy=outage.remedy, **fields)

    def end(self) -> None:
        """Note a successful write; logs the end of the outage, if its beginning was logged."""
        if self._since is None:
            return
        with self._mutex:
            lasted, count = time.monotonic() - (self._since or time.monotonic()), self._count
            is_said, self._is_said = self._is_said, False
            self._since, self._count = None, 0
        if is_said:
            log.warning("the database can be used again", after_seconds=round(lasted), failed=count)


_record = _Record()


def report(error: BaseException) -> Outage | None:
    """Log an outage, one line a minute for each kind in this process; None when the error is no outage."""
    found = classify(error)
    if found:
        _record.begin(found)
    return found


def end() -> None:
    """Note a successful write: an outage, if there was one, is over."""
    _record.end()
