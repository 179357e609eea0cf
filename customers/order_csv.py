"""Decides which orders a shop's CSV file holds: good ones are kept, every bad row is named with its reason.

UTF-8 or Shift_JIS, comma or tab, Japanese column names, several rows an order. What becomes of the orders is
decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from customers import csv_records, order_columns, order_rows, order_values, postal
from customers.csv_records import Record, UnreadableFile
from customers.order_columns import ITEM, NAMING, SHOWN, Columns
from customers.order_presets import ColumnMap
from customers.order_rows import MAX_ITEMS, OrderIn
from customers.order_values import BadValue
from customers.order_words import LABELS, Problem

_FORMULA_TEXT = re.compile(r'\A="([^"]*)"\Z')
_ROUNDED = re.compile(r"\A\d(\.\d{1,99})?E\+\d{1,3}\Z", re.IGNORECASE | re.ASCII)
_OF_ORDER = ("ordered_at", "total_yen", *NAMING)


@dataclass(frozen=True)
class GoodOrder:
    """An order and the line it begins on."""

    line: int
    order: OrderIn
    shown: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True)
class Unfinished:
    """An order that is none yet: it was never paid, or not to the end."""

    line: int


@dataclass(frozen=True)
class BadRow:
    """A row that could not be used: why, in Japanese, and what may be shown of it."""

    line: int
    reason: str
    shown: str


class OrderFile:
    """A CSV file whose encoding, delimiter and columns are understood. Raises UnreadableFile otherwise."""

    def __init__(self, path: Path, columns: ColumnMap | None = None) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.bytes_read = 0
        self.encoding = csv_records.encoding_of(path)
        self.delimiter = self._delimiter()
        header = next(iter(csv_records.records(self._lines(), self.delimiter)), None)
        if header is None:
            raise UnreadableFile("ファイルが空です。1行目に列の名前、2行目から注文を書いてください。")
        if header.fault:
            raise UnreadableFile(f"{header.line}行目（列の名前）が読めません: {header.fault}。")
        self.columns = order_columns.read_header(header.cells, columns)
        if absent := order_columns.unknown_own(header.cells, columns or ColumnMap()):
            raise UnreadableFile(
                f"shop.toml の [orders.columns] にある列「{absent[0]}」が、このファイルにありません。"
            )
        if lacking := order_columns.missing(self.columns, header.cells):
            raise UnreadableFile(lacking)

    def orders(self) -> Iterator[GoodOrder | BadRow | Unfinished]:
        """The orders in the file's order, each once its last row was read; memory stays flat."""
        rows = csv_records.records(self._lines(), self.delimiter)
        next(rows, None)
        group: _Group | None = None
        broken = ("", 0)
        for record in rows:
            number = _cell(record, self.columns, "order_number")
            if fault := record.fault or _misfit(record, self.columns):
                yield BadRow(record.line, fault, order_columns.masked(number))
                broken = (number, record.line)
                if group is not None and group.number == number:
                    group.broken_by = record.line
                continue
            if group is None or number != group.number or not number:
                if group is not None:
                    yield from group.finished(self.columns)
                group = _Group(number, record.line, _shown(record, self.columns))
                group.broken_by = broken[1] if number and number == broken[0] else None
            group.add(record, self.columns)
        if group is not None:
            yield from group.finished(self.columns)

    def _delimiter(self) -> str:
        first = next((line for line in self._lines() if line.strip()), "")
        known = {
            delimiter: len(order_columns.read_header(_split(first, delimiter)).positions)
            for delimiter in (",", "\t")
        }
        return max(known, key=lambda delimiter: known[delimiter])

    def _lines(self) -> Iterator[str]:
        self.bytes_read = 0
        for line in csv_records.raw_lines(self.path):
            self.bytes_read += len(line)
            yield line.decode(self.encoding)


@dataclass
class _Group:
    """The rows of one order, which stand together in the file."""

    number: str
    line: int
    shown: str
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    delivery: dict[str, str] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    broken_by: int | None = None
    sum_yen: int = 0
    states: set[str] = field(default_factory=set)

    def add(self, record: Record, columns: Columns) -> None:
        self.states.add(_cell(record, columns, "state"))
        if columns.preset.total_of_lines:
            self._add_amounts(record, columns)
        for name in _OF_ORDER:
            text = _cell(record, columns, name)
            if name == "total_yen" and columns.preset.total_of_lines:
                continue
            # Some systems write the order's own values in its first row only.
            if text and self.texts.setdefault(name, text) != text:
                self._fault(record, name, "disagree")
        # Rows may go to different places: the first that can be read stands for the order.
        self.delivery = self.delivery or _delivery(record, columns)
        if columns.is_item and record.cells[columns.is_item[0]].strip() != columns.is_item[1]:
            return
        item = {name: _cell(record, columns, name) for name in ITEM}
        if item["name"].startswith(columns.preset.no_items):
            return
        if (item["sku"] or item["name"]) and len(self.items) <= MAX_ITEMS:
            self.items.append(self._item(record, item))

    def finished(self, columns: Columns) -> Iterator[GoodOrder | BadRow | Unfinished]:
        """The order if all of it is good; half an order is none."""
        if self.broken_by is not None:
            reason = f"同じ注文の{self.broken_by}行目が読めないため、この注文は取り込みませんでした"
            yield BadRow(self.line, reason, self.shown)
            return
        if _ROUNDED.match(self.number):
            self.problems.append((self.line, Problem("order_number", "rounded")))
        if self.states & set(columns.preset.unfinished_words):
            yield Unfinished(self.line)
            return
        if columns.preset.total_of_lines:
            self.texts["total_yen"] = str(self.sum_yen)
        values: dict[str, Any] = {
            "order_number": self.number,
            **self.texts,
            **self.delivery,
            "items": self.items,
        }
        if "total_yen" in self.texts:
            values["total_yen"] = self._read(
                self.line, "total_yen", order_values.yen, self.texts["total_yen"]
            )
        told = order_rows.read(_without_unreadable_addresses(values))
        if isinstance(told, OrderIn) and not self.problems:
            yield GoodOrder(self.line, told, self.shown, self._is_cancelled(columns))
            return
        faults = [problem for _, problem in self.problems]
        seen = {problem.field for problem in faults}
        if not isinstance(told, OrderIn):
            faults += [each for each in told if each.field not in seen]
        line = self.problems[0][0] if self.problems else self.line
        yield BadRow(line, "／".join(problem.in_japanese() for problem in faults), self.shown)

    def _is_cancelled(self, columns: Columns) -> bool:
        """Only as a whole: a line that was taken off leaves an order."""
        return all(any(word in state for word in columns.cancelled_words) for state in self.states)

    def _add_amounts(self, record: Record, columns: Columns) -> None:
        """The row's own amount; postage and fees stand in every row and count once."""
        is_first = not self.texts
        amounts = [_cell(record, columns, "total_yen")]
        amounts += [record.cells[position].strip() for position in columns.extra_yen if is_first]
        self.sum_yen += sum(
            self._read(record.line, "total_yen", order_values.yen, text) for text in amounts if text
        )

    def _item(self, record: Record, texts: dict[str, str]) -> dict[str, Any]:
        item: dict[str, Any] = {"sku": texts["sku"], "name": texts["name"]}
        for name, reader in (("quantity", order_values.quantity), ("unit_yen", order_values.yen)):
            if texts[name]:
                item[name] = self._read(record.line, name, reader, texts[name])
        return item

    def _read(self, line: int, name: str, reader: Any, text: str) -> int:
        try:
            return int(reader(text))
        except BadValue as bad:
            self.problems.append((line, Problem(name, bad.code)))
            return 1

    def _fault(self, record: Record, name: str, code: str) -> None:
        if len(self.problems) < MAX_ITEMS:
            self.problems.append((record.line, Problem(name, code)))


def _without_unreadable_addresses(values: dict[str, Any]) -> dict[str, Any]:
    """An address that cannot be read is left out when something better names the customer."""
    if not (values.get("line_user_id") or values.get("customer_number")):
        return values
    kept = dict(values)
    for name, reader in (("email", order_values.email), ("phone", order_values.phone)):
        try:
            reader(kept.get(name, ""))
        except BadValue:
            kept.pop(name, None)
    return kept


def _delivery(record: Record, columns: Columns) -> dict[str, str]:
    for code, lines in columns.places:
        address = " ".join(record.cells[line] for line in lines)
        if found := postal.if_readable(record.cells[code], address):
            return found
    return {}


def _misfit(record: Record, columns: Columns) -> str:
    cells = len(record.cells)
    if cells < columns.width:
        return f"列が足りません（見出しは{columns.width}列、この行は{cells}列）"
    if any(cell.strip() for cell in record.cells[columns.width :]):
        return (
            f"列が多すぎます（見出しは{columns.width}列、この行は{cells}列）。"
            'カンマの入った値は引用符（"）で囲んでください'
        )
    return ""


def _cell(record: Record, columns: Columns, name: str) -> str:
    position = columns.positions.get(name)
    if position is None or position >= len(record.cells):
        return ""
    text = record.cells[position].strip()
    # ="00123" is how spreadsheets are told to keep leading zeros; nothing is ever computed here.
    formula = _FORMULA_TEXT.match(text)
    return formula[1].strip() if formula else text


def _shown(record: Record, columns: Columns) -> str:
    parts = [(LABELS[name], order_columns.masked(_cell(record, columns, name))) for name in SHOWN]
    return "、".join(f"{label} {value}" for label, value in parts if value)


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split(delimiter)]
