"""Reads single cells of an order CSV: a field's text, the order's number, what a report may show."""

import re
import unicodedata

from customers.csv import columns as order_columns
from customers.csv.columns import SHOWN, Columns
from customers.csv.records import Record
from customers.values import identities, parsing
from customers.values.faults import LABELS
from customers.values.parsing import BadValue
from customers.values.sentence import Sentence, english

_FORMULA_TEXT = re.compile(r'\A="([^"]*)"\Z')
# Exporters put an apostrophe before what a spreadsheet would read as a formula or a number.
_GUARD = re.compile(r"\A'(?=[=+\-@\d])")


def cell(record: Record, columns: Columns, name: str) -> str:
    """The row's text in the column of that field; empty when the file has no such column."""
    position = columns.positions.get(name)
    return "" if position is None else text_of(record, position)


def text_of(record: Record, position: int) -> str:
    """A cell's text without what is only for spreadsheets."""
    if position >= len(record.cells):
        return ""
    text = record.cells[position].strip()
    # ="00123" makes a spreadsheet keep leading zeros; formulas are never computed here.
    formula = _FORMULA_TEXT.match(text)
    return formula[1].strip() if formula else _GUARD.sub("", text, count=1)


def number_of(record: Record, columns: Columns) -> str:
    """The order's number in normal form; rows with the same form belong to one order."""
    text = cell(record, columns, "order_number")
    try:
        return identities.number(text)
    except BadValue:
        return text


def shown_of(record: Record, columns: Columns) -> str:
    """What the report may show of the row."""
    parts = [(name, order_columns.masked(cell(record, columns, name))) for name in SHOWN]
    there = [(name, value) for name, value in parts if value]
    return Sentence(
        "、".join(f"{LABELS[name]} {value}" for name, value in there),
        ", ".join(f"{name.replace('_', ' ')} {english(value)}" for name, value in there),
    )


def reads_the_same(first: str, second: str) -> bool:
    """Whether two cells differ only in width, case and invisible characters."""
    if first == second:
        return True
    one, other = (unicodedata.normalize("NFKC", parsing.visible(each)).casefold() for each in (first, second))
    return one.split() == other.split()
