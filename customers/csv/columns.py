"""Maps the columns of a shop's order CSV to fields; pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from customers.csv.presets import CANCEL_COLUMNS, STATE_COLUMNS, AddressColumns, ColumnMap, Preset
from customers.orders.states import OrderState
from customers.values import parsing
from customers.values.faults import LABELS
from customers.values.sentence import Sentence

# Names as EC-CUBE, futureshop, BASE, Shopify, STORES and plain spreadsheets write them. Earlier names win: a
# file may hold both 合計金額 (of the order) and 金額 (of one line).
ALIASES: dict[str, tuple[str, ...]] = {
    "order_number": ("注文番号", "受注番号", "注文ID", "オーダー番号", "受注ID", "order_number", "Name"),
    "ordered_at": ("注文日時", "受注日時", "注文日", "受注日", "購入日時", "購入日", "ordered_at", "Created at"),
    "total_yen": (
        "お支払い合計", "お支払合計", "支払い合計", "支払合計", "お支払い金額", "総合計金額", "総合計", "請求金額",
        "ご請求金額", "合計金額", "注文合計", "合計", "注文金額", "金額", "total_yen", "Total",
    ),
    "line_user_id": ("LINEユーザーID", "LINE ID", "LINEのユーザーID", "LINE_user_id"),
    "customer_number": (
        "顧客番号", "会員番号", "顧客ID", "会員ID", "お客様番号", "顧客コード", "会員コード", "customer_number",
    ),
    "email": (
        "メールアドレス", "注文者メールアドレス", "購入者メールアドレス", "Eメール", "E-mail", "メール", "Email",
    ),
    "phone": ("電話番号", "注文者電話番号", "購入者電話番号", "TEL", "お電話番号", "Phone"),
    "sku": ("商品コード", "SKU", "商品番号", "品番", "商品ID", "Lineitem sku"),
    "name": ("商品名", "商品名称", "品名", "Lineitem name"),
    "quantity": ("数量", "個数", "注文数", "Lineitem quantity"),
    "unit_yen": ("単価", "商品単価", "販売単価", "販売価格", "価格", "Lineitem price"),
    "coupon_code": (
        "クーポンコード", "クーポン番号", "使用クーポン", "利用クーポン", "割引コード", "Discount Code", "coupon_code",
    ),
    "dispatched_at": (
        "出荷日", "発送日", "出荷日時", "発送日時", "出荷完了日", "発送完了日", "商品発送日", "Fulfilled at",
        "dispatched_at",
    ),
    "carrier": (
        "配送会社", "配送業者", "運送会社", "配送業者名", "運送会社名", "配送会社名", "宅配業者", "carrier",
        "Tracking Company",
    ),
    "tracking_number": (
        "送り状番号", "追跡番号", "お問い合わせ番号", "お問合せ番号", "問い合わせ番号", "お問い合わせ送り状番号",
        "配送伝票番号",
        "送り状No", "送り状No.", "荷物番号", "荷物追跡番号", "出荷伝票番号", "tracking_number", "Tracking Number",
    ),
    "arrives_on": (
        "お届け予定日", "お届予定日", "到着予定日", "配達予定日", "配送予定日", "納品予定日", "arrives_on",
    ),
    "delivered_at": ("配達完了日", "配達完了日時", "お届け完了日", "配送完了日", "delivered_at", "Delivered at"),
    "state": STATE_COLUMNS,
    "currency": ("Currency", "通貨", "通貨コード"),
    "refunded_yen": ("Refunded Amount", "返金額", "返金金額", "返金合計", "返金済み金額", "返金済金額", "返金済額"),
}  # fmt: skip
PLACES = (
    AddressColumns("お届け先郵便番号", ("お届け先住所",)),
    AddressColumns("配送先郵便番号", ("配送先住所",)),
    AddressColumns("Shipping Zip", ("Shipping City", "Shipping Street")),
    AddressColumns("郵便番号", ("住所",)),
    AddressColumns("郵便番号", ("住所1", "住所2", "住所3")),
)
REQUIRED = ("order_number", "ordered_at", "total_yen")
NAMING = ("line_user_id", "customer_number", "email", "phone")
PARCEL = ("carrier", "tracking_number", "dispatched_at", "delivered_at", "arrives_on")
ITEM = ("sku", "name", "quantity", "unit_yen")
NO_COLUMN = "-"
"""The owner's choice that no column of the file holds a field, though one has its name."""
# What the report of bad rows shows of a row: no address and no telephone number.
SHOWN = ("order_number", "ordered_at", "total_yen", "customer_number", "sku", "quantity", "unit_yen")


@dataclass(frozen=True)
class Columns:
    """Which cell of a row holds which field, and the peculiarities of this system's files."""

    width: int
    positions: dict[str, int]
    preset: Preset = field(default_factory=Preset)
    extra_yen: tuple[int, ...] = ()
    is_item: tuple[int, str] | None = None
    states: tuple[tuple[int, str], ...] = ()
    """Every column that holds a state, with its name."""
    cancel_marks: tuple[int, ...] = ()
    words: Mapping[str, OrderState] = field(default_factory=dict)
    cancelled_words: tuple[str, ...] = ()
    places: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """Cells of a postal code and of its address, in the order in which they are tried."""


def read_header(header: Sequence[str], columns: ColumnMap | None = None) -> Columns:
    """The columns recognised by name: the owner's names first, then the system's, then common ones. Checks
    nothing."""
    columns = columns or ColumnMap()
    there: dict[str, int] = {}
    for position, cell in enumerate(header):
        there.setdefault(_normal(cell), position)
    preset = columns.preset(header)
    positions: dict[str, int] = {}
    for name_of, aliases in ALIASES.items():
        own = columns.own.get(name_of, "")
        names = (own,) if own else (*preset.columns.get(name_of, ()), *aliases)
        known = [there[name] for name in map(_normal, names) if name in there]
        if known:
            positions[name_of] = known[0]
    marker = preset.item_only_where
    own_state = columns.own.get("state", "")
    state_names = (own_state,) if own_state else (*preset.columns.get("state", ()), *STATE_COLUMNS)
    states = dict.fromkeys((there[_normal(name)], name) for name in state_names if _normal(name) in there)
    return Columns(
        len(header),
        positions,
        preset,
        tuple(there[_normal(name)] for name in preset.extra_yen if _normal(name) in there),
        (there[_normal(marker[0])], marker[1]) if marker and _normal(marker[0]) in there else None,
        tuple(dict(reversed(states)).items()),
        tuple(there[_normal(name)] for name in CANCEL_COLUMNS if _normal(name) in there),
        columns.words,
        tuple(columns.cancelled_words),
        _address_positions((columns.place,) if columns.place else (*preset.places, *PLACES), there),
    )


def missing(columns: Columns, header: Sequence[str]) -> str | None:
    """A sentence naming the required columns that are absent and those found; None when all are there."""
    lacking = [field for field in REQUIRED if field not in columns.positions]
    needs = [f"「{LABELS[field]}」（{'・'.join(ALIASES[field][:5])} など）" for field in lacking]
    if not any(field in columns.positions for field in NAMING):
        needs.append(f"お客様が分かる列（{'・'.join(LABELS[field] for field in NAMING)} のどれか）")
    if not needs:
        return None
    names = [showable(cell, 30) for cell in header[:40] if cell.strip()]
    found = "、".join(f"「{name}」" for name in names) or "なし"
    wanted = [field.replace("_", " ") for field in lacking]
    if not any(field in columns.positions for field in NAMING):
        wanted.append(
            f"one that names the customer ({', '.join(field.replace('_', ' ') for field in NAMING)})"
        )
    return Sentence(
        f"必要な列がありません: {'、'.join(needs)}。このファイルにあった列: {found}。"
        "1行目に列の名前を書いてください。",
        f"Columns are missing: {', '.join(wanted)}. Columns of this file: {', '.join(names) or 'none'}. "
        "Write the names of the columns in line 1.",
    )


_PHONE_LIKE = re.compile(r"\A[\d\s()+.-]{1,100}\Z")


def showable(cell: str, longest: int = 40) -> str:
    """The cell's text, safe to show or to paste into a spreadsheet: short, one line, never a formula."""
    flat = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in cell).strip()
    short = flat if len(flat) <= longest else flat[: longest - 1] + "…"
    return f"'{short}" if short[:1] in ("=", "+", "-", "@") else short


def masked(cell: str) -> str:
    """The same with addresses and telephone numbers hidden, for rows whose columns may have shifted."""
    digits = sum(letter.isdigit() for letter in cell)
    is_address = "@" in cell or (digits >= 9 and _PHONE_LIKE.match(cell) is not None)
    return Sentence("（伏せました）", "(hidden)") if is_address else showable(cell)


def unknown_own(header: Sequence[str], columns: ColumnMap) -> list[str]:
    """The columns named in shop.toml that the file does not have."""
    there = {_normal(cell) for cell in header}
    place = (columns.place.postal_code, *columns.place.address) if columns.place else ()
    named = (*columns.own.values(), *place)
    return [name for name in named if name and name != NO_COLUMN and _normal(name) not in there]


def _address_positions(
    places: Sequence[AddressColumns], there: dict[str, int]
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    return tuple(
        (
            there[_normal(place.postal_code)],
            tuple(there[_normal(name)] for name in place.address if _normal(name) in there),
        )
        for place in places
        if {_normal(place.postal_code), _normal(place.address[0])} <= there.keys()
    )


def _normal(name: str) -> str:
    name = parsing.visible(name)
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).replace("_", "").strip("\ufeff*※")
