"""The pages of the months' reports: the list, one report to read and print, and its figures as a file."""

import re
from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, abort, render_template
from flask_babel import get_locale

from bot import localtime
from console.catalogue.catalogue import FIGURES
from console.reports import monthly, words
from console.reports.report import Report
from console.shell import csv_file
from console.shell.translation import gettext
from customers.values import windows

_MONTH = re.compile(r"\A(20\d{2}|21\d{2})-(0[1-9]|1[0-2])\Z")


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/reports")(reports)
    console.get("/reports/<month>")(month_report)
    console.get("/reports/<month>.csv")(month_report_csv)


def reports() -> str:
    """The months that have a report, and the running month."""
    return render_template(
        "console/reports/reports.html",
        months=monthly.made(),
        running=windows.first_of_month(localtime.today()),
    )


def month_report(month: str) -> str:
    """One month's report; the running month's as counted now, or last in a large shop."""
    found = _report(month)
    if found is None:
        return render_template("console/reports/report_counting.html")
    return render_template(
        "console/reports/report.html",
        report=found,
        sentences=words.sentences(found, str(get_locale())),
        definitions=FIGURES,
    )


def month_report_csv(month: str) -> Response:
    """The figures of the report as CSV."""
    found = _report(month) or abort(404)
    return csv_file.answer(f"report-{found.month:%Y-%m}.csv", _lines(found))


def _lines(found: Report) -> Iterator[list[object]]:
    yield [
        gettext("数字"),
        gettext("単位"),
        gettext("この月"),
        gettext("前の月"),
        gettext("前の年の同じ月"),
        gettext("名前"),
    ]
    for name, compared in found.figures.items():
        values = (compared.now.value, compared.before.value, compared.year_before.value)
        definition = FIGURES[name]
        cells = ["" if value is None else value for value in values]
        yield [gettext(definition.title), str(definition.unit), *cells, name]


def _report(month: str) -> Report | None:
    """The report; None while the running month of a large shop is counted for the first time."""
    parts = _MONTH.match(month) or abort(404)
    first_on = date(int(parts[1]), int(parts[2]), 1)
    found = monthly.find(first_on)
    if found is None and first_on == windows.first_of_month(localtime.today()):
        return monthly.so_far(first_on)
    return found or abort(404)
