"""Combines the rows of one order in a CSV file into an order, a bad row or an unfinished order.

`orders.py` reads the rows and groups them; `order_import.py` stores the result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from customers.csv.cells import cell, reads_the_same, text_of
from customers.csv.columns import ITEM, NAMING, Columns
from customers.csv.parcels import CsvParcel, ParcelRows
from customers.csv.records import Record
from customers.orders import schema
from customers.orders import states as order_states
from customers.orders.schema import LONGEST_COUPON_CODE, MAX_ITEMS, OrderIn
from customers.orders.states import OrderState
from customers.values import identities, parsing, postal
from customers.values.faults import Problem
from customers.values.parsing import BadValue
from customers.values.sentence import Sentence, joined

_ROUNDED = re.compile(r"\A\d(\.\d{1,99})?E\+\d{1,3}\Z", re.IGNORECASE | re.ASCII)
_ENDING = re.compile(r"(状況|ステータス|状態)\Z")
_OF_ORDER = ("ordered_at", "total_yen", "currency", "refunded_yen", *NAMING)
_YEN_WORDS = frozenset(("jpy", "yen", "円", "日本円", "jpy円", ""))
_NO_MARKS = frozenset(("", "0", "false", "no", "off", "null", "none", "なし", "無", "無し", "未", "×"))
_MARKS = frozenset(("1", "true", "yes", "on", "済", "済み", "あり", "有", "有り", "○", "◯"))


@dataclass(frozen=True)
class GoodOrder:
    """An order read from the file, with its state and refunds."""

    line: int
    order: OrderIn
    shown: str = ""
    state: OrderState | None = OrderState.COUNTS
    """None when the file's word for the state is unknown; never UNPAID."""
    word: str = ""
    """The state as the file writes it."""
    refunded_yen: int = 0
    """The amount refunded so far, where the file gives it."""
    currency: str = ""
    """The currency, where it is not yen; the order's total is then 0."""
    amount: str = ""
    left_out: tuple[Problem, ...] = ()
    """Addresses and facts of parcels that could not be read and were not needed."""
    parcels: tuple[CsvParcel, ...] = ()

    @property
    def is_cancelled(self) -> bool:
        """Whether the order was cancelled as a whole."""
        return self.state is OrderState.REVERSED


@dataclass(frozen=True)
class UnfinishedOrder:
    """An order that was never paid, or not completely."""

    line: int
    number: str = ""


@dataclass(frozen=True)
class BadRow:
    """A row that could not be used: the reason, in Japanese, and what may be shown of the row."""

    line: int
    reason: str
    shown: str


@dataclass
class OrderRows:
    """Collects the rows of one order, wherever they are in the file."""

    number: str
    line: int
    shown: str
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    delivery: dict[str, str] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    sum_yen: int = 0
    row_count: int = 0
    states: list[OrderState | None] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    """For an order whose rows are not consecutive: each row and its line."""
    coupon_code: str = ""
    twice: tuple[int, int] | None = None
    parcels: ParcelRows = field(default_factory=ParcelRows)

    def add_apart(self, record: Record, columns: Columns) -> None:
        """Adds a row of an order whose rows are not consecutive.

        The same row again may be a file pasted twice or the same product bought twice. Where that makes no
        difference to the amount the row is left out, otherwise the order is refused.
        """
        before = self.seen.setdefault(record.cells, record.line)
        if before == record.line:
            self.add(record, columns)
        elif columns.preset.total_of_lines:
            self.twice = self.twice or (before, record.line)

    def add(self, record: Record, columns: Columns) -> None:
        """Adds a row."""
        self.row_count += 1
        self._add_state(record, columns)
        self.parcels.add(record, columns)
        if columns.preset.total_of_lines:
            self._add_amounts(record, columns)
        for name in _OF_ORDER:
            text = cell(record, columns, name)
            if name == "total_yen" and columns.preset.total_of_lines:
                continue
            # Some systems write the order's own values in its first row only.
            if text and not reads_the_same(self.texts.setdefault(name, text), text):
                self._fault(record, name, "disagree")
        self.coupon_code = self.coupon_code or _coupon_code(cell(record, columns, "coupon_code"))
        # Rows may have different addresses of delivery: the first that can be read is the order's.
        self.delivery = self.delivery or _delivery(record, columns)
        if columns.is_item and record.cells[columns.is_item[0]].strip() != columns.is_item[1]:
            return
        item = {name: cell(record, columns, name) for name in ITEM}
        if item["name"].startswith(columns.preset.no_items):
            return
        if (item["sku"] or item["name"]) and len(self.items) <= MAX_ITEMS:
            self.items.append(self._item(record, item))

    def finished(
        self, columns: Columns, broken_line: int | None
    ) -> Iterator[GoodOrder | BadRow | UnfinishedOrder]:
        """The order, if all of its rows are good; otherwise the reason why it is refused.

        `broken_line` is the line of an unreadable row of the same order.
        """
        if refusal := self._refusal(broken_line):
            yield BadRow(self.line, refusal, self.shown)
            return
        if _ROUNDED.match(self.number):
            self.problems.append((self.line, Problem("order_number", "rounded")))
        state = order_states.of_lines(self.states) if self.states else OrderState.COUNTS
        if state is OrderState.UNPAID:
            # An abandoned cart may lack a number and a date, so nothing of it is checked.
            yield UnfinishedOrder(self.line, self.number)
            return
        currency = self._currency()
        order, left_out = schema.read_leniently(self._values(columns, currency))
        refunded_yen = 0 if currency else self._refunded()
        if not isinstance(order, OrderIn) or self.problems:
            yield self._bad_row([] if isinstance(order, OrderIn) else order)
            return
        if refunded_yen and refunded_yen >= order.total_yen:
            state = OrderState.REVERSED
        amount = f"{currency} {self.texts.get('total_yen', '')}" if currency else f"¥{order.total_yen:,}"
        needless = tuple(each for each in left_out if self._says_something(each.field))
        yield GoodOrder(
            self.line,
            order,
            self.shown,
            state,
            self._word(),
            refunded_yen,
            currency,
            amount,
            (*needless, *self.parcels.problems),
            self.parcels.parcels(columns, order.ordered_at),
        )

    def _refusal(self, broken_line: int | None) -> str:
        """Why the order cannot be read at all, in Japanese; empty when it can."""
        if broken_line is not None:
            return Sentence(
                f"同じ注文の{broken_line}行目が読めないため、この注文は取り込みませんでした",
                f"line {broken_line} of the same order cannot be read, so this order was not imported",
            )
        if self.twice is None:
            return ""
        first, second = self.twice
        return Sentence(
            f"同じ内容の行が離れた場所（{first}行目と{second}行目）にあり、2回分の金額なのか同じ行が"
            "2回書かれているのか分からないため、この注文は取り込みませんでした。余分な行を消すか、行をまとめてください",
            f"lines {first} and {second} are the same and far apart: bought twice, or written twice? This order was "
            "not imported. Delete the spare row, or put the rows together",
        )

    def _bad_row(self, invalid: list[Problem]) -> BadRow:
        """The order's problems as one bad row; of each field the first that was found."""
        faults = [problem for _, problem in self.problems]
        seen = {problem.field for problem in faults}
        faults += [each for each in invalid if each.field not in seen]
        line = self.problems[0][0] if self.problems else self.line
        return BadRow(line, joined(problem.in_words() for problem in faults), self.shown)

    def _values(self, columns: Columns, currency: str) -> dict[str, Any]:
        if columns.preset.total_of_lines:
            self.texts["total_yen"] = str(self.sum_yen)
        texts = {name: text for name, text in self.texts.items() if name not in ("currency", "refunded_yen")}
        values: dict[str, Any] = {"order_number": self.number, **texts, **self.delivery, "items": self.items}
        values["arrives_on"] = self.parcels.arrives_on
        values["coupon_code"] = self.coupon_code
        if currency:
            # The amounts are in another currency, so they are not read as yen.
            values |= {"total_yen": 0, "items": [item | {"unit_yen": None} for item in self.items]}
            self.problems = [each for each in self.problems if each[1].field not in ("total_yen", "unit_yen")]
        elif "total_yen" in texts:
            values["total_yen"] = self._read(self.line, "total_yen", parsing.yen, texts["total_yen"])
        return values

    def _currency(self) -> str:
        written = self.texts.get("currency", "")
        key = order_states.word_key(written)
        return "" if key in _YEN_WORDS else written[:16].upper()

    def _refunded(self) -> int:
        text = self.texts.get("refunded_yen", "")
        return max(0, self._read(self.line, "refunded_yen", parsing.yen, text)) if text else 0

    def _word(self) -> str:
        return "・".join(dict.fromkeys(word for word in self.words if word))

    def _says_something(self, name: str) -> bool:
        """Whether the cell holds more than a dash or 「なし」."""
        return not identities.is_guest_number(self.texts.get(name, ""))

    def _add_state(self, record: Record, columns: Columns) -> None:
        found: list[OrderState | None] = []
        for position, name in columns.states:
            if word := text_of(record, position):
                self.words.append(word)
                found.append(_state(word, name, columns))
        for position in columns.cancel_marks:
            mark = text_of(record, position)
            cancelled = _is_marked(mark)
            if cancelled is None:
                self.words.append(mark)
            found += [None] if cancelled is None else [OrderState.REVERSED] if cancelled else []
        if found:
            self.states.append(order_states.combined(found))

    def _add_amounts(self, record: Record, columns: Columns) -> None:
        """Adds the row's own amount; postage and fees are repeated in every row and counted once."""
        amounts = [cell(record, columns, "total_yen")]
        if self.row_count == 1:
            amounts += [text_of(record, position) for position in columns.extra_yen]
        self.sum_yen += sum(
            self._read(record.line, "total_yen", parsing.yen, text) for text in amounts if text
        )

    def _item(self, record: Record, texts: dict[str, str]) -> dict[str, Any]:
        item: dict[str, Any] = {"sku": texts["sku"], "name": texts["name"]}
        for name, reader in (("quantity", parsing.quantity), ("unit_yen", parsing.yen)):
            if texts[name]:
                item[name] = self._read(record.line, name, reader, texts[name])
        return item

    def _read(self, line: int, name: str, reader: Callable[[str], int], text: str) -> int:
        try:
            return int(reader(text))
        except BadValue as bad:
            self.problems.append((line, Problem(name, bad.code)))
            return 1

    def _fault(self, record: Record, name: str, code: str) -> None:
        if len(self.problems) < MAX_ITEMS:
            self.problems.append((record.line, Problem(name, code)))


def _state(word: str, column: str, columns: Columns) -> OrderState | None:
    """The state that a cell names. Some systems write only 済 or 未: 発送状況 with 済 means 発送済, and
    入金状況 with 未 means 未入金."""
    key = order_states.word_key(word)
    stem = _ENDING.sub("", column).removeprefix("お")
    if key in ("済", "未") and stem:
        word = f"未{stem}" if key == "未" else f"{stem}済"
    return order_states.read(word, columns.words, columns.cancelled_words)


def _is_marked(mark: str) -> bool | None:
    """Whether a column for cancellations marks the order as cancelled; None when the mark cannot be read."""
    key = parsing.visible(mark).strip().casefold()
    if key in _NO_MARKS or not key.strip("0-/: "):
        return False
    if key in _MARKS or order_states.read(mark) is OrderState.REVERSED:
        return True
    try:
        parsing.moment(mark)
    except BadValue:
        return None
    return True


def _coupon_code(text: str) -> str:
    """The cell where it may hold a code of a coupon; other words for discounts are left out."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    return narrow if len(narrow) <= LONGEST_COUPON_CODE and narrow.isascii() and narrow.isprintable() else ""


def _delivery(record: Record, columns: Columns) -> dict[str, str]:
    for code, lines in columns.places:
        address = " ".join(record.cells[line] for line in lines)
        if found := postal.if_readable(record.cells[code], address):
            return found
    return {}
