"""Writes the whole shop into one ZIP of open formats: each table as CSV (with a BOM, for Excel) and as JSON Lines, the
pictures, and a README that says what every column is, in Japanese and English.

Rows are read in pieces in the order of their keys, so that memory stays small however large the shop is. Passwords,
keys and sessions are left out (`fields.txt`).
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model
from bot.files import storage
from bot.text import spreadsheet
from console.data import fields

ROWS_AT_ONCE = 2_000
README = "README.txt"
Progress = Callable[[int, int], None]


def tables() -> list[type[Model]]:
    """The tables that are exported, by name."""
    named = {str(each.model._meta.table_name): each.model for each in erasure.declarations()}
    return [named[name] for name in sorted(fields.described().tables) if name in named]


def columns_of(model: type[Model]) -> list[peewee.Field]:
    """The columns of that table that are exported."""
    return [each for each in model._meta.sorted_fields if each.column_name not in fields.SECRET_COLUMNS]


def write(path: Path, progress: Progress = lambda _done, _total: None) -> int:
    """Write the export to that path; the number of rows. Raises OSError."""
    models = tables()
    total = sum(model.select().count() for model in models)
    done = 0
    part = path.with_suffix(".part")
    try:
        part.touch(mode=0o600)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file:
            file.writestr(README, readme(models))
            for model in models:
                for count in _write_table(file, model, path.parent):
                    done += count
                    progress(done, max(total, done))
            _write_files(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return done


def _write_table(file: zipfile.ZipFile, model: type[Model], beside: Path) -> Iterator[int]:
    """Write both files of one table; yields how many rows went in since the last time."""
    name, columns = model._meta.table_name, columns_of(model)
    names = [each.column_name for each in columns]
    with TemporaryDirectory(dir=beside) as folder:
        lines = Path(folder) / "rows.jsonl"  # two members of a ZIP cannot be written at once
        with (
            file.open(f"csv/{name}.csv", "w", force_zip64=True) as raw,
            io.TextIOWrapper(raw, "utf-8-sig", newline="") as text,
            lines.open("w", encoding="utf-8") as rows,
        ):
            sheet = csv.writer(text)
            sheet.writerow(names)
            for some in _pieces(model, columns):
                for row in some:
                    values = [_plain(each) for each in row]
                    sheet.writerow(
                        [spreadsheet.harmless(each) if isinstance(each, str) else each for each in values]
                    )
                    rows.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n")
                yield len(some)
        with lines.open("rb") as source, file.open(f"jsonl/{name}.jsonl", "w", force_zip64=True) as target:
            while chunk := source.read(1 << 20):
                target.write(chunk)


def _pieces(model: type[Model], columns: list[peewee.Field]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in pieces, in the order of the primary key; each begins after the last row of the one before."""
    keys = model._meta.get_primary_keys()
    after: tuple[Any, ...] | None = None
    while True:
        query: Any = model.select(*columns, *keys).order_by(*keys).limit(ROWS_AT_ONCE)
        if after is not None:
            query = query.where(peewee.Tuple(*keys) > peewee.Tuple(*after))
        rows = list(query.tuples())
        if rows:
            yield [row[: len(columns)] for row in rows]
        if len(rows) < ROWS_AT_ONCE:
            return
        after = tuple(key.db_value(value) for key, value in zip(keys, rows[-1][len(columns) :], strict=True))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes | memoryview) else value


def _write_files(file: zipfile.ZipFile) -> None:
    for key in storage.all_keys():
        found = storage.find(key)
        if found is None:
            continue
        member = zipfile.ZipInfo(f"files/{key}")
        member.compress_type = zipfile.ZIP_STORED
        with found.file, file.open(member, "w", force_zip64=True) as target:
            while chunk := found.file.read(1 << 20):
                target.write(chunk)


def readme(models: list[type[Model]]) -> str:
    """What is in the export: every file and column in both languages, and what is left out and why."""
    said = fields.described()
    lines = [
        "お店のデータの書き出し / Export of the shop's data",
        f"{localtime.local(localtime.now()):%Y-%m-%d %H:%M}",
        "",
        "csv/    表計算ソフトで開けるCSV（UTF-8、BOM付き） / CSV for spreadsheets (UTF-8 with BOM)",
        "jsonl/  1行に1件のJSON（UTF-8） / JSON Lines, one row a line (UTF-8)",
        "files/  お客様から届いた写真・ファイルと、掲載中の写真 / pictures and files from customers, public pictures",
        "",
        "日時は世界標準時（UTC）、金額は円です。 / Moments are in UTC, amounts in yen.",
        "",
    ]
    for model in models:
        name = model._meta.table_name
        lines += ["", f"[{name}]  {said.tables[name].ja} / {said.tables[name].en}"]
        for each in columns_of(model):
            words = fields.of_column(name, each.column_name)
            lines.append(
                f"  {each.column_name}: {words.ja} / {words.en}" if words else f"  {each.column_name}"
            )
    lines += ["", "", "書き出さないもの / Left out"]
    lines += [f"  {name}: {words.ja} / {words.en}" for name, words in sorted(said.left_out.items())]
    return "\n".join(lines) + "\n"
