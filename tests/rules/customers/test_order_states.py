"""Order states of shop systems: matched as whole words only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.orders.states import OrderState, of_lines, read, word_key

REVERSED = [
    *(
        "CANCELED",
        "Cancelled",
        "Order Cancelled",
        "Refunded",
        "fully refunded",
        "voided",
        "VOIDED",
        "returned",
    ),
    *(
        "返金済み",
        "返金済",
        "全額返金",
        "キャンセル",
        "ｷｬﾝｾﾙ",
        "キャンセル済み",
        "注文キャンセル",
        "注文取消し",
        "注文取消",
    ),
    *(
        "取消",
        "取り消し",
        "取消し",
        "返品",
        "返品済",
        "返品完了",
        "返送",
        "払い戻し済み",
        "無効",
        "キャンセル（未入金）",
    ),
    *(
        "キャンセル （お客様都合）",
        "返品・返金",
        "キャンセル返金済",
        "キャンセル（返金なし）",
        "　キャンセル　",
        "キャンセル\u200b",
    ),
]
PARTLY = [
    *(
        "partially_refunded",
        "Partially Refunded",
        "partial refund",
        "一部返品",
        "一部返金済み",
        "部分返金",
        "一部キャンセル",
    ),
    *("一部商品キャンセル", "発送済み(一部返品)", "一部取り消し"),
]
UNPAID = [
    *(
        "pending",
        "Authorized",
        "partially_paid",
        "unpaid",
        "not paid",
        "expired",
        "on-hold",
        "awaiting payment",
        "failed",
    ),
    *(
        "入金待ち",
        "入金待",
        "未入金",
        "お支払い待ち",
        "支払い待ち",
        "未払い",
        "決済処理中",
        "購入処理中",
        "仮売上",
        "与信済み",
    ),
    *("一部入金", "銀行振込入金待ち", "入金確認待ち", "期限切れ", "コンビニ未払い"),
]
COUNTS = [
    *(
        "paid",
        "PAID",
        "ordered",
        "dispatched",
        "shipping",
        "processing",
        "completed",
        "fulfilled",
        "unfulfilled",
        "ready to ship",
    ),
    *(
        "発送済み",
        "発送済",
        "出荷完了",
        "未発送",
        "未処理",
        "配送",
        "対応中",
        "新規受付",
        "入金済み",
        "入金確認済み",
        "お取り寄せ中",
    ),
    *(
        "取り寄せ中",
        "受注",
        "処理中",
        "完了",
        "取引完了",
        "お届け済み",
        "支払済",
        "出荷準備 中",
        "一部発送",
        "入金済み・未発送",
    ),
    *(
        "キャンセル依頼を却下",
        "キャンセル不可",
        "返品なし",
        "返品不可",
        "返金不可",
        "キャンセル取り下げ",
        "キャンセル申請（却下）",
    ),
    *("not cancelled", "Not refunded", "non-refundable", "refund declined", "", "-", "　"),
]
UNKNOWN = [
    *(
        "キャンセル待ち",
        "キャンセル依頼",
        "キャンセル申請中",
        "キャンセル処理中",
        "キャンセル受付",
        "返品受付",
        "返金待ち",
        "返金処理中",
    ),
    *(
        "キャンセル取消",
        "返品キャンセル",
        "交換",
        "返品・交換",
        "未返金",
        "保留",
        "謎の状態",
        "受取拒否",
        "発送不可",
        "5",
    ),
    *(
        "refund pending",
        "cancel requested",
        "refund_requested",
        "return in progress",
        "disputed",
        "chargeback",
        "restocked",
    ),
    *("キャンセルするかもしれません", "x" * 5_000, "キャンセル" * 1_000),
]


@pytest.mark.parametrize(
    ("word", "state"),
    [(word, OrderState.REVERSED) for word in REVERSED]
    + [(word, OrderState.PARTLY) for word in PARTLY]
    + [(word, OrderState.UNPAID) for word in UNPAID]
    + [(word, OrderState.COUNTS) for word in COUNTS]
    + [(word, None) for word in UNKNOWN],
)
def test_a_word_is_known_or_it_is_not(word: str, state: OrderState | None) -> None:
    assert read(word) is state


@pytest.mark.parametrize(
    "system", ["mtb_order_status of EC-CUBE 2", "of EC-CUBE 4", "MakeShop", "BASE", "Shopify", "WooCommerce"]
)
def test_every_state_of_a_system_is_known(system: str) -> None:
    states = {
        "mtb_order_status of EC-CUBE 2": "新規受付 入金待ち 入金済み キャンセル 取り寄せ中 発送済み 決済処理中",
        "of EC-CUBE 4": "新規受付 注文取消し 対応中 発送済み 入金済み 決済処理中 購入処理中 返品",
        "MakeShop": "配送 未処理 注文キャンセル 返送",
        "BASE": "ordered cancelled dispatched unpaid shipping 未対応 対応済 未発送 入金待ち キャンセル 対応中",
        "Shopify": "pending authorized partially_paid paid partially_refunded refunded voided expired",
        "WooCommerce": "pending processing on-hold completed cancelled refunded failed checkout-draft",
    }
    assert [word for word in states[system].split() if read(word) is None] == []


def test_the_shops_own_words_win_and_may_stand_within_others() -> None:
    own = {
        word_key("回収済み"): OrderState.REVERSED,
        word_key("保留"): OrderState.UNPAID,
        word_key("完了"): OrderState.UNPAID,
    }
    assert [read(word, own) for word in ("回収済", "保留", "完了", "回収")] == [
        OrderState.REVERSED,
        OrderState.UNPAID,
        OrderState.UNPAID,
        None,
    ]
    assert read("回収済み 7/1", {}, ["回収"]) is OrderState.REVERSED
    for turned in ("回収依頼", "一部回収", "回収なし", "未回収", "回収待ち"):
        assert read(turned, {}, ["回収"]) is None, turned


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([OrderState.REVERSED, OrderState.REVERSED], OrderState.REVERSED),
        ([OrderState.REVERSED, OrderState.COUNTS], OrderState.PARTLY),
        ([OrderState.COUNTS, OrderState.UNPAID], OrderState.UNPAID),
        ([OrderState.COUNTS, None], None),
        ([OrderState.COUNTS], OrderState.COUNTS),
    ],
)
def test_lines_of_one_order_together(lines: list[OrderState | None], state: OrderState | None) -> None:
    assert of_lines(lines) is state


@given(word=st.text(alphabet="キャンセル返品金取消済みなし不可一部未入待依頼 (・)refund cancel", max_size=30))
def test_blanks_and_width_make_no_difference(word: str) -> None:
    wide = "".join(
        chr(ord(each) + 0xFEE0) if "!" <= each <= "~" and each not in "()" else each for each in word
    )
    assert read(wide.upper()) is read(word) is read(f" {word}\u3000")
