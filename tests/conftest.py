"""Fixtures of all tests: settings, a database of their own, LINE's official files, a browser.

What the tests are about is in the folders beside this file.
"""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import peewee
import psycopg2
import pytest
from playwright.sync_api import expect

from bot.config import settings as bot_settings
from bot.db import database as bot_database
from script import browser, postgres
from script.results import NOT_BESIDE, OFFICIAL_FILES, is_no_fault

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in {"true", "1"}
MUCH = 80_000  # bytes of a table; up to ten pages, PostgreSQL plans alike for all tables without statistics

# No example fails for being slow, since a busy machine is; CI draws the same examples in every run.
hypothesis.settings.register_profile(
    "goen",
    deadline=None,
    derandomize=IN_CI,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("goen")


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[bot_settings.Settings]:
    """Valid settings of a shop in Tokyo, in force for the test; nothing is read from the environment."""
    made = bot_settings.load(
        {
            "LINE_CHANNEL_SECRET": "channel-secret-of-the-tests",
            "LINE_CHANNEL_ACCESS_TOKEN": "channel-access-token-of-the-tests",
            "LINE_BASIC_ID": "@goentest",
            "LINE_API_URL": "http://127.0.0.1:9",  # the discard port: a call that a test forgot to replace goes nowhere
            "LINE_DATA_API_URL": "http://127.0.0.1:9",
            "PUBLIC_URL": "https://goen.example",
            "SECRET_KEY": "a-secret-key-of-the-tests-alone-0123456789",
            "SHOP_NAME": "ひだまり堂",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'goen.sqlite3'}",
            "DATA_DIR": str(tmp_path / "data"),
        }
    )
    before = bot_settings._current
    yield bot_settings.use(made)
    bot_settings._current = before


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with all tables, to be copied: a copy takes a millisecond, the migrations far
    longer."""
    path = tmp_path_factory.mktemp("template") / "goen.sqlite3"
    bound = bot_database.connect(f"sqlite:///{path}")
    bot_database.migrate()
    bound.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # so that all is in the one file that is copied
    bound.close()
    return path


@pytest.fixture
def database(settings: bot_settings.Settings, migrated_sqlite: Path) -> Iterator[peewee.Database]:
    """An empty SQLite database in a file of its own."""
    shutil.copyfile(migrated_sqlite, settings.database_url.removeprefix("sqlite:///"))
    bound = bot_database.connect(settings.database_url)
    # No test needs its data after a power cut.
    bot_database.database.obj.pragma("synchronous", "off", permanent=True)
    yield bound
    bot_database.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running PostgreSQL: the one script/test started, else one started here."""
    with ExitStack() as stack:
        url = os.environ.get("TEST_POSTGRES_URL")
        if url is None:
            programs = postgres.find()
            if programs is None:
                pytest.skip(postgres.MISSING)
            url = stack.enter_context(postgres.running(programs))
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str, worker_id: str) -> Iterator[str]:
    """The URL of a database with all tables, made for this process of this run."""
    name = f"goen_{worker_id}_{os.getpid()}"
    administer(postgres_server, f'CREATE DATABASE "{name}"')
    url = urlsplit(postgres_server)._replace(path=f"/{name}").geturl()  # never the server's own database
    bot_database.connect(url)
    bot_database.migrate()
    bot_database.close()
    yield url
    administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def empty_postgres(migrated_postgres: str) -> Iterator[Callable[[], None]]:
    """Deletes all rows of that database and restarts its ids; the migrations stay recorded as applied."""
    connection = psycopg2.connect(
        migrated_postgres
    )  # reused, since a new connection would read the catalogue of seventy tables first
    with connection, connection.cursor() as cursor:
        prepare_to_empty(cursor)
    yield partial(empty, connection)
    connection.close()


@pytest.fixture
def postgres_database(
    settings: bot_settings.Settings, migrated_postgres: str, empty_postgres: Callable[[], None]
) -> Iterator[peewee.Database]:
    """An empty PostgreSQL database."""
    empty_postgres()
    bot_settings.use(settings.model_copy(update={"database_url": migrated_postgres}))
    yield bot_database.connect(migrated_postgres)
    bot_database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def any_database(request: pytest.FixtureRequest) -> peewee.Database:
    """The test runs twice: on an empty SQLite and on an empty PostgreSQL database."""
    bound: peewee.Database = request.getfixturevalue(
        "database" if request.param == "sqlite" else "postgres_database"
    )
    return bound


def administer(url: str, statement: str) -> None:
    """Run a statement that PostgreSQL accepts only outside a transaction."""
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()


def prepare_to_empty(cursor: Any) -> None:
    """Prepare a query on the server: which tables hold rows, which of them many, and which sequences to restart."""
    cursor.execute(
        "SELECT string_agg(format("
        f" 'SELECT %1$L, pg_table_size(%1$L) > {MUCH}, %2$L WHERE EXISTS (SELECT 1 FROM %1$I)',"
        " tablename, sequencename), ' UNION ALL ')"
        " FROM pg_tables LEFT JOIN pg_sequences ON sequencename = tablename || '_id_seq'"
        " WHERE pg_tables.schemaname = 'public' AND tablename NOT LIKE '%migration%'"
    )
    [asked] = cursor.fetchone()
    cursor.execute(f"PREPARE filled AS {asked}")


def empty(connection: Any) -> None:
    """Delete all rows of a PostgreSQL database: few by DELETE, many by TRUNCATE, which makes new files and costs
    more."""
    with connection, connection.cursor() as cursor:
        # A thread of an earlier test may still hold a lock.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        cursor.execute("EXECUTE filled")
        filled = cursor.fetchall()
        if not filled:
            return
        tables = ", ".join(table for table, _, _ in filled)
        much = ", ".join(table for table, is_much, _ in filled if is_much)
        cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        if much:
            cursor.execute(f"TRUNCATE {much} CASCADE")
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # all rows go, so foreign keys need no order
        cursor.execute(
            ";".join(
                [f"DELETE FROM {table}" for table, is_much, _ in filled if not is_much]
                + [f"SELECT setval('{ids}', 1, false)" for _, _, ids in filled if ids]
            )
        )


@pytest.fixture(scope="session")
def line_openapi() -> Path:
    """The folder of LINE's official OpenAPI files."""
    return _official("openapi")


@pytest.fixture(scope="session")
def line_webhook_examples() -> Path:
    """The folder of LINE's official example webhook bodies."""
    return _official("webhook-examples")


def _official(folder: str) -> Path:
    path = ROOT / OFFICIAL_FILES / folder
    if not path.exists():
        pytest.skip(
            f"{OFFICIAL_FILES}/{folder} is not here: LINE's official files are no part of the project"
        )
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The installed browser, without network access of its own; used by pytest-playwright's `browser` and `page`."""
    path = browser.find()
    if path is None:
        pytest.skip(browser.MISSING)
    # Generous, since a busy machine is slow; a passing test never waits that long.
    expect.set_options(timeout=60_000)
    quiet = [
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-gpu", *quiet]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A customer's or staff's browser in Japan."""
    return {"locale": "ja-JP", "timezone_id": "Asia/Tokyo"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Give all tests that lack files outside the checkout one cause, so that the summary has one line for them."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and is_no_fault(report.longrepr[2]):
        report.longrepr = (
            "tests/conftest.py",
            pytest_runtest_makereport.__code__.co_firstlineno,
            f"Skipped: {NOT_BESIDE}",
        )
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, so that `-m "not browser"` leaves it out."""
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
