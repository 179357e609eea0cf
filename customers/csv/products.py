"""Imports the shop's products from a CSV file: names, repurchase days, premium marks, prices, pages, stock.

UTF-8 or Shift_JIS, comma or tab. Good rows are stored, every bad row is reported with its reason.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.db.database import insert_once, write_transaction
from customers.csv import records
from customers.csv.records import Record, UnreadableFile
from customers.orders.purchases import Product
from customers.orders.schema import MAX_DAYS
from customers.products.product_list import BadAddress, address
from customers.values import parsing
from customers.values.faults import REASONS
from customers.values.parsing import BadValue
from customers.values.sentence import Sentence, english

ALIASES = {
    "sku": ("sku", "商品コード", "商品番号", "品番", "variant sku"),
    "name": ("name", "商品名", "商品名称", "品名", "title"),
    "repurchase_days": ("repurchase_days", "買い替え日数", "リピート日数", "使い切る日数"),
    "premium": ("premium", "プレミアム", "プレミアム商品"),
    "price_yen": ("price_yen", "価格", "販売価格", "通常価格", "値段", "price", "variant price"),
    "url": ("url", "商品ページ", "商品url", "商品ページurl", "ページのアドレス"),
    "picture_url": ("picture_url", "画像", "画像url", "商品画像", "image src", "画像のアドレス"),
    "in_stock": ("in_stock", "在庫", "在庫数", "在庫あり", "variant inventory qty"),
    "is_recommended": ("is_recommended", "おすすめ", "おすすめする"),
}
UNCHANGED_WHEN_EMPTY = {"price_yen", "url", "picture_url", "in_stock", "is_recommended"}
LACKING = Sentence(
    "商品コードの列がありません（sku・商品コード・商品番号・品番 のどれか）。1行目に列の名前を書いてください。",
    "There is no column of product codes (sku). Write the names of the columns in line 1.",
)
YES = {"1", "yes", "true", "○", "◯", "〇", "はい", "する", "premium", "プレミアム"}
NO = {"", "0", "no", "false", "×", "-", "いいえ", "しない"}


@dataclass
class ProductReport:
    """The result of an import: how many rows were stored, and the bad ones by line."""

    stored_count: int = 0
    new_count: int = 0
    changed_count: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """What an import did to one product: the columns it wrote, before and after; `before` is None for a new one."""

    sku: str
    before: dict[str, Any] | None
    after: dict[str, Any]


class ProductFile:
    """A CSV file of products with its encoding, delimiter and columns detected.

    `own` names columns that the owner chose, by field. Raises UnreadableFile when the file as a whole cannot be
    read; without `must_be_complete`, a file without product codes is opened, and `lacking` says so.
    """

    def __init__(
        self, path: Path, own: Mapping[str, str] | None = None, *, must_be_complete: bool = True
    ) -> None:
        self.encoding = records.encoding_of(path)
        self.path = path
        first = next((line for line in self._lines() if line.strip()), "")
        self.delimiter = "\t" if first.count("\t") > first.count(",") else ","
        header = next(records.records(self._lines(), self.delimiter), None)
        self.header = header.cells if header is not None else ()
        self.positions = positions(self.header, own or {})
        self.lacking = "" if "sku" in self.positions else LACKING
        if self.lacking and must_be_complete:
            raise UnreadableFile(self.lacking)

    def products(self) -> Iterator[dict[str, Any] | tuple[int, str]]:
        """Each product as a dict of its columns, or the line and the reason of a bad row."""
        rows = records.records(self._lines(), self.delimiter)
        next(rows, None)
        for record in rows:
            try:
                yield _read(record, self.positions)
            except BadValue as bad:
                yield record.line, bad.code

    def _lines(self) -> Iterator[str]:
        for line in records.raw_lines(self.path):
            yield line.decode(self.encoding)


def run(path: Path, own: Mapping[str, str] | None = None) -> ProductReport:
    """Stores the products in one transaction. A column that the file lacks leaves stored values unchanged.

    Raises UnreadableFile when the file as a whole cannot be read.
    """
    file = ProductFile(path, own)
    with write_transaction():
        return take(file)


def take(file: ProductFile) -> ProductReport:
    """The same in the open transaction."""
    report = ProductReport()
    products = []
    for found in file.products():
        if isinstance(found, dict):
            products.append(found)
        else:
            report.bad.append(found)
    # By code, the sequence in which orders lock products too.
    for product in sorted(products, key=lambda each: str(each["sku"])):
        change = _store(product)
        if change is not None:
            report.changes.append(change)
            report.new_count += change.before is None
            report.changed_count += change.before is not None
    report.stored_count = len(products)
    return report


def reason_in_words(reason: str) -> Sentence:
    """A bad row's reason, which may be one of the codes that orders share."""
    known = REASONS.get(reason)
    return Sentence(*known) if known else Sentence(reason, english(reason))


def positions(header: Sequence[str], own: Mapping[str, str]) -> dict[str, int]:
    """Which column holds which field: the owner's choice, else by its name."""
    names = [_plain(cell) for cell in header]
    found = {}
    for name, common in ALIASES.items():
        aliases = (own[name],) if own.get(name) else common
        known = [names.index(_plain(alias)) for alias in aliases if _plain(alias) in names]
        if known:
            found[name] = known[0]
    return found


def _read(record: Record, positions: dict[str, int]) -> dict[str, Any]:
    if record.fault:
        raise BadValue(record.fault)
    cells: Iterator[tuple[str, str]] = (
        (name, record.cells[position].strip() if position < len(record.cells) else "")
        for name, position in positions.items()
    )
    values: dict[str, Any] = {}
    for name, text in cells:
        if not text and name in UNCHANGED_WHEN_EMPTY:
            continue
        match name:
            case "price_yen":
                values[name] = _yen(text)
            case "url" | "picture_url":
                values[name] = (
                    _address(text, "商品ページ", "page")
                    if name == "url"
                    else _address(text, "画像", "picture")
                )
            case "in_stock":
                values[name] = _stock(text)
            case "is_recommended":
                values[name] = _yes_or_no(text, "おすすめ", "recommended")
            case "premium":
                values[name] = _yes_or_no(text, "プレミアム", "premium")
            case "repurchase_days":
                values[name] = _days(text)
            case _:
                values[name] = parsing.clean(text, 64 if name == "sku" else 255)
    if not values["sku"]:
        raise BadValue(Sentence("商品コードが空です", "the product code is empty"))
    return values


def _store(values: dict[str, Any]) -> Change | None:
    """Stores the product; None where that changed nothing."""
    sku = values["sku"]
    if insert_once(Product, **values) is not None:
        return Change(sku, None, values)
    known = {name: value for name, value in values.items() if name != "sku" and value != ""}
    row = Product.get(Product.sku == sku)
    before = {name: getattr(row, name) for name in known}
    if before == known:
        return None
    Product.update(**known).where(Product.sku == sku).execute()
    return Change(sku, before, known)


def _days(text: str) -> int | None:
    plain = _plain(text).removesuffix("日")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and 1 <= int(plain) <= MAX_DAYS):
        raise BadValue(
            Sentence(
                f"買い替え日数は1〜{MAX_DAYS}の整数にしてください（例: 60）",
                f"the days until it is bought again must be a whole number from 1 to {MAX_DAYS} (for example 60)",
            )
        )
    return int(plain)


def _yen(text: str) -> int:
    try:
        amount = parsing.yen(text)
    except BadValue:
        amount = -1
    if amount < 0:
        raise BadValue(
            Sentence(
                "価格は0以上の円の数字にしてください（例: 1200）",
                "the price must be yen, 0 or more (for example 1200)",
            )
        )
    return amount


def _address(text: str, label: str, label_en: str) -> str:
    try:
        return address(text)
    except BadAddress:
        raise BadValue(
            Sentence(
                f"{label}は https:// で始まるアドレスにしてください（例: https://www.your-shop.jp/tea）",
                f"the {label_en} must be an address that begins with https:// (for example "
                "https://www.your-shop.jp/tea)",
            )
        ) from None


def _stock(text: str) -> bool:
    """A count of pieces, or yes or no."""
    plain = _plain(text).removesuffix("個").removeprefix("+")
    if plain.removeprefix("-").isdecimal():
        return int(plain) > 0
    return (
        True
        if plain == "あり"
        else False
        if plain in ("なし", "売り切れ")
        else _yes_or_no(text, "在庫", "the stock")
    )


def _yes_or_no(text: str, label: str, label_en: str) -> bool:
    plain = _plain(text)
    if plain in YES:
        return True
    if plain not in NO:
        raise BadValue(
            Sentence(
                f"{label}は yes か no（○ か空）にしてください", f"{label_en} must be yes or no (○ or empty)"
            )
        )
    return False


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip("\ufeff").casefold()
