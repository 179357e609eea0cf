"""The column names of the order CSVs of EC-CUBE, futureshop and BASE, and of columns that hold a state; pure.

The meaning of a state is `customers/orders/states.py`'s. Sources, and which names could not be confirmed, are
in docs/api-orders.md.
"""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from customers.orders.states import OrderState

STATE_COLUMNS = (
    *(
        "ステータス",
        "注文ステータス",
        "受注ステータス",
        "処理ステータス",
        "取引ステータス",
        "対応状況",
        "処理状況",
        "処理状況区分",
    ),
    *(
        "状態",
        "注文状況",
        "注文状態",
        "受注状況",
        "受注状態",
        "取引状況",
        "Financial Status",
        "Status",
        "Order Status",
    ),
    *(
        "入金状況",
        "入金ステータス",
        "入金状態",
        "支払状況",
        "支払い状況",
        "お支払い状況",
        "支払ステータス",
        "支払状態",
    ),
    *(
        "決済状況",
        "決済ステータス",
        "決済状態",
        "発送状況",
        "発送ステータス",
        "発送状態",
        "配送状況",
        "出荷状況",
        "出荷ステータス",
    ),
    *("キャンセル状況", "返品状況", "payment_status"),
)
"""A file may have several of these, and all are read: an order may be shipped and not paid."""
CANCEL_COLUMNS = (
    *(
        "Cancelled at",
        "キャンセル日",
        "キャンセル日時",
        "注文キャンセル日",
        "取消日",
        "取消日時",
        "キャンセル",
        "キャンセルフラグ",
    ),
    *("取消フラグ", "is_cancelled"),
)
"""Columns with a day or a mark where an order was cancelled."""


@dataclass(frozen=True)
class AddressColumns:
    """The columns of one postal address. The first address column is required, the others are optional."""

    postal_code: str
    address: tuple[str, ...]


@dataclass(frozen=True)
class Preset:
    """One system's columns. `knows_by` are columns that only its files have."""

    knows_by: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[AddressColumns, ...] = ()
    """The address of delivery first, then the buyer's; a postal code is never combined with the other's
    address."""
    total_of_lines: bool = False
    """Whether each row gives the amount of that row alone; the order's total is their sum and the extra
    columns."""
    extra_yen: tuple[str, ...] = ()
    item_only_where: tuple[str, str] | None = None
    """A column and the value it has in rows that are products; other rows are postage, fees and discounts."""
    no_items: tuple[str, ...] = ()
    """How the name begins in rows that are options of the product above: their amounts count, they are no
    product."""


PRESETS: dict[str, Preset] = {
    "ec-cube": Preset(
        knows_by=("対応状況(名称)", "支払合計"),
        columns={
            "order_number": ("注文番号", "注文ID"),
            "ordered_at": ("注文日", "受注日"),
            "total_yen": ("支払合計",),
            "customer_number": ("会員ID",),
            "email": ("メールアドレス",),
            "phone": ("TEL",),
            "sku": ("商品コード",),
            "name": ("商品名",),
            "quantity": ("個数",),
            "unit_yen": ("価格",),
            "state": ("対応状況(名称)",),
            "carrier": ("配送業者(名称)",),
            "tracking_number": ("出荷伝票番号",),
            "dispatched_at": ("発送日",),
        },
        places=(
            AddressColumns("配送先_郵便番号", ("配送先_住所1", "配送先_住所2")),
            AddressColumns("郵便番号", ("住所1", "住所2")),
        ),
        item_only_where=("明細区分(名称)", "商品"),
    ),
    "futureshop": Preset(
        knows_by=("受注コード", "請求合計金額"),
        columns={
            "order_number": ("受注コード",),
            "ordered_at": ("注文日時",),
            "total_yen": ("請求合計金額",),
            "customer_number": ("会員番号", "会員ID"),
            "email": ("メールアドレス(メイン)", "メールアドレス"),
            "phone": ("電話番号(メイン)", "電話番号"),
            "sku": ("商品番号",),
            "name": ("商品名",),
            "quantity": ("購入数量",),
            "unit_yen": ("販売単価",),
            "state": ("処理状況区分", "処理状況"),
        },
        places=(
            AddressColumns("お届け先郵便番号", ("お届け先住所1", "お届け先住所2", "お届け先住所3")),
            AddressColumns("郵便番号", ("住所1", "住所2", "住所3")),
        ),
    ),
    "base": Preset(
        knows_by=("注文ID", "氏(請求先)", "発送状況"),
        columns={
            "order_number": ("注文ID",),
            "ordered_at": ("注文日時",),
            "total_yen": ("合計金額",),
            "email": ("メールアドレス(請求先)",),
            "phone": ("電話番号(請求先)",),
            "sku": ("商品コード", "商品ID"),
            "name": ("商品名",),
            "quantity": ("数量",),
            "unit_yen": ("価格",),
            "state": ("発送状況",),
        },
        places=(
            AddressColumns("郵便番号(配送先)", ("住所(配送先)", "住所2(配送先)")),
            AddressColumns("郵便番号(請求先)", ("住所(請求先)", "住所2(請求先)")),
        ),
        total_of_lines=True,
        extra_yen=("送料", "代引き手数料", "調整金額"),
        no_items=("商品オプション",),
    ),
}


@dataclass(frozen=True)
class ColumnMap:
    """The owner's settings for the files: the system, column names, and words for states."""

    system: str = "auto"
    own: Mapping[str, str] = field(default_factory=dict)
    cancelled_words: Sequence[str] = ()
    place: AddressColumns | None = None
    words: Mapping[str, OrderState] = field(default_factory=dict)
    """The meaning of the shop's own words for states, by `states.word_key`."""

    def preset(self, names: Collection[str]) -> Preset:
        """The system's columns; the system is detected by the header unless the owner names it."""
        if self.system in PRESETS:
            return PRESETS[self.system]
        there = {unicodedata.normalize("NFKC", name).strip("\ufeff*※ ") for name in names}
        if self.system == "auto":
            for preset in PRESETS.values():
                if set(preset.knows_by) <= there:
                    return preset
        return Preset()
