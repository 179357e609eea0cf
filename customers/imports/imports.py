"""Records imports: one row for each file, each file once; begun, discarded and listed. The work is `progress.py`'s."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import IO

from bot import localtime
from bot.db.database import insert_once, require_transaction, write_transaction
from bot.files import storage
from customers.imports import files
from customers.imports.tables import (
    DataImport,
    ImportColumns,
    ImportKind,
    ImportRow,
    ImportState,
)

PREVIEW_LASTS = timedelta(days=1)
"""A file that nobody imported is deleted after this."""
LISTED = 50
OPEN = (ImportState.WAITING, ImportState.UNDO, ImportState.UNDOING)
"""States in which the clock has something to do."""


class AlreadyImported(Exception):
    """This very file was imported before; `earlier` says when and by whom."""

    def __init__(self, earlier: DataImport) -> None:
        super().__init__(earlier.file_name)
        self.earlier = earlier


def receive(kind: ImportKind, stream: IO[bytes], file_name: str, staff_id: int | None) -> DataImport:
    """Store an uploaded file for its preview. The same file again leads to the same preview.

    Raises AlreadyImported, `files.TooLarge`, and OSError when the storage cannot be reached.
    """
    received, key = files.receive(stream, kind)
    once_key = f"{kind}:{received.checksum}"
    with write_transaction():
        insert_once(
            DataImport,
            kind=kind,
            file_name=plain_name(file_name),
            byte_count=received.byte_count,
            checksum=received.checksum,
            once_key=once_key,
            file_key=key,
            state=ImportState.PREVIEW,
            made_at=localtime.now(),
            made_by_id=staff_id,
        )
        found: DataImport = DataImport.get(DataImport.once_key == once_key)
        if found.state == ImportState.FAILED:
            again = {"state": ImportState.PREVIEW, "file_key": key, "made_at": localtime.now()}
            DataImport.update(fault="", fault_en="", **again).where(DataImport.id == found.id).execute()
        elif found.state not in (ImportState.PREVIEW, ImportState.WAITING):
            storage.discard(key)
            raise AlreadyImported(found)
    return find(found.id) or found


def begin_command(kind: ImportKind, file_name: str, byte_count: int) -> DataImport:
    """The record of an import that a command runs by itself, of a file on this machine."""
    require_transaction()
    row: DataImport = DataImport.create(
        kind=kind,
        file_name=plain_name(file_name),
        byte_count=byte_count,
        checksum="",
        state=ImportState.COMMAND,
        made_at=localtime.now(),
    )
    return row


def plain_name(file_name: str) -> str:
    """The file's name without folders and line breaks, short enough for its column."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    return " ".join(last.split())[:200] or "CSV"


def find(import_id: int) -> DataImport | None:
    """The import with that id."""
    found: DataImport | None = DataImport.get_or_none(DataImport.id == import_id)
    return found


def latest(limit: int = LISTED) -> list[DataImport]:
    """The newest imports; files that their owner discarded are left out."""
    shown = DataImport.select().where((DataImport.state != ImportState.DISCARDED) | (DataImport.fault != ""))
    return list(shown.order_by(DataImport.made_at.desc(), DataImport.id.desc()).limit(limit))


def next_open() -> DataImport | None:
    """The oldest import for which the clock has something to do."""
    waiting = DataImport.select().where(DataImport.state.in_(OPEN))
    found: DataImport | None = waiting.order_by(DataImport.id).first()
    return found


def choose_columns(
    row: DataImport, columns: Mapping[str, str], header: Sequence[str], staff_id: int | None
) -> None:
    """Store the columns that the owner chose: for this file, and for the next with the same header."""
    require_transaction()
    text = json.dumps(dict(columns), ensure_ascii=False)
    DataImport.update(columns=text).where(
        DataImport.id == row.id, DataImport.state == ImportState.PREVIEW
    ).execute()
    chosen = {"columns": text, "chosen_at": localtime.now(), "chosen_by_id": staff_id}
    key = header_key(header)
    if insert_once(ImportColumns, kind=row.kind, header_key=key, **chosen) is None:
        same = (ImportColumns.kind == row.kind) & (ImportColumns.header_key == key)
        ImportColumns.update(chosen).where(same).execute()


def columns_of(row: DataImport, header: Sequence[str]) -> dict[str, str]:
    """The columns chosen for this file; failing that, those chosen before for a file with this header."""
    if row.columns != "{}":
        return dict(json.loads(row.columns))
    return remembered(row.kind, header)


def remembered(kind: str, header: Sequence[str]) -> dict[str, str]:
    """The columns that the owner chose for files with this header; empty where none were."""
    same = (ImportColumns.kind == kind) & (ImportColumns.header_key == header_key(header))
    found: ImportColumns | None = ImportColumns.get_or_none(same)
    return dict(json.loads(found.columns)) if found is not None else {}


def header_key(header: Sequence[str]) -> str:
    """Identifies a header by its columns' names, in their order."""
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()


def begin(row: DataImport, columns: Mapping[str, str]) -> bool:
    """Let the clock import it with these columns; False when it was begun or discarded before."""
    require_transaction()
    text = json.dumps(dict(columns) or {"system": ""}, ensure_ascii=False)
    return _move(row, (ImportState.PREVIEW,), state=ImportState.WAITING, columns=text)


def discard(row: DataImport) -> bool:
    """Give up a file that was not imported, and delete it."""
    require_transaction()
    done = _move(row, (ImportState.PREVIEW, ImportState.FAILED), state=ImportState.DISCARDED, once_key=None)
    if done:
        delete_file(row)
    return done


def ask_to_undo(row: DataImport, staff_id: int | None) -> bool:
    """Let the clock undo it, if that can be; False when it is not over, or is undone."""
    require_transaction()
    return _move(row, (ImportState.DONE,), state=ImportState.UNDO, undone_by_id=staff_id, refusal="{}")


def discard_old() -> int:
    """Discard files that nobody imported within a day, and delete those of failed imports; returns how many. They hold
    addresses."""
    old = DataImport.made_at < localtime.now() - PREVIEW_LASTS
    count = 0
    for row in list(DataImport.select().where(old, DataImport.state == ImportState.PREVIEW)):
        with write_transaction():
            count += discard(row)
    failed = (DataImport.state == ImportState.FAILED) & (DataImport.file_key != "")
    for row in list(DataImport.select().where(old, failed)):
        with write_transaction():
            delete_file(row)
        count += 1
    return count


def delete_file(row: DataImport) -> None:
    """Delete the stored file, whose content is imported or given up."""
    if row.file_key:
        storage.discard(row.file_key)
        DataImport.update(file_key="").where(DataImport.id == row.id).execute()


def rows_of(row: DataImport, limit: int, after_id: int = 0) -> list[ImportRow]:
    """The rows that need a person, in the order of the file's parts."""
    mine = ImportRow.select().where(ImportRow.data_import == row.id, ImportRow.id > after_id)
    return list(mine.order_by(ImportRow.id).limit(limit))


def _move(row: DataImport, before: Sequence[ImportState], **columns: object) -> bool:
    changed = DataImport.update(columns).where(DataImport.id == row.id, DataImport.state.in_(list(before)))
    return bool(changed.execute() == 1)
