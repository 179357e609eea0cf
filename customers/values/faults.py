"""The sentences for errors in an order, in Japanese and English; pure."""

import difflib
from dataclasses import dataclass

from customers.values.sentence import Sentence

# code: (for the owner, for the developer of a shop system)
REASONS = {
    "missing": ("必要な項目がありません", "is required"),
    "unknown": (
        "この項目はありません。つづりを確かめてください",
        "is not a field here; check its spelling",
    ),
    "empty": ("空です", "is empty"),
    "not_text": ("文字（文字列）ではありません", "must be a string"),
    "not_bool": ("true か false ではありません", "must be true or false"),
    "not_list": ("リストではありません", "must be a list"),
    "not_object": ("オブジェクト（{…}）ではありません", "must be an object"),
    "not_whole": ("整数ではありません", "must be a whole number, without quotes"),
    "bad_days": ("1〜3650の整数ではありません", "must be a whole number from 1 to 3650"),
    "too_long": ("長すぎます", "is too long"),
    "too_many": ("数が多すぎます（200件まで）", "has too many entries (200 at most)"),
    "bad_character": ("使えない文字が入っています", "contains a character that cannot be stored"),
    "bad_yen": ("金額として読めません", "cannot be read as whole yen"),
    "negative_yen": ("マイナスの金額です", "must not be negative"),
    "too_much_yen": ("金額が大きすぎます（1億円未満）", "is too large (below 100,000,000 yen)"),
    "bad_date": ("日付として読めません", "cannot be read as a date and time"),
    "no_such_date": ("その日時はありません", "is no existing date and time between 2000 and 2100"),
    "future_date": ("未来の日付です", "lies in the future"),
    "bad_day": ("日付（年月日）として読めません", "must be a calendar day without a time"),
    "before_dispatch": ("発送した日より前です", "is before dispatched_at"),
    "bad_tracking_number": (
        "送り状番号として読めません（英数字とハイフンで40文字まで）",
        "cannot be read as a tracking number: letters, digits and hyphens, at most 40",
    ),
    "several_parcels": (
        "この注文にはいくつかの荷物があり、どの荷物か分かりません。送り状番号が必要です",
        "is needed, for this order has several parcels",
    ),
    "bad_url": (
        "アドレスとして読めません（https:// で始まるもの）",
        "must be an https:// address in ASCII, of at most 1000 characters",
    ),
    "bad_quantity": ("数量として読めません（1〜999,999）", "must be a whole number from 1 to 999,999"),
    "bad_email": ("メールアドレスとして読めません", "cannot be read as an e-mail address"),
    "bad_phone": ("電話番号として読めません", "cannot be read as a telephone number"),
    "phone_without_zero": (
        "先頭の0がありません（表計算ソフトで消えたようです）。列を「文字列」にして書き出してください",
        "lacks its leading 0 (a spreadsheet drops it); write it as text, or with its country code: +81…",
    ),
    "guest_number": (
        "会員ではない方に付けられる番号です（0・ゲスト など）。注文番号・メールアドレス・電話番号で指定してください",
        "is what systems write for guests; name the order_number, email or phone instead",
    ),
    "bad_postal_code": (
        "郵便番号として読めません（7けた）",
        "cannot be read as a postal code of seven digits",
    ),
    "half_address": (
        "郵便番号と住所は、両方が必要です",
        "must have postal_code and address together, or neither",
    ),
    "bad_line_user_id": (
        "LINEのユーザーIDではありません（Uで始まる33文字。友だち検索のIDとは別のものです）",
        "is not a LINE user id (U and 32 characters 0-9 a-f; not the id people search by)",
    ),
    "nobody": (
        "だれの注文か分かりません。LINEユーザーID・顧客番号・メールアドレス・電話番号のどれかが必要です",
        "must name the customer: give line_user_id, customer_number, email or phone",
    ),
    "rounded": (
        "表計算ソフトが数字を丸めています（1.23E+11 など）。列を「文字列」にして書き出してください",
        "was rounded by a spreadsheet",
    ),
    "disagree": ("同じ注文の行どうしで値が違います", "differs between rows of one order"),
    "no_amount": ("1円以上にしてください", "must be at least 1 yen"),
    "invalid": ("使えない値です", "cannot be used"),
}

LABELS = {
    "order_number": "注文番号",
    "ordered_at": "注文日",
    "total_yen": "合計金額",
    "line_user_id": "LINEユーザーID",
    "customer_number": "顧客番号",
    "email": "メールアドレス",
    "phone": "電話番号",
    "postal_code": "郵便番号",
    "address": "住所",
    "coupon_code": "クーポンコード",
    "items": "商品",
    "sku": "商品コード",
    "name": "商品名",
    "quantity": "数量",
    "unit_yen": "単価",
    "repurchase_days": "買い替えの目安の日数",
    "premium": "プレミアム商品かどうか",
    "refund_id": "返金の番号",
    "refunded_yen": "返金額",
    "currency": "通貨",
    "amount_yen": "返金額",
    "reason": "理由",
    "link_token": "linkToken",
    "carrier": "配送会社",
    "tracking_number": "送り状番号",
    "tracking_url": "追跡ページのアドレス",
    "dispatched_at": "出荷日",
    "delivered_at": "配達完了日",
    "arrives_on": "お届け予定日",
}

EXAMPLES: dict[str, object] = {
    "order_number": "A-1001",
    "ordered_at": "2026-01-05T13:20:00+09:00",
    "total_yen": 5400,
    "line_user_id": "U4af4980629f1c5f1e2b3d7a9c0e8f612",
    "customer_number": "C-204",
    "email": "hanako@example.jp",
    "phone": "090-1234-5678",
    "postal_code": "150-0041",
    "address": "東京都渋谷区神南1-19-11 コーポ101",
    "coupon_code": "K7MP-4XWD-RT35",
    "items": [{"sku": "TEA-50", "name": "ほうじ茶 50g", "quantity": 2, "unit_yen": 1200}],
    "sku": "TEA-50",
    "name": "ほうじ茶 50g",
    "quantity": 2,
    "unit_yen": 1200,
    "repurchase_days": 60,
    "premium": False,
    "refund_id": "R-1",
    "amount_yen": 1200,
    "reason": "届いた瓶が割れていた",
    "link_token": "NMZTNuVrPTqlr2IF8Bnymkb7rXfYv5EY",
    "carrier": "ヤマト運輸",
    "tracking_number": "4725-7551-6733",
    "tracking_url": "https://member.kms.kuronekoyamato.co.jp/parcel/detail?pno=472575516733",
    "dispatched_at": "2026-01-06T15:00:00+09:00",
    "delivered_at": "2026-01-08T11:40:00+09:00",
    "arrives_on": "2026-01-08",
}

CSV_EXAMPLES = {
    "dispatched_at": "2026-01-06",
    "delivered_at": "2026-01-08",
    "ordered_at": "2026-01-05 13:20",
    "total_yen": "5,400",
    "quantity": "2",
    "unit_yen": "1,200",
    "repurchase_days": "60",
}


@dataclass(frozen=True)
class Problem:
    """One error of one field. `field` is the path in the JSON: total_yen, items.0.quantity."""

    field: str
    code: str
    known: tuple[str, ...] = ()
    """Where a field is unknown, or there is no object: the fields that there may be."""

    @property
    def leaf(self) -> str:
        """The field's own name, the last part of the path."""
        names = [part for part in self.field.split(".") if not part.isdigit()]
        return names[-1] if names else ""

    @property
    def example(self) -> object:
        """A value that would be accepted; for an unknown field, the one it was probably meant to be."""
        if not self.known:
            return EXAMPLES.get(self.leaf)
        near = difflib.get_close_matches(self.leaf, self.known, n=1) if self.leaf else []
        return {name: EXAMPLES[name] for name in near or self.known if name in EXAMPLES}

    def in_english(self) -> str:
        """The sentence for the developer of a shop system."""
        whole = "the body" if self.code == "not_object" else "the order"
        listed = f". Fields: {', '.join(self.known)}" if self.known else ""
        return f"{self.field or whole} {REASONS[self.code][1]}{listed}"

    def in_words(self) -> Sentence:
        """The sentence for the owner in both languages."""
        name = (self.leaf or "order").replace("_", " ")
        example = CSV_EXAMPLES.get(self.leaf, self.example)
        shown = f" (for example {example})" if isinstance(example, str) and example.isascii() else ""
        return Sentence(self.in_japanese(), f"{name}: {REASONS[self.code][1]}{shown}")

    def in_japanese(self) -> str:
        """The sentence for the owner, with a value that can be written in a CSV."""
        label = LABELS.get(self.leaf, self.field or "注文")
        example = CSV_EXAMPLES.get(self.leaf, self.example)
        shown = f"（例: {example}）" if isinstance(example, str) and self.code != "nobody" else ""
        listed = f"。使える項目: {', '.join(self.known)}" if self.known else ""
        return f"{label}: {REASONS[self.code][0]}{shown}{listed}"
