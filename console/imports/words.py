"""The words of imports in the reader's language: fields, states, results, and why an import stays."""

import json
from datetime import datetime

from console.shell.translation import N_, gettext, reads_english
from customers.imports.tables import DataImport, ImportKind, ImportRow, ImportState

ORDER_FIELDS = {
    "order_number": N_("注文番号"),
    "ordered_at": N_("注文日"),
    "total_yen": N_("合計金額"),
    "customer_number": N_("会員番号"),
    "email": N_("メールアドレス"),
    "phone": N_("電話番号"),
    "line_user_id": N_("LINEのユーザーID"),
    "sku": N_("商品コード"),
    "name": N_("商品名"),
    "quantity": N_("数量"),
    "unit_yen": N_("単価"),
    "coupon_code": N_("クーポンコード"),
    "state": N_("注文の状態"),
    "dispatched_at": N_("出荷日"),
    "carrier": N_("配送会社"),
    "tracking_number": N_("送り状番号"),
    "arrives_on": N_("お届け予定日"),
    "delivered_at": N_("配達完了日"),
    "currency": N_("通貨"),
    "refunded_yen": N_("返金額"),
}
PRODUCT_FIELDS = {
    "sku": N_("商品コード"),
    "name": N_("商品名"),
    "price_yen": N_("価格"),
    "url": N_("商品ページ"),
    "picture_url": N_("画像"),
    "in_stock": N_("在庫"),
    "is_recommended": N_("おすすめする"),
    "repurchase_days": N_("買い替え日数"),
    "premium": N_("プレミアム"),
}
SYSTEMS = {"ec-cube": "EC-CUBE", "futureshop": "futureshop", "base": "BASE"}
"""Names of shop systems, the same in every language."""
COUNTS = {
    "new_count": N_("新しく取り込んだもの"),
    "changed_count": N_("変わったもの"),
    "known_count": N_("もう登録済みのもの"),
    "conflict_count": N_("登録済みと内容が違うもの"),
    "parked_count": N_("保留したもの"),
    "asked_count": N_("確認が必要なもの"),
    "cancelled_count": N_("取り消された注文"),
    "unfinished_count": N_("まだ確定していない注文"),
    "bad_count": N_("読めない行"),
    "removed_count": N_("取り消して消したもの"),
    "restored_count": N_("前の内容に戻したもの"),
    "reversed_count": N_("取り消しとして記録した注文"),
    "left_count": N_("そのまま残したもの"),
}
ROW_KINDS = {
    "bad": N_("読めない行"),
    "conflict": N_("登録済みと違う"),
    "parked": N_("保留"),
    "note": N_("一部を使わず"),
}


def field(kind: str, name: str) -> str:
    """The name of a field."""
    return gettext((ORDER_FIELDS if kind == ImportKind.ORDERS else PRODUCT_FIELDS).get(name, name))


def kind(row: DataImport) -> str:
    """What the file holds."""
    return gettext("注文") if row.kind == ImportKind.ORDERS else gettext("商品")


def state(row: DataImport) -> str:
    """How far the import is."""
    return {
        ImportState.PREVIEW: gettext("確認待ち"),
        ImportState.WAITING: gettext("取り込み中"),
        ImportState.COMMAND: gettext("コマンドで取り込み中"),
        ImportState.DONE: gettext("取り込みました"),
        ImportState.FAILED: gettext("読めませんでした"),
        ImportState.DISCARDED: gettext("やめました"),
        ImportState.UNDO: gettext("取り消せるか確かめています"),
        ImportState.UNDOING: gettext("取り消し中"),
        ImportState.UNDONE: gettext("取り消しました"),
    }[ImportState(row.state)]


def counts(row: DataImport) -> list[tuple[str, int]]:
    """The result, as a name and a number each."""
    found: dict[str, int] = json.loads(row.counts)
    return [(gettext(words), found[name]) for name, words in COUNTS.items() if found.get(name)]


def refusal(row: DataImport) -> list[str]:
    """Why the import could not be undone, a sentence for each reason."""
    found: dict[str, int] = json.loads(row.refusal)
    sentences = {
        "pending": N_("%(count)s件の注文を、まだ処理しています。数分おいてから、もう一度お試しください。"),
        "others": N_("このファイルで、前からあった注文%(count)s件の取り消し・返金・発送も記録しました。"),
        "changed": N_(
            "%(count)s件の注文は、そのあとで取り消し・返金されたか、ほかのシステムからも届いています。"
        ),
        "messages": N_("%(count)s通のメッセージを、もうお客様にお送りしました。"),
        "flows": N_("%(count)s件の注文から、ステップ配信がはじまりました。"),
        "referrals": N_("%(count)s件の注文で、お友達紹介が成立しました。"),
        "coupons": N_("この注文でお渡ししたクーポン%(count)s枚が、もう使われました。"),
        "points": N_("%(count)s人のお客様が、この注文のポイントをもう使いました。"),
    }
    return [
        gettext(sentences[name], count=f"{count:,}") for name, count in found.items() if name in sentences
    ]


def fault(row: DataImport) -> str:
    """Why the file as a whole could not be read, or was discarded."""
    return str(row.fault_en if reads_english() else row.fault)


def row_kind(row: ImportRow) -> str:
    """Why a row is listed."""
    return gettext(ROW_KINDS.get(row.kind, row.kind))


def reason(row: ImportRow) -> str:
    """The reason of a row."""
    return str(row.reason_en if reads_english() else row.reason)


def shown(row: ImportRow) -> str:
    """What is shown of a row."""
    return str(row.shown_en if reads_english() else row.shown)


def size(byte_count: int) -> str:
    """The size of a file."""
    if byte_count < 1_000_000:
        return f"{max(1, round(byte_count / 1_000)):,} KB"
    return f"{byte_count / 1_000_000:.1f}".removesuffix(".0") + " MB"


def over_at(row: DataImport) -> datetime | None:
    """When it was last finished or undone."""
    found: datetime | None = row.undone_at or row.finished_at
    return found
