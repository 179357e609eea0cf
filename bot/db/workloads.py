"""Settings of the connection for a while: for long work in the background, and for the query of one page."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bot.db.database import database, execute, is_postgres

POSTGRES_BACKGROUND: dict[str, str | int] = {"synchronous_commit": "off"}
SQLITE_BACKGROUND: dict[str, str | int] = {"synchronous": 1, "wal_autocheckpoint": 0, "temp_store": 2}


@contextmanager
def background_work() -> Iterator[None]:
    """For long work of this thread that, after a power cut, continues where it stopped.

    Its commits do not wait for the disk while they hold the lock. The commits of others are as durable as
    ever: on SQLite, theirs write these to the disk as well. Nor does a commit here stop to checkpoint the log
    (`tidy_log` between them), and SQLite's temporary data stays in memory.
    """
    for_now = POSTGRES_BACKGROUND if is_postgres() else SQLITE_BACKGROUND
    with ExitStack() as until_then:
        for name, value in for_now.items():
            until_then.enter_context(_temporary_setting(name, value))
        yield


def tidy_log() -> None:
    """Checkpoint SQLite's write-ahead log into its file, as far as nobody reads older rows; takes no lock
    that writers wait for. PostgreSQL does so by itself."""
    if not is_postgres():
        execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


@contextmanager
def short_read() -> Iterator[None]:
    """For a query that ends when a page is full: PostgreSQL's parallel workers would read far ahead of it, and take
    the processors from others."""
    with ExitStack() as held:
        if is_postgres():
            held.enter_context(database.atomic())
            # LOCAL: behind a transaction pooler, other settings would reach other clients.
            execute("SET LOCAL max_parallel_workers_per_gather = 0")
        yield


@contextmanager
def _temporary_setting(name: str, value: str | int) -> Iterator[None]:
    said = "SET {} = {}" if is_postgres() else "PRAGMA {} = {}"
    before = execute(f"{'SHOW' if is_postgres() else 'PRAGMA'} {name}").fetchone()[0]
    execute(said.format(name, value))
    try:
        yield
    finally:
        execute(said.format(name, before))
