"""The file of a backup: a ZIP with the database, the pictures, and a manifest of counts and checksums; making it, and
reading it again to see that it is whole."""

import json
import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from bot import localtime
from bot.backups import snapshot
from bot.backups.snapshot import SQLITE_FILE, Sum
from bot.db import database
from bot.files import storage
from bot.text.two_languages import both

MANIFEST = "manifest.json"
FORMAT = 1
FILES = "files/"
PART = ".part"
LARGEST_MANIFEST_BYTES = 50_000_000
"""It is read into memory; that of a shop with a hundred thousand pictures has 20 MB."""


class DamagedBackup(Exception):
    """The file is no backup, or is damaged. The text says what is wrong, in both languages
    (`bot/text/two_languages.py`)."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    path: Path
    manifest: dict[str, Any]

    @property
    def byte_count(self) -> int:
        """Its size."""
        return self.path.stat().st_size


Progress = Callable[[int, int], None]
"""Called now and then with the bytes that are done and about how many there are."""


def make(folder: Path, progress: Progress = lambda _done, _total: None) -> Made:
    """Make a backup in that folder, which others may not read. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made_at = localtime.machine_now()
    path = folder / f"goen-{localtime.local(made_at):%Y%m%d-%H%M%S}.zip"
    part = path.with_suffix(PART)
    total, done = snapshot.size(), 0

    def add(count: int) -> None:
        nonlocal done
        before, done = done, done + count
        if before >> 23 != done >> 23:  # every 8 MB
            progress(done, max(total, done))

    try:
        part.touch(mode=0o600)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            written = snapshot.write(file, add)
            written["members"] |= _write_files(file, add)
            manifest = {
                "format": FORMAT,
                "made_at": made_at.astimezone(UTC).isoformat(),
                "shop_time_at": localtime.now().astimezone(UTC).isoformat(),
                "database": "postgresql" if database.is_postgres() else "sqlite",
                **written,
            }
            file.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        with part.open("rb") as stored:
            os.fsync(stored.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Made(path, manifest)


def _write_files(file: zipfile.ZipFile, add: Callable[[int], None]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key in storage.all_keys():
        found = storage.find(key)
        if found is None:
            continue  # deleted since
        member = zipfile.ZipInfo(FILES + key)
        member.compress_type = zipfile.ZIP_STORED  # pictures are compressed already
        with found.file, file.open(member, "w", force_zip64=True) as target:
            summed = Sum(target, add)
            snapshot.copied(found.file, summed)
        members[FILES + key] = summed.facts
    return members


def manifest_of(file: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest. Raises DamagedBackup."""
    try:
        if file.getinfo(MANIFEST).file_size > LARGEST_MANIFEST_BYTES:
            raise ValueError("its manifest is too large")
        manifest = json.loads(file.read(MANIFEST))
        if not isinstance(manifest, dict):
            raise ValueError("its manifest is no object")
    except (KeyError, ValueError) as error:
        raise DamagedBackup(
            both(
                "It has no readable {manifest}: it is no backup of Goen.",
                "{manifest} が読めません。Goenのバックアップではないようです。",
                manifest=MANIFEST,
            )
        ) from error
    if manifest.get("format") != FORMAT:
        raise DamagedBackup(
            both(
                "It was made by a newer version of Goen. Update, then restore.",
                "もっと新しい版のGoenで取ったバックアップです。Goenを新しくしてから、戻してください。",
            )
        )
    return cast(dict[str, Any], manifest)


def verify(path: Path) -> dict[str, Any]:
    """Read every byte of the file and compare checksums and counts; of SQLite, open the copy as well. Returns the
    manifest. Raises DamagedBackup."""
    try:
        with zipfile.ZipFile(path) as file:
            manifest = manifest_of(file)
            for name, facts in manifest["members"].items():
                if {"..", ""} & set(name.split("/")):
                    raise KeyError(name)
                summed = Sum(_Nowhere())
                with file.open(name) as source:
                    snapshot.copied(cast(Any, source), summed)
                if summed.hexdigest != facts["sha256"]:
                    raise DamagedBackup(
                        both(
                            "{name} is damaged: its checksum differs.",
                            "中の {name} がこわれています（チェックサムが合いません）。",
                            name=name,
                        )
                    )
                table = name.removeprefix("tables/").removesuffix(".copy")
                if name.startswith("tables/") and summed.line_count != manifest["tables"][table]:
                    raise DamagedBackup(_wrong_count(name))
            if SQLITE_FILE in manifest["members"]:
                _verify_sqlite(file, manifest, path.parent)
    except (OSError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DamagedBackup(
            both(
                "It cannot be read: {error}",
                "読めません。Goenのバックアップではないか、途中で切れているか、こわれています（{error}）。",
                error=error,
            )
        ) from error
    return manifest


def _verify_sqlite(file: zipfile.ZipFile, manifest: dict[str, Any], beside: Path) -> None:
    with TemporaryDirectory(dir=beside) as folder:
        copy = Path(file.extract(SQLITE_FILE, folder))
        try:
            counts, migrations = snapshot.sqlite_facts(copy)
        except ValueError as error:
            raise DamagedBackup(str(error)) from error
    if counts != manifest["tables"] or migrations != manifest["migrations"]:
        raise DamagedBackup(_wrong_count(SQLITE_FILE))


def _wrong_count(name: str) -> str:
    return both(
        "{name} does not have as many rows as it should.", "中の {name} の行の数が合いません。", name=name
    )


def made_at(manifest: dict[str, Any]) -> datetime:
    """When the backup was made, by the shop's time."""
    return datetime.fromisoformat(manifest["shop_time_at"])


class _Nowhere:
    def write(self, chunk: bytes) -> int:
        return len(chunk)
