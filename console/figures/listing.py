"""The list behind a number: a table by keyset, 50 rows a page, and all of it as CSV at the same address with
`file=csv`. What a list holds is its page's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask import Response, render_template, request, url_for

from bot import localtime
from console.figures.figure_page import customer_page
from console.shell import csv_file
from console.shell.translation import gettext

PAGE = 50
BATCH = 500


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown; `value` is what the file has instead of the text."""

    text: str
    href: str = ""
    value: object = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and the key after which the next page begins."""

    key: str
    cells: Sequence[Cell]


Rows = Callable[[str, int], Sequence[Row]]
"""So many rows after a key; an empty key is the beginning."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of rows."""

    name: str
    """Of the file, without its day."""
    title: str
    lead: str
    """What is listed, in a sentence."""
    headings: Sequence[str]
    rows: Rows
    here: str
    """The page of the menu that leads here."""
    back: str
    """The address of that page."""


def show(listing: Listing) -> str | Response:
    """The page of the list, or its file."""
    if request.args.get("file") == "csv":
        return csv_file.answer(f"{listing.name}-{localtime.today().isoformat()}.csv", _file(listing))
    after = request.args.get("after", "")
    found = listing.rows(after, PAGE + 1)
    return render_template(
        "console/list.html",
        listing=listing,
        rows=found[:PAGE],
        next=_address(after=found[PAGE - 1].key) if len(found) > PAGE else "",
        first=_address() if after else "",
        file=_address(file="csv"),
    )


def number(count: int, href: str = "", text: str = "") -> Cell:
    """A number, with thousands apart."""
    return Cell(text or f"{count:,}", href, count, is_number=True)


def customer(customer_id: int | None, name: str | None) -> Cell:
    """A customer's name, which leads to their page."""
    if customer_id is None:
        return Cell("—", value="")
    return Cell(name or gettext("お名前未取得"), customer_page(customer_id), name or "")


def key_of(text: str) -> int:
    """A key that is an id; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _address(**values: str) -> str:
    arguments = {name: value for name, value in request.args.items() if name not in ("after", "file")}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **arguments, **values})


def _file(listing: Listing) -> Iterator[Sequence[object]]:
    yield listing.headings
    after = ""
    while found := listing.rows(after, BATCH):
        for row in found:
            yield [cell.text if cell.value is None else cell.value for cell in row.cells]
        after = found[-1].key
