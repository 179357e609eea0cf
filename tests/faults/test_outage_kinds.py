"""Which kind of outage a driver's error means, with real errors; and that each outage is logged once."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import peewee
import psycopg2
import pytest

from bot import log, outages
from bot.db import database
from bot.outages import AWAY, BROKEN, CROWDED, DAMAGED, FULL, LOCKED, READ_ONLY, REFUSED, Outage
from tests.conftest import administer


def full(bound: Any, path: Path) -> None:
    bound.execute_sql(f"PRAGMA max_page_count = {bound.execute_sql('PRAGMA page_count').fetchone()[0]}")
    bound.execute_sql("CREATE TABLE filler (text)")


def read_only(bound: Any, path: Path) -> None:
    sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute("DELETE FROM inbox_event")


def locked(bound: Any, path: Path) -> None:
    with bound.atomic("IMMEDIATE"):
        sqlite3.connect(path, timeout=0).execute("BEGIN IMMEDIATE")


def no_folder(bound: Any, path: Path) -> None:
    sqlite3.connect(path / "nowhere" / "goen.sqlite3").execute("SELECT 1")


def no_database(bound: Any, path: Path) -> None:
    other = path.with_name("other.sqlite3")
    other.write_bytes(b"not a database" * 100)
    sqlite3.connect(other).execute("SELECT * FROM sqlite_master").fetchall()


def damaged(bound: Any, path: Path) -> None:
    bound.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    other = path.with_name("other.sqlite3")
    other.write_bytes(content)
    sqlite3.connect(other).execute("SELECT * FROM inbox_event").fetchall()


def wrong_sql(bound: Any, path: Path) -> None:
    bound.execute_sql("SELECT nonsense FROM nowhere")


def twice(bound: Any, path: Path) -> None:
    for _ in range(2):
        bound.execute_sql("INSERT INTO conversation (key) VALUES ('U1')")


def nothing_of_a_database(bound: Any, path: Path) -> None:
    raise ValueError("not an outage")


@pytest.mark.parametrize(
    ("goes_wrong", "meant"),
    [
        (full, FULL),
        (read_only, READ_ONLY),
        (locked, LOCKED),
        (no_folder, BROKEN),
        (no_database, DAMAGED),
        (damaged, DAMAGED),
        (wrong_sql, None),
        (twice, None),
        (nothing_of_a_database, None),
    ],
)
def test_what_an_error_of_sqlite_means(
    database: peewee.Database, settings: Any, goes_wrong: Callable[..., None], meant: Outage | None
) -> None:
    with pytest.raises(Exception) as caught:
        goes_wrong(database, Path(settings.database_url.removeprefix("sqlite:///")))
    assert outages.classify(caught.value) == meant


@pytest.mark.parametrize(
    ("statements", "meant"),
    [
        (["SET default_transaction_read_only = on", "DELETE FROM inbox_event"], READ_ONLY),
        (["SET statement_timeout = 10", "SELECT pg_sleep(5)"], LOCKED),
        (["SELECT pg_terminate_backend(pg_backend_pid())"], AWAY),
        (["SELECT nonsense"], None),
        (["INSERT INTO conversation (key) VALUES ('U1'), ('U1')"], None),
    ],
)
def test_what_an_error_of_postgres_means(
    postgres_database: peewee.Database, statements: list[str], meant: Outage | None
) -> None:
    with pytest.raises(peewee.PeeweeException) as caught:
        for statement in statements:
            postgres_database.execute_sql(statement)
    assert outages.classify(caught.value) == meant
    database.forget_connection()


def test_whoever_is_not_let_in_hears_why(postgres_database: peewee.Database, postgres_server: str) -> None:
    administer(postgres_server, "DROP ROLE IF EXISTS crowded")
    administer(postgres_server, "CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    parts = urlsplit(postgres_server)
    name = parts.path
    try:
        for url, meant in (
            (parts._replace(path="/nowhere").geturl(), REFUSED),
            (parts.geturl().replace("//postgres@", "//nobody@"), REFUSED),
            (parts.geturl().replace("//postgres@", "//crowded@"), CROWDED),
            (f"postgresql://nobody@127.0.0.1:9{name}", AWAY),
        ):
            with pytest.raises(psycopg2.OperationalError) as caught:
                psycopg2.connect(url)
            assert outages.classify(caught.value) == meant, url
            with pytest.raises(peewee.OperationalError) as wrapped:
                database.connect(url).connect()
            assert outages.classify(wrapped.value) == meant, url
    finally:
        administer(postgres_server, "DROP ROLE crowded")


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What is logged; the process has met no outage yet."""
    said: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(outages, "_record", outages._Record())
    monkeypatch.setattr(log, "error", lambda event, **fields: said.append((event, fields)))
    monkeypatch.setattr(log, "warning", lambda event, **fields: said.append((event, fields)))
    yield said


def test_an_outage_is_said_once_and_its_end_once(record: list[tuple[str, dict[str, Any]]]) -> None:
    away = psycopg2.InterfaceError("connection already closed")
    outages.end()
    for _ in range(100):
        assert outages.report(away) == AWAY
    outages.end()
    outages.end()
    for _ in range(100):
        outages.report(away)  # again within the minute: logged once
        outages.end()
    assert [(event, fields.get("outage")) for event, fields in record] == [
        ("the database cannot be used", "away"),
        ("the database can be used again", None),
    ]
    assert record[-1][1]["failed"] == 100


def test_another_outage_is_another_line(record: list[tuple[str, dict[str, Any]]]) -> None:
    outages.report(psycopg2.InterfaceError("connection already closed"))
    outages.report(psycopg2.OperationalError("FATAL:  sorry, too many clients already"))
    assert [fields["outage"] for _, fields in record] == ["away", "no connection left"]


def test_other_errors_are_not_taken_for_outages(record: list[tuple[str, dict[str, Any]]]) -> None:
    assert outages.report(ValueError("a fault of ours")) is None
    assert record == []
