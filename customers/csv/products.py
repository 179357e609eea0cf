"""Imports the shop's products from a CSV file: names, repurchase days, premium marks, prices, pages, stock.

UTF-8 or Shift_JIS, comma or tab. Good rows are stored, every bad row is reported with its reason.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
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
from customers.values.parsing import BadValue

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
YES = {"1", "yes", "true", "○", "◯", "〇", "はい", "する", "premium", "プレミアム"}
NO = {"", "0", "no", "false", "×", "-", "いいえ", "しない"}


@dataclass
class ProductReport:
    """The result of an import: how many rows were stored, and the bad ones by line."""

    stored_count: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)


def run(path: Path) -> ProductReport:
    """Stores the products in one transaction. A column that the file lacks leaves stored values unchanged.

    Raises UnreadableFile when the file as a whole cannot be read.
    """
    encoding = records.encoding_of(path)
    lines = [line.decode(encoding) for line in records.raw_lines(path)]
    delimiter = "\t" if lines and lines[0].count("\t") > lines[0].count(",") else ","
    rows = records.records(lines, delimiter)
    header = next(rows, None)
    positions = _positions(header) if header is not None else {}
    if "sku" not in positions:
        raise UnreadableFile(
            "商品コードの列がありません（sku・商品コード・商品番号・品番 のどれか）。1行目に列の名前を書いてください。"
        )
    report = ProductReport()
    products = []
    for record in rows:
        try:
            products.append(_read(record, positions))
        except BadValue as bad:
            report.bad.append((record.line, bad.code))
    with write_transaction():
        # By code, the sequence in which orders lock products too.
        for product in sorted(products, key=lambda each: str(each["sku"])):
            _store(product)
    report.stored_count = len(products)
    return report


def _positions(header: Record) -> dict[str, int]:
    names = [_plain(cell) for cell in header.cells]
    found = {}
    for name, aliases in ALIASES.items():
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
                values[name] = _address(text, "商品ページ" if name == "url" else "画像")
            case "in_stock":
                values[name] = _stock(text)
            case "is_recommended":
                values[name] = _yes_or_no(text, "おすすめ")
            case "premium":
                values[name] = _yes_or_no(text, "プレミアム")
            case "repurchase_days":
                values[name] = _days(text)
            case _:
                values[name] = parsing.clean(text, 64 if name == "sku" else 255)
    if not values["sku"]:
        raise BadValue("商品コードが空です")
    return values


def _store(values: dict[str, Any]) -> None:
    if insert_once(Product, **values) is None:
        known = {name: value for name, value in values.items() if name != "sku" and value != ""}
        if known:
            Product.update(**known).where(Product.sku == values["sku"]).execute()


def _days(text: str) -> int | None:
    plain = _plain(text).removesuffix("日")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and 1 <= int(plain) <= MAX_DAYS):
        raise BadValue(f"買い替え日数は1〜{MAX_DAYS}の整数にしてください（例: 60）")
    return int(plain)


def _yen(text: str) -> int:
    try:
        amount = parsing.yen(text)
    except BadValue:
        amount = -1
    if amount < 0:
        raise BadValue("価格は0以上の円の数字にしてください（例: 1200）")
    return amount


def _address(text: str, label: str) -> str:
    try:
        return address(text)
    except BadAddress:
        raise BadValue(
            f"{label}は https:// で始まるアドレスにしてください（例: https://www.your-shop.jp/tea）"
        ) from None


def _stock(text: str) -> bool:
    """A count of pieces, or yes or no."""
    plain = _plain(text).removesuffix("個").removeprefix("+")
    if plain.removeprefix("-").isdecimal():
        return int(plain) > 0
    return True if plain == "あり" else False if plain in ("なし", "売り切れ") else _yes_or_no(text, "在庫")


def _yes_or_no(text: str, label: str) -> bool:
    plain = _plain(text)
    if plain in YES:
        return True
    if plain not in NO:
        raise BadValue(f"{label}は yes か no（○ か空）にしてください")
    return False


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip("\ufeff").casefold()
