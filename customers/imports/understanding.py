"""Says how the columns of a file are understood, for its preview and for its import: the owner's choices first, then
the shop's own names, then what is recognized."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from customers.csv import columns as order_columns
from customers.csv import order_import
from customers.csv.columns import ALIASES, NO_COLUMN, Columns
from customers.csv.presets import PRESETS, ColumnMap
from customers.csv.products import ALIASES as PRODUCT_ALIASES
from customers.csv.products import positions as product_positions
from customers.imports import imports
from customers.imports.tables import DataImport, ImportKind

SYSTEM, PLACE = "system", "place"
"""Beside the fields, what a choice of columns may hold: the shop system, and that the shop's own columns of an address
are not in the file."""


@dataclass(frozen=True, slots=True)
class Understood:
    """How a file's columns are understood."""

    columns: ColumnMap
    chosen: dict[str, str]
    """What the import needs to understand them alike: to be stored with it."""
    positions: Mapping[str, int]
    absent: list[str] = field(default_factory=list)
    """Columns named in the shop's settings that this file does not have: the others are recognized."""
    system: str = ""
    """The shop system whose file it is; empty where none is recognized."""
    is_sum_of_lines: bool = False
    """The total is not in a column: it is the sum of the order's rows."""


def of_orders(row: DataImport, header: Sequence[str]) -> Understood:
    """How the columns of a file of orders are understood."""
    shop = order_import.column_map()
    chosen = dict(imports.columns_of(row, header))
    columns = with_choice(shop, chosen)
    absent = order_columns.unknown_own(header, columns)
    there = recognized(header, replace(columns, own={}, place=None))
    for name, column in columns.own.items():
        if column in absent:
            position = there.positions.get(name)
            chosen[name] = NO_COLUMN if position is None else header[position]
    if columns.place and absent and {columns.place.postal_code, *columns.place.address} & set(absent):
        chosen[PLACE] = NO_COLUMN
    columns = with_choice(shop, chosen)
    read = order_columns.read_header(header, columns)
    system = next((name for name, preset in PRESETS.items() if preset is read.preset), "")
    return Understood(columns, chosen, read.positions, absent, system, read.preset.total_of_lines)


def of_products(row: DataImport, header: Sequence[str]) -> Understood:
    """How the columns of a file of products are understood."""
    chosen = {
        name: column for name, column in imports.columns_of(row, header).items() if name in PRODUCT_ALIASES
    }
    return Understood(ColumnMap(), chosen, product_positions(header, chosen))


def with_choice(shop: ColumnMap, chosen: Mapping[str, str]) -> ColumnMap:
    """The shop's columns with the owner's choice before them."""
    own = {**shop.own, **{name: column for name, column in chosen.items() if name in ALIASES}}
    place = None if chosen.get(PLACE) == NO_COLUMN else shop.place
    return replace(shop, own=own, place=place, system=chosen.get(SYSTEM) or shop.system)


def recognized(header: Sequence[str], columns: ColumnMap) -> Columns:
    """The columns recognized by their names alone."""
    return order_columns.read_header(header, columns)


def choice(row: DataImport, header: Sequence[str], system: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What the owner chose of the columns, where that is not what is recognized anyway. Columns that the file does not
    have are left out."""
    is_orders = row.kind == ImportKind.ORDERS
    chosen = {SYSTEM: system} if is_orders and system in (*PRESETS, "none", "auto") else {}
    if is_orders:
        shop = order_import.column_map()
        by_names = recognized(
            header, replace(shop, own={}, place=None, system=chosen.get(SYSTEM) or shop.system)
        )
        found: Mapping[str, int] = by_names.positions
    else:
        found = product_positions(header, {})
    for name in ALIASES if is_orders else PRODUCT_ALIASES:
        column = typed.get(name, "")
        before = header[found[name]] if name in found else ""
        if column != before and (not column or column in header):
            chosen[name] = column or NO_COLUMN
    return chosen
