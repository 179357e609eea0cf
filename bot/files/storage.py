"""Stores our files under keys: what customers and staff sent, the public copies of pictures, files to import.

On this machine's disk under DATA_DIR, or with MEDIA_STORE=s3 in a bucket (`bot/files/s3.py`). A key is a path
of our own making, such as `media/12`. `put` and `find` use the network then: not inside a transaction.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

import peewee

from bot import localtime
from bot.config import settings
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, write_transaction

MOST_DELETED_AT_ONCE = 100
FOLDERS = ("media", "voices", "imports")
"""The first parts of keys: what customers and staff sent, public copies of pictures, and files of the shop until they
are imported. `put` takes no others, so that a backup, which holds these folders, has every file."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored file, open for reading from any place in it."""

    file: BinaryIO
    byte_count: int


class FileToDelete(Model):
    """A file in the bucket that nobody may see any more; the clock deletes it after the transaction that says
    so."""

    key = peewee.CharField(200, unique=True)
    requested_at = UtcDateTimeField(column_name="owed_at")

    class Meta:
        table_name = "file_to_delete"


def put(key: str, content: bytes | Path, content_type: str) -> None:
    """Store these bytes, or this finished file (which is moved), under that key. Raises OSError, and ValueError for a
    key outside FOLDERS."""
    if key.partition("/")[0] not in FOLDERS:
        raise ValueError(f"{key!r}: add the first part of this key to FOLDERS in bot/files/storage.py")
    if _in_bucket():
        from bot.files import s3  # imported only where it is needed

        s3.put(key, content, content_type)
        if isinstance(content, Path):
            content.unlink()
        return
    path = _path(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if isinstance(content, Path):
        content.replace(path)
        return
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def find(key: str) -> Stored | None:
    """The file under that key; close it after reading. None when there is none. Raises OSError."""
    if _in_bucket():
        from bot.files import s3

        found = s3.find(key)
        return None if found is None else Stored(*found)
    try:
        file = _path(key).open("rb")
    except FileNotFoundError:
        return None
    return Stored(file, os.fstat(file.fileno()).st_size)


def all_keys() -> Iterator[str]:
    """The keys of all stored files, in no order. Raises OSError."""
    if _in_bucket():
        from bot.files import s3

        for name in FOLDERS:
            yield from s3.all_keys(name)
        return
    root = settings.current().data_dir
    for name in FOLDERS:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and path.suffix != ".part" and not path.name.startswith("tmp"):
                yield path.relative_to(root).as_posix()


def discard(key: str) -> None:
    """Delete what is under that key: at once on this machine, in a bucket soon after the open transaction."""
    if _in_bucket():
        discard_later(key)
    else:
        _path(key).unlink(missing_ok=True)


def discard_later(key: str) -> None:
    """Have the clock delete what is under that key, soon after the open transaction and only if that is committed."""
    database.require_transaction()
    now = localtime.now()
    if insert_once(FileToDelete, key=key, requested_at=now) is None:
        FileToDelete.update(requested_at=now).where(FileToDelete.key == key).execute()


def delete_discarded() -> int:
    """Delete the files that `discard` noted, oldest first; returns how many. Raises OSError while the storage
    is away."""
    due = list(FileToDelete.select().order_by(FileToDelete.id).limit(MOST_DELETED_AT_ONCE))
    for row in due:
        if _in_bucket():
            from bot.files import s3

            s3.delete(row.key)
        else:  # MEDIA_STORE was s3 when this was requested
            _path(row.key).unlink(missing_ok=True)
        with write_transaction():
            # Requested again meanwhile, there may be a new file: it is deleted the next time.
            as_before = (FileToDelete.id == row.id) & (FileToDelete.requested_at == row.requested_at)
            FileToDelete.delete().where(as_before).execute()
    return len(due)


def _in_bucket() -> bool:
    return settings.current().media_store == "s3"


def _path(key: str) -> Path:
    return settings.current().data_dir / key


erasure.nothing("It names files by keys of our own, for a minute.", FileToDelete)
