"""Reads the parcels of an order from its rows in a CSV file: carrier, tracking number, days.

A cell that cannot be read is left out and named: no order is lost for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from customers.csv.cells import cell
from customers.csv.columns import Columns
from customers.csv.records import Record
from customers.orders import carriers
from customers.values import parsing
from customers.values.faults import Problem
from customers.values.identities import is_guest_number
from customers.values.parsing import BadValue

MOST_PARCELS = 50
_BETWEEN_NUMBERS = re.compile(r"[、,，/／;；\n|]+|\s{2,}")
_NO_DAY = re.compile(r"[0\-/:. ]*")
"""How systems write an absent day: -, 0000-00-00 00:00:00."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CsvParcel:
    """One parcel as the file has it; times without a zone are on the shop's clock."""

    carrier: str = ""
    tracking_number: str = ""
    dispatched_at: datetime | None = None
    delivered_at: datetime | None = None
    arrives_on: date | None = None


@dataclass
class ParcelRows:
    """Collects the parcels of one order, row by row."""

    arrives_on: date | None = None
    problems: list[Problem] = field(default_factory=list)
    _found: dict[str, CsvParcel] = field(default_factory=dict)

    def add(self, record: Record, columns: Columns) -> None:
        """Adds what the row says of parcels."""
        row = CsvParcel(
            self._read("carrier", _carrier, cell(record, columns, "carrier")) or "",
            "",
            self._read("dispatched_at", _moment, cell(record, columns, "dispatched_at")),
            self._read("delivered_at", _moment, cell(record, columns, "delivered_at")),
            self._read("arrives_on", _day, cell(record, columns, "arrives_on")),
        )
        self.arrives_on = self.arrives_on or row.arrives_on
        for number in self._numbers(cell(record, columns, "tracking_number")) or [""]:
            self._add(number, row)

    def parcels(self, columns: Columns, ordered_at: datetime) -> tuple[CsvParcel, ...]:
        """The parcels that have left. A number alone says so where the file has no day of dispatch: then the
        order's own time stands for it, so that no old parcel is news."""
        numbered = [each for number, each in self._found.items() if number]
        has_day = "dispatched_at" in columns.positions
        gone = []
        for each in numbered or self._found.values():
            if each.dispatched_at or each.delivered_at:
                gone.append(each)
            elif each.tracking_number and not has_day:
                gone.append(CsvParcel(each.carrier, each.tracking_number, ordered_at, None, each.arrives_on))
        return tuple(gone)

    def _add(self, number: str, row: CsvParcel) -> None:
        known = self._found.get(number)
        if known is None and len(self._found) >= MOST_PARCELS:
            return
        known = known or CsvParcel()
        self._found[number] = CsvParcel(
            known.carrier or row.carrier,
            number,
            known.dispatched_at or row.dispatched_at,
            known.delivered_at or row.delivered_at,
            known.arrives_on or row.arrives_on,
        )

    def _numbers(self, text: str) -> list[str]:
        parts = [part for part in _BETWEEN_NUMBERS.split(text) if part.strip()]
        read = [self._read("tracking_number", carriers.tracking_number, part) for part in parts]
        return [number for number in read if number]

    def _read(self, name: str, reader: Callable[[str], T], text: str) -> T | None:
        if not text:
            return None
        try:
            return reader(text)
        except BadValue as bad:
            problem = Problem(name, bad.code)
            if problem not in self.problems:
                self.problems.append(problem)
            return None


def _carrier(text: str) -> str:
    return "" if is_guest_number(text) else parsing.clean(text, carriers.LONGEST_NAME)


def _moment(text: str) -> datetime | None:
    return None if _NO_DAY.fullmatch(text) or is_guest_number(text) else parsing.moment(text)


def _day(text: str) -> Any:
    return None if _NO_DAY.fullmatch(text) or is_guest_number(text) else parsing.moment(text).date()
