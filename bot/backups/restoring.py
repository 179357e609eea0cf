"""Puts a backup back into an empty database, brings the tables up to date, and holds all sending.

Refused for a database with customers or staff in it, unless told to replace them, and while the worker or the clock
runs. SQLite's earlier file is not deleted but renamed.
"""

import mimetypes
import sqlite3
import zipfile
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import psycopg2
from playhouse.migrations import Runner

from bot import localtime
from bot.backups import archive, snapshot
from bot.backups.archive import FILES
from bot.backups.snapshot import SQLITE_FILE
from bot.config import settings
from bot.db import database
from bot.db.database import MIGRATIONS, write_transaction
from bot.files import storage
from bot.queue import sending_held
from bot.text.two_languages import both
from bot.worker import heartbeat

KNOWN_BY = ("customer", "staff", "purchase", "conversation")
"""Tables whose rows make a database one that is not empty."""


class CannotRestore(Exception):
    """The backup cannot be put back here. The text says why, and what to do, in both languages."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    made_at: datetime
    row_count: int
    file_count: int
    migrations: list[str]
    """Those that were applied afterwards."""
    earlier: Path | None
    """Where SQLite's earlier database is now."""


def restore(path: Path, *, replace: bool = False) -> Restored:
    """Put the backup back. Raises archive.DamagedBackup and CannotRestore; then nothing has changed."""
    manifest = archive.verify(path)
    kind = "postgresql" if database.is_postgres() else "sqlite"
    if manifest["database"] != kind:
        raise CannotRestore(
            both(
                "The backup is one of {its}, and DATABASE_URL names {kind}. Set DATABASE_URL to an empty {its} "
                "database.",
                "このバックアップは {its} のものですが、DATABASE_URL は {kind} です。"
                "DATABASE_URL を、空の {its} のデータベースにしてください。",
                its=manifest["database"],
                kind=kind,
            )
        )
    known = {each.name for each in Runner(database.database.obj, str(MIGRATIONS)).migrations()}
    if unknown := [name for name in manifest["migrations"] if name not in known]:
        raise CannotRestore(
            both(
                "The backup has tables of a newer version ({name}). Update Goen, then restore.",
                "もっと新しい版のGoenで取ったバックアップです（{name}）。Goenを新しくしてから、戻してください。",
                name=unknown[-1],
            )
        )
    _refuse_unless_free(replace)
    made_at = archive.made_at(manifest)
    with zipfile.ZipFile(path) as file:
        put = _put_postgres if database.is_postgres() else _put_sqlite
        # Into an empty database the files go first: when they do not fit, it is empty still and one may try again.
        count = 0 if replace else _put_files(file, manifest)
        applied, earlier = put(file, manifest, made_at)
        count = _put_files(file, manifest) if replace else count
    return Restored(made_at, sum(manifest["tables"].values()), count, applied, earlier)


def _refuse_unless_free(replace: bool) -> None:
    tables = set(database.database.get_tables())
    if "heartbeat" in tables and any(heartbeat.seen_lately(each) for each in ("worker", "clock")):
        raise CannotRestore(
            both(
                "The worker or the clock runs on this database. Stop all processes first.",
                "このデータベースで worker か clock が動いています。先に、すべて止めてください。",
            )
        )
    filled = [
        each
        for each in KNOWN_BY
        if each in tables and database.execute(f'SELECT 1 FROM "{each}" LIMIT 1').fetchone()  # noqa: S608 -- names of our own
    ]
    if filled and not replace:
        raise CannotRestore(
            both(
                "The database is not empty (there are rows in {filled}). Give an empty one in DATABASE_URL, or "
                "--replace to put the backup in its place.",
                "データベースが空ではありません（{filled} に行があります）。"
                "DATABASE_URL に空のデータベースを指定するか、コマンド manage.py restore に --replace を付けて、"
                "置きかえてください。",
                filled=", ".join(filled),
            )
        )


def _put_sqlite(
    file: zipfile.ZipFile, _manifest: dict[str, Any], made_at: datetime
) -> tuple[list[str], Path | None]:
    url = settings.current().database_url
    path = Path(url.removeprefix("sqlite:///"))
    database.close()
    with TemporaryDirectory(dir=path.parent) as folder:
        fresh = Path(file.extract(SQLITE_FILE, folder))
        database.connect(f"sqlite:///{fresh}")
        try:
            applied = database.migrate()
            with write_transaction():
                sending_held.hold(made_at)
        finally:
            database.close()
        connection = sqlite3.connect(fresh)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        earlier = None
        if path.exists():
            old = sqlite3.connect(path)
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            old.close()
            earlier = path.with_name(f"{path.name}.before-{localtime.machine_now():%Y%m%d-%H%M%S}")
            path.replace(earlier)
        for left in ("-wal", "-shm"):
            path.with_name(path.name + left).unlink(missing_ok=True)
        fresh.replace(path)
    database.connect(url)
    return applied, earlier


def _put_postgres(
    file: zipfile.ZipFile, manifest: dict[str, Any], made_at: datetime
) -> tuple[list[str], Path | None]:
    runner = Runner(database.database.obj, str(MIGRATIONS))
    if set(runner.applied()) != set(manifest["migrations"]):
        _drop_all()
        runner.up(manifest["migrations"][-1])
    database.close()
    connection = psycopg2.connect(settings.current().database_url)
    try:
        with connection, connection.cursor() as cursor:
            _fill(cursor, file, manifest)
            if "sending_hold" in manifest["tables"]:
                cursor.execute("DELETE FROM sending_hold")
                cursor.execute(
                    "INSERT INTO sending_hold (name, held_at, data_from) VALUES (%s, %s, %s)",
                    (sending_held.NAME, database.stored(localtime.now()), database.stored(made_at)),
                )
    finally:
        connection.close()
    applied = database.migrate()
    if sending_held.current() is None:
        with write_transaction():
            sending_held.hold(made_at)
    return applied, None


def _drop_all() -> None:
    with write_transaction():
        for (table,) in database.execute(snapshot.TABLES).fetchall():
            database.execute(f'DROP TABLE IF EXISTS "{table}" CASCADE')


def _fill(cursor: Any, file: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    tables = [each for each in manifest["tables"] if each != "schema_migration"]
    cursor.execute("TRUNCATE " + ", ".join(f'"{each}"' for each in tables) + " CASCADE")
    cursor.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid <> confrelid"
    )
    needed: dict[str, set[str]] = {each: set() for each in tables}
    for table, other in cursor.fetchall():
        needed.setdefault(table.strip('"'), set()).add(other.strip('"'))
    for table in TopologicalSorter(needed).static_order():
        if table not in manifest["tables"] or table == "schema_migration":
            continue
        with file.open(f"tables/{table}.copy") as source:
            cursor.copy_expert(f"COPY {snapshot.named(table, manifest['columns'][table])} FROM STDIN", source)
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 -- the manifest's names
        if (count := cursor.fetchone()[0]) != manifest["tables"][table]:
            raise CannotRestore(f"{table} has {count} rows and should have {manifest['tables'][table]}.")
    cursor.execute(
        "SELECT tablename, pg_get_serial_sequence(quote_ident(tablename), 'id') FROM pg_tables "
        "WHERE schemaname = 'public' AND EXISTS (SELECT 1 FROM information_schema.columns c "
        "WHERE c.table_schema = 'public' AND c.table_name = tablename AND c.column_name = 'id')"
    )
    for table, sequence in cursor.fetchall():
        if sequence:
            cursor.execute(
                f"SELECT setval('{sequence}', COALESCE((SELECT MAX(id) FROM \"{table}\"), 0) + 1, false)"  # noqa: S608 -- names of the schema
            )


def _put_files(file: zipfile.ZipFile, manifest: dict[str, Any]) -> int:
    keys = [name for name in manifest["members"] if name.startswith(FILES)]
    folder = settings.current().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    for name in keys:
        with TemporaryDirectory(dir=folder) as temporary:
            path = Path(temporary) / "file"
            with file.open(name) as source, path.open("wb") as target:
                snapshot.copied(cast(Any, source), snapshot.Sum(target))
            key = name.removeprefix(FILES)
            storage.put(key, path, mimetypes.guess_type(key)[0] or "application/octet-stream")
    return len(keys)
