"""Reads what each table and column of the export is called, in Japanese and English, and which tables are left out and
why (`fields.txt`). A test walks the schema and fails where a table or column is missing."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("fields.txt")
SECRET_COLUMNS = {"password_hash", "session_stamp", "reply_token", "retry_key"}
"""Columns that are never exported, whatever their table."""


@dataclass(frozen=True, slots=True)
class Words:
    """A name in both languages."""

    ja: str
    en: str

    def __str__(self) -> str:
        from flask_babel import get_locale  # only where pages are served: the clock exports without Flask

        return self.en if str(get_locale() or "ja") == "en" else self.ja


@dataclass(frozen=True, slots=True)
class Described:
    """What is described: tables, columns (`customer_id`, or `birthday.day`), and tables that are left out."""

    tables: dict[str, Words] = field(default_factory=dict)
    columns: dict[str, Words] = field(default_factory=dict)
    left_out: dict[str, Words] = field(default_factory=dict)


@lru_cache(maxsize=1)
def described() -> Described:
    """All that `fields.txt` says. Raises ValueError for a line that cannot be read."""
    found = Described()
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, ja, en = line.split("|")
        kind, _, rest = name.rpartition(" ")
        target = {"table": found.tables, "not": found.left_out, "": found.columns}[kind]
        target[rest] = Words(ja, en)
    return found


def table_words(table: str) -> str:
    """The table's name in the reader's language; its own name where it has none."""
    return str(described().tables.get(table, table))


def field_words(table: str, column: str) -> str:
    """The column's name in the reader's language."""
    words = of_column(table, column) or of_column(table, f"{column}_id")
    return column if words is None else str(words)


def of_column(table: str, column: str) -> Words | None:
    """What that column of the table is called; None where nothing says so."""
    columns = described().columns
    return columns.get(f"{table}.{column}") or columns.get(column)
