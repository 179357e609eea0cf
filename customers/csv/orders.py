"""Reads the orders of a shop's CSV file; every row that cannot be used is reported with its reason.

UTF-8 or Shift_JIS, comma or tab, Japanese column names, several rows an order, consecutive or not. Combining
one order's rows is `order_group.py`'s; storing the orders is `order_import.py`'s.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from customers.csv import columns as order_columns
from customers.csv import records
from customers.csv.cells import number_of, shown_of
from customers.csv.columns import Columns
from customers.csv.order_group import BadRow, GoodOrder, OrderRows, UnfinishedOrder
from customers.csv.presets import ColumnMap
from customers.csv.records import Record, UnreadableFile
from customers.values.sentence import Sentence, english

__all__ = ["BadRow", "GoodOrder", "OrderFile", "UnfinishedOrder"]


@dataclass
class _RowPositions:
    """Where orders have their rows, as far as it must be known before the first order is complete."""

    runs_left: Counter[int] = field(default_factory=Counter)
    """For orders whose rows are not consecutive: in how many runs they come. Keyed by the hash of the order's
    number, which takes a few bytes where a file may hold a million orders; two numbers with the same hash
    only stay open longer."""
    broken: dict[int, int] = field(default_factory=dict)
    """For orders with an unreadable row: its line."""


class OrderFile:
    """A CSV file with its encoding, delimiter and columns detected. Raises UnreadableFile otherwise.

    Without `must_be_complete`, a file without a required column is opened too: `lacking` says so, and no order
    of it can be read.
    """

    def __init__(
        self, path: Path, columns: ColumnMap | None = None, *, must_be_complete: bool = True
    ) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.bytes_read = 0
        self.encoding = records.encoding_of(path)
        self.delimiter = self._delimiter()
        header = next(iter(records.records(self._lines(), self.delimiter)), None)
        if header is None:
            raise UnreadableFile(
                Sentence(
                    "ファイルが空です。1行目に列の名前、2行目から注文を書いてください。",
                    "The file is empty. Write the names of the columns in line 1 and the orders from line 2 on.",
                )
            )
        if header.fault:
            raise UnreadableFile(
                Sentence(
                    f"{header.line}行目（列の名前）が読めません: {header.fault}。",
                    f"Line {header.line} (the names of the columns) cannot be read: {english(header.fault)}.",
                )
            )
        self.columns = order_columns.read_header(header.cells, columns)
        self.header = header.cells
        if absent := order_columns.unknown_own(header.cells, columns or ColumnMap()):
            raise UnreadableFile(
                Sentence(
                    f"shop.toml の [orders.columns] にある列「{absent[0]}」が、このファイルにありません。",
                    f"The column “{absent[0]}” of [orders.columns] in shop.toml is not in this file.",
                )
            )
        self.lacking = order_columns.missing(self.columns, header.cells) or ""
        if self.lacking and must_be_complete:
            raise UnreadableFile(self.lacking)

    def orders(self) -> Iterator[GoodOrder | BadRow | UnfinishedOrder]:
        """Yields each order once its last row was read. Memory grows only with the orders whose rows are not
        consecutive."""
        places = self._row_positions()
        apart: dict[str, OrderRows] = {}
        group: OrderRows | None = None
        for record in self._rows():
            number = number_of(record, self.columns)
            if fault := record.fault or _column_count_fault(record, self.columns):
                yield BadRow(record.line, fault, order_columns.masked(number))
                continue
            if group is None or number != group.number or not number:
                if group is not None:
                    yield from self._end_of_run(group, places, apart)
                group = apart.get(number) or OrderRows(number, record.line, shown_of(record, self.columns))
            if hash(number) in places.runs_left:
                group.add_apart(record, self.columns)
            else:
                group.add(record, self.columns)
        if group is not None:
            yield from self._end_of_run(group, places, apart)

    def _end_of_run(
        self, group: OrderRows, places: _RowPositions, apart: dict[str, OrderRows]
    ) -> Iterator[GoodOrder | BadRow | UnfinishedOrder]:
        """Ends a run of rows: yields the order unless more of its rows follow further down."""
        key = hash(group.number)
        if group.number and key in places.runs_left:
            places.runs_left[key] -= 1
            if places.runs_left[key] > 0:
                apart[group.number] = group
                return
            apart.pop(group.number, None)
        yield from group.finished(self.columns, places.broken.get(key) if group.number else None)

    def _row_positions(self) -> _RowPositions:
        """Reads the whole file once, before the orders are read."""
        places, runs, before = _RowPositions(), array("q"), ""
        for record in self._rows():
            number = number_of(record, self.columns)
            if record.fault or _column_count_fault(record, self.columns):
                places.broken.setdefault(hash(number), record.line)
            elif number and number != before:
                runs.append(hash(number))
                before = number
            elif not number:
                before = ""
        in_order = sorted(runs)
        twice = {first for first, second in pairwise(in_order) if first == second}
        places.runs_left = Counter(run for run in runs if run in twice)
        return places

    def _rows(self) -> Iterator[Record]:
        rows = records.records(self._lines(), self.delimiter)
        next(rows, None)
        return rows

    def _delimiter(self) -> str:
        first = next((line for line in self._lines() if line.strip()), "")
        known = {
            delimiter: len(order_columns.read_header(_split(first, delimiter)).positions)
            for delimiter in (",", "\t")
        }
        return max(known, key=lambda delimiter: known[delimiter])

    def _lines(self) -> Iterator[str]:
        self.bytes_read = 0
        for line in records.raw_lines(self.path):
            self.bytes_read += len(line)
            yield line.decode(self.encoding)


def _column_count_fault(record: Record, columns: Columns) -> str:
    cells = len(record.cells)
    if cells < columns.width:
        return Sentence(
            f"列が足りません（見出しは{columns.width}列、この行は{cells}列）",
            f"too few cells ({columns.width} in the header, {cells} in this row)",
        )
    if any(cell.strip() for cell in record.cells[columns.width :]):
        return Sentence(
            f"列が多すぎます（見出しは{columns.width}列、この行は{cells}列）。"
            'カンマの入った値は引用符（"）で囲んでください',
            f"too many cells ({columns.width} in the header, {cells} in this row). "
            'Put values with commas into quotation marks (")',
        )
    return ""


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter)]
