"""Copies every table of the database as of one moment into an open ZIP file, while others go on writing.

SQLite by VACUUM INTO; PostgreSQL by COPY of each table in one read-only transaction with a snapshot, so that no program
of the server need be installed here.
"""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from zipfile import ZipFile

import psycopg2

from bot.config import settings
from bot.db import database

SQLITE_FILE = "goen.sqlite3"
CHUNK = 1 << 20
Progress = Callable[[int], None]
"""Called with how many bytes went in since the last call."""


class Sum:
    """Writes on to another file, with the SHA-256 and the size of all that passes."""

    def __init__(self, file: Any, progress: Progress = lambda _count: None) -> None:
        self._file, self._progress = file, progress
        self._sum, self.byte_count, self.line_count = hashlib.sha256(), 0, 0

    def write(self, chunk: bytes) -> int:
        """Write the next bytes."""
        self._sum.update(chunk)
        self.byte_count += len(chunk)
        self.line_count += bytes(chunk).count(b"\n")
        self._progress(len(chunk))
        return int(self._file.write(chunk))

    @property
    def hexdigest(self) -> str:
        """The checksum so far."""
        return self._sum.hexdigest()

    @property
    def facts(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {"sha256": self.hexdigest, "bytes": self.byte_count}


def copied(source: BinaryIO, target: Sum) -> None:
    """Copy a file in pieces."""
    while chunk := source.read(CHUNK):
        target.write(chunk)


def size() -> int:
    """About how many bytes the database holds."""
    if database.is_postgres():
        return int(database.execute("SELECT pg_database_size(current_database())").fetchone()[0])
    return _sqlite_path().stat().st_size


def write(file: ZipFile, progress: Progress) -> dict[str, Any]:
    """Write the tables into the ZIP file; returns what the manifest says of them: `members`, `tables` with their row
    counts, `columns`, `migrations`."""
    return _write_postgres(file, progress) if database.is_postgres() else _write_sqlite(file, progress)


def _sqlite_path() -> Path:
    return Path(settings.current().database_url.removeprefix("sqlite:///"))


def _write_sqlite(file: ZipFile, progress: Progress) -> dict[str, Any]:
    with TemporaryDirectory(dir=_sqlite_path().parent) as folder:
        copy = Path(folder) / SQLITE_FILE
        connection = sqlite3.connect(_sqlite_path(), timeout=60)
        try:
            connection.execute("VACUUM INTO ?", (str(copy),))
        finally:
            connection.close()
        with copy.open("rb") as source, file.open(SQLITE_FILE, "w", force_zip64=True) as target:
            summed = Sum(target, progress)
            copied(source, summed)
        counts, migrations = sqlite_facts(copy)
    return {
        "members": {SQLITE_FILE: summed.facts},
        "tables": counts,
        "columns": {},
        "migrations": migrations,
    }


def sqlite_facts(path: Path) -> tuple[dict[str, int], list[str]]:
    """Row counts of the tables in that file, and its migrations. Raises ValueError when the file is damaged."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        [(verdict,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
        if verdict != "ok":
            raise ValueError(f"SQLite says of the copy: {verdict}")
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND name NOT LIKE '%\\_word%' ESCAPE '\\' ORDER BY name"
        ).fetchall()
        counts = {
            name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 -- the file's own names
            for (name,) in names
        }
        migrations = [name for (name,) in connection.execute("SELECT name FROM schema_migration ORDER BY id")]
    except sqlite3.DatabaseError as error:
        raise ValueError(f"SQLite cannot read the copy: {error}") from error
    finally:
        connection.close()
    return counts, migrations


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
    "AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position"
)


def _write_postgres(file: ZipFile, progress: Progress) -> dict[str, Any]:
    members: dict[str, Any] = {}
    counts: dict[str, int] = {}
    connection = psycopg2.connect(settings.current().database_url)
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            tables = [name for (name,) in cursor.fetchall()]
            cursor.execute(COLUMNS)
            columns: dict[str, list[str]] = {name: [] for name in tables}
            for table, column in cursor.fetchall():
                if table in columns:
                    columns[table].append(column)
            for table in tables:
                member = f"tables/{table}.copy"
                with file.open(member, "w", force_zip64=True) as target:
                    summed = Sum(target, progress)
                    cursor.copy_expert(f"COPY {named(table, columns[table])} TO STDOUT", summed)
                members[member], counts[table] = summed.facts, summed.line_count
            cursor.execute("SELECT name FROM schema_migration ORDER BY id")
            migrations = [name for (name,) in cursor.fetchall()]
    finally:
        connection.close()
    return {"members": members, "tables": counts, "columns": columns, "migrations": migrations}


def named(table: str, columns: list[str]) -> str:
    """`"table" ("column", …)`, for COPY."""
    return f'"{table}" (' + ", ".join(f'"{each}"' for each in columns) + ")"
