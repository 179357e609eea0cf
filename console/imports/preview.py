"""Shows how a file is understood before anything is stored: its columns, its first orders or products, and rows that
cannot be read. Of a large file the first lines are read; the rest is checked when it is imported."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from console.imports import words
from console.shell.translation import gettext, reads_english
from customers.csv import products as csv_products
from customers.csv.columns import NAMING, REQUIRED
from customers.csv.order_group import BadRow, GoodOrder
from customers.csv.orders import OrderFile
from customers.csv.presets import ColumnMap
from customers.csv.products import ProductFile
from customers.csv.records import MOST_LINES, UnreadableFile
from customers.imports import files, understanding
from customers.imports.tables import DataImport, ImportKind
from customers.imports.understanding import Understood
from customers.values.sentence import english

MOST_LINES_READ = 3_000
SHOWN = 8
MOST_BAD = 50


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A field, and the column that is taken for it."""

    name: str
    label: str
    column: str
    """Empty where no column is."""
    is_needed: bool


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order as it was understood."""

    number: str
    ordered_at: datetime
    total_yen: int
    who: str
    items: str
    state: str


@dataclass(slots=True)
class Preview:
    """What the page says of a file that is not imported yet."""

    header: Sequence[str] = ()
    needed: list[FieldColumn] = field(default_factory=list)
    more: list[FieldColumn] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    system: str = ""
    is_sum_of_lines: bool = False
    lacking: str = ""
    """Why nothing of it can be imported as it is understood now."""
    orders: list[ShownOrder] = field(default_factory=list)
    products: list[dict[str, object]] = field(default_factory=list)
    good_count: int = 0
    bad: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, reason and what is shown of each row that cannot be read."""
    bad_count: int = 0
    unfinished_count: int = 0
    is_whole: bool = True
    line_count: int = 0
    chosen: dict[str, str] = field(default_factory=dict)
    encoding: str = ""


def of(row: DataImport) -> Preview:
    """The preview of a stored file. Raises FileNotFoundError, OSError."""
    with files.opened(row.file_key, MOST_LINES_READ) as (path, is_whole):
        shown = Preview(is_whole=is_whole, line_count=MOST_LINES_READ)
        try:
            if row.kind == ImportKind.ORDERS:
                _read_orders(row, OrderFile(path, ColumnMap(), must_be_complete=False), shown)
            else:
                _read_products(row, ProductFile(path, must_be_complete=False), shown)
        except UnreadableFile as unreadable:
            shown.lacking = _said(unreadable.args[0])
    return shown


def _read_orders(row: DataImport, plain: OrderFile, shown: Preview) -> None:
    understood = understanding.of_orders(row, plain.header)
    _show_columns(row, plain.header, understood, shown)
    file = OrderFile(plain.path, understood.columns, must_be_complete=False)
    shown.encoding, shown.lacking = file.encoding, _said(file.lacking)
    if file.lacking:
        return
    for found in file.orders():
        if not shown.is_whole and getattr(found, "line", 0) > MOST_LINES_READ - MOST_LINES:
            continue  # its other rows may be below what was read
        if isinstance(found, GoodOrder):
            shown.good_count += 1
            if len(shown.orders) < SHOWN:
                shown.orders.append(_order(found))
        elif isinstance(found, BadRow):
            _add_bad(shown, found.line, found.reason, found.shown)
        else:
            shown.unfinished_count += 1


def _read_products(row: DataImport, plain: ProductFile, shown: Preview) -> None:
    understood = understanding.of_products(row, plain.header)
    _show_columns(row, plain.header, understood, shown)
    file = ProductFile(plain.path, understood.chosen, must_be_complete=False)
    shown.encoding, shown.lacking = file.encoding, _said(file.lacking)
    if file.lacking:
        return
    for found in file.products():
        if isinstance(found, tuple):
            _add_bad(shown, found[0], csv_products.reason_in_words(found[1]), "")
            continue
        shown.good_count += 1
        if len(shown.products) < SHOWN:
            shown.products.append(found)


def _show_columns(row: DataImport, header: Sequence[str], understood: Understood, shown: Preview) -> None:
    shown.header, shown.chosen, shown.absent = header, understood.chosen, understood.absent
    shown.system, shown.is_sum_of_lines = understood.system, understood.is_sum_of_lines
    needed = (*REQUIRED, *NAMING) if row.kind == ImportKind.ORDERS else ("sku", "name")
    fields = words.ORDER_FIELDS if row.kind == ImportKind.ORDERS else words.PRODUCT_FIELDS
    for name in fields:
        position = understood.positions.get(name)
        column = "" if position is None else header[position]
        is_needed = name in (REQUIRED if row.kind == ImportKind.ORDERS else ("sku",))
        entry = FieldColumn(name, words.field(row.kind, name), column, is_needed)
        (shown.needed if name in needed else shown.more).append(entry)


def _order(found: GoodOrder) -> ShownOrder:
    order = found.order
    who = [words.field(ImportKind.ORDERS, name) for name in NAMING if getattr(order, name, None)]
    items = [f"{item.name or item.sku} × {item.quantity}" for item in order.items[:3]]
    more = len(order.items) - len(items)
    return ShownOrder(
        order.order_number,
        order.ordered_at,
        order.total_yen,
        order.customer_number or "・".join(who),
        "、".join(items) + (gettext("、ほか%(count)d", count=more) if more > 0 else ""),
        gettext("取り消された注文") if found.is_cancelled else found.word,
    )


def _add_bad(shown: Preview, line: int, reason: str, row_shown: str) -> None:
    shown.bad_count += 1
    if len(shown.bad) < MOST_BAD:
        shown.bad.append((line, _said(reason), _said(row_shown)))


def _said(sentence: str) -> str:
    return english(sentence) if reads_english() else str(sentence)
