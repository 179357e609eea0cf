"""Connects to SQLite or PostgreSQL by URL, opens transactions, and runs fixed SQL.

Everything that differs between the two databases and concerns more than one package is here.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import peewee
from playhouse.migrations import Runner

from bot.db import after_commit, postgres_url
from bot.db.database_wait import ALONE, Busy, Limits, Patience
from bot.db.sqlite_write_queue import SqliteInTurn, ThreadsInTurn
from bot.text.two_languages import both

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
OLDEST_SQLITE = (3, 35, 0)  # the first with INSERT ... RETURNING

database = peewee.DatabaseProxy()
_sqlite_threads = ThreadsInTurn()

TRANSIENT_ERRORS = (peewee.OperationalError, peewee.InterfaceError, peewee.InternalError)
"""The database is away, locked, full or starting: the same statement may succeed later."""
patience = Patience(ALONE, TRANSIENT_ERRORS)
"""How long this process's threads wait for the database; see `connect`."""


class DatabaseUnfit(Exception):
    """The database cannot be used as it is. The text says what to do."""


class Locked(peewee.OperationalError):
    """Others hold the write lock for too long; nothing of the transaction has begun."""


class Model(peewee.Model):
    """Base of every table."""

    id = peewee.AutoField()

    class Meta:
        database = database
        legacy_table_names = False


class UtcDateTimeField(peewee.DateTimeField):
    """A datetime that is aware and in UTC in Python, and without a zone in the database."""

    def db_value(self, value: datetime | None) -> Any:
        """The datetime in UTC, without its zone. Raises ValueError for a naive one, whose zone is unknown."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def python_value(self, value: Any) -> datetime | None:
        """The stored datetime, made aware."""
        return as_moment(value)


def as_moment(value: Any) -> datetime | None:
    """A stored datetime, made aware: PostgreSQL returns datetimes, SQLite text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


def stored(moment: datetime | None) -> Any:
    """A datetime as a parameter of fixed SQL."""
    if moment is None:
        return None
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return naive if is_postgres() else naive.isoformat(" ")


def execute(sql: str, *values: Any) -> Any:
    """Run fixed SQL with a `?` for each value; returns the cursor. For frequent statements, where building
    SQL costs more than running it; elsewhere the models are clearer."""
    return database.execute_sql(_for_postgres(sql) if is_postgres() else sql, values)


@lru_cache(maxsize=500)
def _for_postgres(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def rows(count: int, width: int) -> str:
    """`(?, ?), (?, ?)`: placeholders for that many rows of that many values."""
    return ", ".join(["(" + ", ".join("?" * width) + ")"] * count)


def connect(url: str, limits: Limits = ALONE) -> peewee.Database:
    """Bind every table to the database at `url`. Connections open when first used, one a thread.

    `limits` say how long this process waits when the database is locked or away.
    """
    global patience
    if isinstance(database.obj, SqliteInTurn):
        database.obj.close_lock_file()
    patience = Patience(limits, TRANSIENT_ERRORS)
    database.initialize(
        _sqlite(url, limits) if url.startswith("sqlite") else postgres_url.database(url, limits)
    )
    bound: peewee.Database = database.obj
    return bound


def _sqlite(url: str, limits: Limits) -> peewee.Database:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise DatabaseUnfit(
            both(
                "This machine's SQLite is {version}; 3.35 or newer is needed. Update Python, or use PostgreSQL: {url}",
                "このサーバーのSQLiteは {version} です。3.35以上が必要です。Pythonを新しくするか、PostgreSQLを"
                "使ってください: {url}",
                version=sqlite3.sqlite_version,
                url="DATABASE_URL=postgresql://name:password@localhost:5432/goen",
            )
        )
    path = url.removeprefix("sqlite:///")
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnfit(
            both(
                "The folder of DATABASE_URL cannot be made: {error}",
                "DATABASE_URL のフォルダを作れません（{error}）。書き込める場所にしてください。"
                "例: DATABASE_URL=sqlite:////srv/goen/var/goen.sqlite3",
                error=error,
            )
        ) from error
    return SqliteInTurn(
        path,
        patience,
        limits.seconds,
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",  # the webhook answers 200 only for what survives a power cut
            "foreign_keys": 1,
            "cache_size": -8_000,  # 8 MB a connection, and every thread has one
        },
        returning_clause=True,
    )


def is_postgres() -> bool:
    """Whether this is PostgreSQL; otherwise it is SQLite."""
    return isinstance(database.obj, peewee.PostgresqlDatabase)


@contextmanager
def write_transaction() -> Iterator[None]:
    """A transaction that will write. Opened at the edges only: one a request, one an event.

    SQLite's write lock is taken at once (a transaction that reads first and writes later could fail in the
    middle), in turn with other threads and processes (`bot/db/sqlite_write_queue.py`). Raises Locked when
    that takes too long. PostgreSQL runs at READ COMMITTED.
    """
    if database.in_transaction():
        raise RuntimeError("a transaction is already open: they open at the edges, once")
    with after_commit.collected(), ExitStack() as held:
        if is_postgres():
            held.enter_context(database.atomic())
            if patience.seconds < ALONE.seconds:
                # LOCAL: behind a transaction pooler, other settings would reach other clients.
                execute("SET LOCAL lock_timeout = ?", round(patience.seconds * 1000))
        else:
            try:
                with patience.deadline() as until:
                    held.enter_context(_sqlite_threads.turn(until))
                    held.enter_context(database.atomic("IMMEDIATE"))
            except Busy as busy:
                raise Locked(str(busy)) from busy
        observe = observer.get()
        before = _writing_mark() if observe else None
        yield
        if observe and _writing_mark() != before:
            observe()
            observer.set(None)  # a request or command is recorded once, not each of its steps


observer: ContextVar[Callable[[], None] | None] = ContextVar("observer", default=None)
"""Called at the end of the first transaction that wrote something, inside it, so that a record of changes
cannot be forgotten."""


def _writing_mark() -> Any:
    """A value that differs once this transaction has written."""
    asked = "SELECT txid_current_if_assigned()" if is_postgres() else "SELECT total_changes()"
    return execute(asked).fetchone()[0]


@contextmanager
def savepoint() -> Iterator[None]:
    """A part of the open transaction that may fail alone."""
    require_transaction()
    with database.atomic():
        yield


def require_transaction() -> None:
    """Raise RuntimeError outside a transaction: what follows must not be half done."""
    if not database.in_transaction():
        raise RuntimeError(
            "this writes things that belong together: open a write_transaction() at the edge first"
        )


def advisory_lock(name: str) -> None:
    """Wait until no other transaction holds the lock of that name, and hold it until this one ends. SQLite
    has one writer anyway."""
    require_transaction()
    if is_postgres():
        execute("SELECT pg_advisory_xact_lock(hashtext(?))", name)


def insert_once(model: type[peewee.Model], **values: Any) -> int | None:
    """Insert the row unless a unique constraint forbids it; its id, or None when it was there already.

    Fixed SQL, since events insert many such rows, and building the statement costs more than all the rest.
    """
    meta = model._meta
    row = {
        field.name: default() if callable(default) else default for field, default in meta.defaults.items()
    }
    fields = {meta.combined[name]: value for name, value in (row | values).items()}
    names = ", ".join(f'"{field.column_name}"' for field in fields)
    key = meta.get_primary_keys()[0].column_name
    inserted = execute(
        f'INSERT INTO "{meta.table_name}" ({names}) VALUES {rows(1, len(fields))} '  # noqa: S608 -- names of our own
        f'ON CONFLICT DO NOTHING RETURNING "{key}"',
        *(field.db_value(value) for field, value in fields.items()),
    ).fetchone()
    return inserted[0] if inserted else None


def reachable() -> bool:
    """Whether the database answers now."""
    try:
        database.execute_sql("SELECT 1")
    except peewee.PeeweeException:
        forget_connection()
        return False
    return True


def migrate() -> list[str]:
    """Bring the tables up to date; returns the names of the migrations that were applied."""
    return list(Runner(database.obj, str(MIGRATIONS)).up())


def pending_migrations() -> list[str]:
    """Migrations that have not been applied yet."""
    return [each.name for each in Runner(database.obj, str(MIGRATIONS)).status() if not each.applied]


def close() -> None:
    """Close this thread's connection, if it is open."""
    if not database.is_closed():
        database.close()


def forget_connection() -> None:
    """Drop this thread's connection in whatever state it is; the next statement opens a new one."""
    with suppress(peewee.PeeweeException):
        close()
    database.dispose()
