"""Streams a CSV download row by row, so that no length fills the memory, in a form that Excel opens."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

from bot.text import spreadsheet

BYTE_ORDER_MARK = "\ufeff"
"""Byte-order mark: by it Excel recognizes UTF-8."""


def answer(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """The rows as a file of that name. No cell can begin a formula."""
    response = Response(stream_with_context(_lines(rows)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    for cells in rows:
        line = io.StringIO()
        csv.writer(line).writerow(
            spreadsheet.harmless(each) if isinstance(each, str) else each for each in cells
        )
        yield line.getvalue()
