"""Takes a file in, a part at a time: each part is one transaction that also says how far the file is.

A run that was killed goes on after its last part: what is stored is read past, nothing is stored twice, and the counts
stay true. When parts are taken is `handlers/import_jobs.py`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from peewee import chunked

from bot import localtime
from bot.db.database import write_transaction
from customers.csv import order_import
from customers.csv import products as csv_products
from customers.csv.import_report import COUNTS, ImportReport
from customers.csv.order_group import BadRow
from customers.csv.order_import import ORDERS_A_TRANSACTION, Batch, Found
from customers.csv.orders import OrderFile
from customers.csv.presets import ColumnMap
from customers.csv.products import ProductFile
from customers.csv.records import UnreadableFile
from customers.imports import files, imports, understanding
from customers.imports.tables import (
    DataImport,
    ImportOrder,
    ImportProduct,
    ImportRow,
    ImportState,
)
from customers.values.sentence import english

MOST_ROWS = 10_000
"""Rows of a file that are stored for the owner; further ones are only counted."""
ROWS_AT_ONCE = 200


class OvertakenError(Exception):
    """Another process goes on with this import, or it is no longer open."""


class OrderRun:
    """An import of orders that goes on in this process; `close` it."""

    def __init__(self, row: DataImport, path: Path | None = None) -> None:
        """Opens the file, the stored one unless a path is given, and goes to where the import has come.

        Raises UnreadableFile, FileNotFoundError, OSError.
        """
        self.row = row
        self._open = ExitStack()
        try:
            if path is None:
                path, _ = self._open.enter_context(files.opened(row.file_key))
            self.file = OrderFile(path, column_map(row, path))
            self._rows: Iterator[Found] = self.file.orders()
            self.done_count = int(row.done_count)
            next(islice(self._rows, self.done_count, self.done_count), None)
        except BaseException:
            self._open.close()
            raise
        self.report = ImportReport(self.file.encoding)
        self._stored_rows = ImportRow.select().where(ImportRow.data_import == row.id).count()

    def step(self) -> bool:
        """Take the next part in; False when the file is over. Raises Overtaken, and stores nothing then."""
        found = list(islice(self._rows, ORDERS_A_TRANSACTION))
        part = Batch(self.row.file_name, ImportReport(self.file.encoding))
        with write_transaction():
            self._claim(len(found), is_over=not found)
            part.take(found)
            _store_orders(self.row, part.outcomes)
            stored = _store_rows(self.row, part.report, MOST_ROWS - self._stored_rows)
            add_counts(self.row, {name: getattr(part.report, name) for name in COUNTS})
            if not found:
                finish(self.row)
        self.done_count += len(found)
        self._stored_rows += stored
        self.report.add(part.report)
        return bool(found)

    def close(self) -> None:
        """Close the file, and delete the copy of it."""
        self._open.close()

    def _claim(self, more: int, *, is_over: bool) -> None:
        """Note the progress first: of two processes with the same part, one waits here and then finds it done."""
        done_bytes = self.file.size if is_over else min(self.file.bytes_read, self.file.size)
        changed = (
            DataImport.update(
                done_count=self.done_count + more, done_bytes=done_bytes, encoding=self.file.encoding
            )
            .where(
                DataImport.id == self.row.id,
                DataImport.done_count == self.done_count,
                DataImport.state.in_([ImportState.WAITING, ImportState.COMMAND]),
            )
            .execute()
        )
        if changed != 1:
            raise OvertakenError


def take_products(row: DataImport, path: Path | None = None) -> csv_products.ProductReport:
    """Take a file of products in, as a whole, in one transaction.

    Raises UnreadableFile, FileNotFoundError, OSError, and OvertakenError when it was taken in before.
    """
    with ExitStack() as open_files:
        if path is None:
            path, _ = open_files.enter_context(files.opened(row.file_key))
        own = imports.columns_of(row, ProductFile(path, must_be_complete=False).header)
        file = ProductFile(path, own)
        with write_transaction():
            open_states = [ImportState.WAITING, ImportState.COMMAND]
            mine = (DataImport.id == row.id) & DataImport.state.in_(open_states)
            if (
                DataImport.update(done_bytes=row.byte_count, encoding=file.encoding).where(mine).execute()
                != 1
            ):
                raise OvertakenError
            report = csv_products.take(file)
            _store_products(row, report)
            finish(row)
    return report


def column_map(row: DataImport, path: Path) -> ColumnMap:
    """The columns in force for that file: those chosen for it or for its header, else the shop's own."""
    header = OrderFile(path, ColumnMap(), must_be_complete=False).header
    return understanding.with_choice(order_import.column_map(), imports.columns_of(row, header))


def fail(row: DataImport, unreadable: UnreadableFile) -> None:
    """Note that the file as a whole cannot be read; it is deleted, and may be given again."""
    said = unreadable.args[0]
    with write_transaction():
        DataImport.update(
            state=ImportState.FAILED, fault=str(said), fault_en=english(said), finished_at=localtime.now()
        ).where(DataImport.id == row.id).execute()
        imports.delete_file(row)


def finish(row: DataImport) -> None:
    """Note that the import is over, and delete its file."""
    DataImport.update(state=ImportState.DONE, finished_at=localtime.now()).where(
        DataImport.id == row.id
    ).execute()
    imports.delete_file(row)


def add_counts(row: DataImport, counts: dict[str, int]) -> None:
    """Add a part's counts to those of the import."""
    text = DataImport.select(DataImport.counts).where(DataImport.id == row.id).scalar()
    sums: dict[str, int] = json.loads(str(text))
    for name, count in counts.items():
        if count:
            sums[name] = sums.get(name, 0) + count
    DataImport.update(counts=json.dumps(sums)).where(DataImport.id == row.id).execute()


def _store_orders(row: DataImport, outcomes: dict[str, str]) -> None:
    rows = [
        {"data_import": row.id, "order_number": number, "outcome": outcome}
        for number, outcome in sorted(outcomes.items())
    ]
    if rows:
        ImportOrder.insert_many(rows).on_conflict_ignore().execute()


def _store_rows(row: DataImport, report: ImportReport, most: int) -> int:
    listed = [
        (kind, each)
        for kind, found in (
            ("bad", report.bad),
            ("conflict", report.conflicts),
            ("parked", report.parked),
            ("note", report.notes),
        )
        for each in found
    ]
    listed.sort(key=lambda pair: pair[1].line)
    return _insert_rows(row, listed[: max(0, most)])


def _insert_rows(row: DataImport, listed: list[tuple[str, BadRow]]) -> int:
    rows: list[dict[str, Any]] = [
        {
            "data_import": row.id,
            "line": each.line,
            "kind": kind,
            "reason": str(each.reason),
            "reason_en": english(each.reason),
            "shown": str(each.shown),
            "shown_en": english(each.shown),
        }
        for kind, each in listed
    ]
    for part in chunked(rows, ROWS_AT_ONCE):
        ImportRow.insert_many(part).execute()
    return len(rows)


def _store_products(row: DataImport, report: csv_products.ProductReport) -> None:
    merged: dict[str, tuple[dict[str, Any] | None, dict[str, Any]]] = {}
    for change in report.changes:  # a file may have a product twice: the values before its first row hold
        before, after = merged.get(change.sku, (change.before, {}))
        if before is not None:
            before = (change.before or {}) | before
        merged[change.sku] = before, after | change.after
    changes = [
        {
            "data_import": row.id,
            "sku": sku,
            "before": "" if before is None else json.dumps(before, ensure_ascii=False),
            "after": json.dumps(after, ensure_ascii=False),
        }
        for sku, (before, after) in merged.items()
    ]
    for part in chunked(changes, ROWS_AT_ONCE):
        ImportProduct.insert_many(part).on_conflict_ignore().execute()
    bad = [
        ("bad", BadRow(line, csv_products.reason_in_words(reason), ""))
        for line, reason in report.bad[:MOST_ROWS]
    ]
    _insert_rows(row, bad)
    same = report.stored_count - report.new_count - report.changed_count
    counts = {
        "new_count": report.new_count,
        "changed_count": report.changed_count,
        "known_count": same,
        "bad_count": len(report.bad),
    }
    add_counts(row, counts)
