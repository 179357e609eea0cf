"""The files of customers, for the owner alone: the list as CSV, and the sheet with one row a customer as CSV and XLSX.

CSV is streamed, at any size of shop in the same memory. XLSX is written row by row into a temporary file, and has a
second sheet that says what each column means. That a file was made is recorded: it holds personal data.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any

import xlsxwriter
from flask import Blueprint, Response, flash, redirect, request, send_file
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.db.database import write_transaction
from console.catalogue.catalogue import FIGURES
from console.customers import customer_list, sheet_columns, sheet_facts
from console.customers.customer_list import Asked
from console.customers.sheet_columns import COLUMNS, LISTED, Cell, Column
from console.shell import audit, csv_file
from console.shell.translation import gettext
from journeys.audience import saved_audiences

MOST_ROWS = 100_000
"""Rows of an XLSX file; a spreadsheet holds more, but opens them slowly."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "constant_memory": True,
    # What customers chose as their names stays text: never a formula, a link or a number.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def register(console: Blueprint) -> None:
    """Add the URLs of these files to the console's blueprint."""
    console.get("/customers/list.csv")(customers_csv)
    console.get("/customers/sheet.csv")(customer_sheet_csv)
    console.get("/customers/sheet.xlsx")(customer_sheet_xlsx)


def customers_csv() -> AnyResponse:
    """The list, as it is searched and filtered."""
    return _csv("customers", LISTED)


def customer_sheet_csv() -> AnyResponse:
    """The sheet, of those who are searched and filtered."""
    return _csv("customer-sheet", COLUMNS)


def customer_sheet_xlsx() -> AnyResponse:
    """The same for Excel, with a sheet of definitions."""
    asked = customer_list.asked_for(request.args)
    if asked.audience is None:
        return _to_the_list(asked)
    if customer_list.is_longer_than(asked, MOST_ROWS):
        words = gettext(
            "%(most)s人より多いので、Excelには書き出せません。CSVをお使いください。", most=f"{MOST_ROWS:,}"
        )
        flash(words, "error")
        return _to_the_list(asked)
    today = localtime.today()
    _record(asked)
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    _write(file, asked, today)
    file.seek(0)
    return send_file(file, XLSX, as_attachment=True, download_name=f"customer-sheet-{today.isoformat()}.xlsx")


def _csv(name: str, columns: Sequence[Column]) -> AnyResponse:
    asked = customer_list.asked_for(request.args)
    if asked.audience is None:
        return _to_the_list(asked)
    today = localtime.today()
    _record(asked)
    answer: Response = csv_file.answer(f"{name}-{today.isoformat()}.csv", _lines(asked, columns, today))
    return answer


def _lines(asked: Asked, columns: Sequence[Column], on: date) -> Iterator[Sequence[object]]:
    yield [sheet_columns.title(each) for each in columns]
    for row in _rows(asked, columns, on):
        yield ["" if cell is None else cell for cell in row]


def _rows(asked: Asked, columns: Sequence[Column], on: date) -> Iterator[list[Cell]]:
    for facts in sheet_facts.walk(asked, on):
        yield [each.value(facts) for each in columns]


def _write(file: IO[bytes], asked: Asked, on: date) -> None:
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(gettext("お客様"))
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
        _write_row(sheet, 0, [sheet_columns.title(each) for each in COLUMNS], bold, day)
        for place, row in enumerate(_rows(asked, COLUMNS, on), 1):
            _write_row(sheet, place, row, None, day)
        definitions = book.add_worksheet(gettext("数え方"))
        definitions.set_column(0, 0, 32)
        definitions.set_column(1, 1, 100)
        for place, line in enumerate(_definitions(on)):
            _write_row(definitions, place, line, bold if place == 0 else None, day)


def _write_row(sheet: Any, place: int, cells: Iterable[Cell], form: Any, day: Any) -> None:
    for column, cell in enumerate(cells):
        match cell:
            case None | "":
                continue
            case str():
                sheet.write_string(place, column, cell, form)
            case date():
                sheet.write_datetime(place, column, cell, day)
            case _:
                sheet.write_number(place, column, cell)


def _definitions(on: date) -> Iterator[Sequence[str]]:
    yield gettext("項目"), gettext("数え方")
    yield gettext("書き出した日"), on.isoformat()
    for each in COLUMNS:
        yield sheet_columns.title(each), sheet_columns.meaning(each)
    for figure in FIGURES.values():
        said = (figure.meaning, figure.population, figure.window_text)
        yield gettext(figure.title), " / ".join(gettext(each) for each in said if each)


def _record(asked: Asked) -> None:
    kind = (request.endpoint or "").removeprefix("console.")
    chosen = saved_audiences.as_json(asked.audience) if asked.audience and asked.is_filtered else ""
    # The words of a search are left out: they may be a customer's name.
    with write_transaction():
        audit.record(kind, current_user.id, {}, {"filter": chosen} if chosen else {})


def _to_the_list(asked: Asked) -> AnyResponse:
    return redirect(customer_list.address(asked), 303)
