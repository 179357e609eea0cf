"""Files and messages that were once read wrongly, each with its right value, through the channels they came by."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.db.database import write_transaction
from bot.notices import Notice
from bot.queue.inbox import InboxEvent
from customers.csv import order_import
from customers.csv.import_report import ImportReport
from customers.linking import linking
from customers.orders import buyers, purchases
from customers.orders.buyers import Buyer
from customers.orders.parked import ParkedOrder, Reason
from customers.orders.purchases import Purchase
from customers.people.customer import follow
from rewards.ledger import ledger
from tests.storage.customers.test_order_reversals import HANAKO, TARO, meets, post, work
from tests.storage.customers.test_shopify import hook
from tests.storage.order_scene import NOON

pytestmark = pytest.mark.usefixtures("any_database", "order_shop")

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Outstanding Balance,"
    "Id,Phone\n"
)
PLAIN = "注文番号,注文日,合計金額,会員番号,ステータス\n"
EC_CUBE = (
    "注文ID,注文番号,会員ID,メールアドレス,TEL,支払合計,対応状況(ID),対応状況(名称),注文日,商品名,商品コード,価格,個数,"
    "明細区分(ID),明細区分(名称)\n"
)
BASE = (
    "注文ID,注文日時,氏(請求先),名(請求先),電話番号(請求先),メールアドレス(請求先),備考,商品名,バリエーション,価格,税率,数量,"
    "合計金額,送料,支払い方法,代引き手数料,発送状況,商品ID,種類ID,購入元,調整金額\n"
)


def shopify_row(
    number: str,
    state: str,
    total: str = "2400",
    *,
    currency: str = "JPY",
    cancelled: str = "",
    refunded: str = "0",
) -> str:
    return (
        f"{number},k@example.jp,{state},,fulfilled,{currency},{total},0,0,{total},2026-11-10 10:00:00 +0900,"
        f"2,ほうじ茶,1200,TEA,{cancelled},{refunded},0,551,\n"
    )


def base_row(number: str, name: str, price: int, pieces: int, state: str) -> str:
    who = "2026-11-05 13:20:00,山田,花子,09012345678,h@example.jp,"
    return f"{number},{who},{name},,{price},8,{pieces},{price * pieces},500,creditcard,0,{state},11,,,\n"


def second_line(number: str) -> str:
    return f"{number},k@example.jp,,,,,,,,,2026-11-10 10:00:00 +0900,1,湯のみ,3000,CUP,,,,,\n"


def run(folder: Path, content: str, encoding: str = "utf-8", name: str = "orders.csv") -> ImportReport:
    file = folder / name
    file.write_text(content, encoding)
    report = order_import.run(file)
    work()
    return report


def counted() -> dict[str, int]:
    """The orders that count, and their sum."""
    rows = Purchase.select().where(Purchase.state == purchases.PAID).order_by(Purchase.order_number)
    return {each.order_number: each.total_yen - each.refunded_yen for each in rows}


def open_questions() -> list[tuple[str, str, str]]:
    rows = ParkedOrder.select().where(ParkedOrder.closed_at.is_null()).order_by(ParkedOrder.id)
    return [(each.reason, each.order_number, each.word) for each in rows]


CSV_CASES: list[tuple[str, str, dict[str, int], tuple[int, int, int], list[tuple[str, str]]]] = [
    # name, file, what counts after, (reversed, unpaid, parked), questions
    ("refunded", SHOPIFY + shopify_row("#1", "refunded", refunded="2400"), {}, (1, 0, 0), []),
    (
        "refunded, two lines",
        SHOPIFY + shopify_row("#2", "refunded", "5400", refunded="5400") + second_line("#2"),
        {},
        (1, 0, 0),
        [],
    ),
    ("pending", SHOPIFY + shopify_row("#3", "pending"), {}, (0, 1, 0), []),
    ("authorized", SHOPIFY + shopify_row("#3", "authorized"), {}, (0, 1, 0), []),
    ("partially paid", SHOPIFY + shopify_row("#3", "partially_paid"), {}, (0, 1, 0), []),
    ("voided", SHOPIFY + shopify_row("#3", "voided"), {}, (1, 0, 0), []),
    ("paid", SHOPIFY + shopify_row("#4", "paid", "5400") + second_line("#4"), {"#4": 5400}, (0, 0, 0), []),
    (
        "cancelled at",
        SHOPIFY + shopify_row("#5", "paid", cancelled="2026-11-11 09:00:00 +0900"),
        {},
        (1, 0, 0),
        [],
    ),
    (
        "dollars",
        SHOPIFY + shopify_row("#6", "paid", "39", currency="USD"),
        {},
        (0, 0, 1),
        [("currency", "USD")],
    ),
    (
        "dollars and cents",
        SHOPIFY + shopify_row("#6", "paid", "39.90", currency="USD"),
        {},
        (0, 0, 1),
        [("currency", "USD")],
    ),
    (
        "a part refunded",
        SHOPIFY + shopify_row("#7", "partially_refunded", refunded="400"),
        {"#7": 2000},
        (0, 0, 0),
        [],
    ),
    (
        "all of it refunded in parts",
        SHOPIFY + shopify_row("#7", "partially_refunded", refunded="2400"),
        {},
        (1, 0, 0),
        [],
    ),
    (
        "a state nobody knows",
        SHOPIFY + shopify_row("#8", "on_review"),
        {},
        (0, 0, 1),
        [("state", "on_review")],
    ),
    (
        "the state in the first row only",
        "注文番号,注文日,合計金額,会員番号,ステータス,商品名,数量,単価\nJ-1,2026/11/01,5400,C-1,キャンセル,ほうじ茶,2,1200\nJ-1,,,,,湯のみ,1,3000\n",
        {},
        (1, 0, 0),
        [],
    ),
    (
        "a parcel sent back",
        "注文番号,注文日,処理状況,注文者,メールアドレス,電話番号,合計金額,商品名,数量,販売価格\n"
        "P171323551145213733,2026/11/10,返送,山田花子,hana@example.jp,09012345678,5400,ほうじ茶,2,1200\n",
        {},
        (1, 0, 0),
        [],
    ),
    (
        "states in any case",
        PLAIN
        + "".join(
            f"S-{number},2026/11/01,1000,C-1,{word}\n"
            for number, word in enumerate(("CANCELED", "Refunded", "返金済み", "入金待ち"), start=1)
        ),
        {},
        (3, 1, 0),
        [],
    ),
    (
        "words that only resemble a cancellation",
        PLAIN + "F-1,2026/11/01,9000,C-1,一部返品\nF-2,2026/11/01,9000,C-1,キャンセル依頼を却下\n",
        {"F-1": 9000, "F-2": 9000},
        (0, 0, 0),
        [("partly", "一部返品")],
    ),
    (
        "a request is no cancellation",
        PLAIN + "F-1,2026/11/01,9000,C-1,キャンセル待ち\n",
        {},
        (0, 0, 1),
        [("state", "キャンセル待ち")],
    ),
    (
        "shipped and not paid",
        "注文番号,注文日,合計金額,会員番号,ステータス,入金状況\nF-1,2026/11/01,9000,C-1,発送済み,未\nF-2,2026/11/01,9000,C-1,発送済み,済\n",
        {"F-2": 9000},
        (0, 1, 0),
        [],
    ),
    (
        "rows apart",
        BASE
        + base_row("B1", "ほうじ茶", 1200, 2, "未発送")
        + base_row("B2", "最中", 300, 1, "未発送")
        + base_row("B1", "最中", 300, 1, "未発送"),
        {"B1": 3200, "B2": 800},
        (0, 0, 0),
        [],
    ),
    (
        "one line of an order cancelled",
        BASE + base_row("B3", "ほうじ茶", 1200, 2, "キャンセル") + base_row("B3", "最中", 300, 1, "未発送"),
        {"B3": 3200},
        (0, 0, 0),
        [("partly", "キャンセル・未発送")],
    ),
    (
        "carts, returns and cancellations of EC-CUBE",
        EC_CUBE
        + "1,1,12,h@example.jp,09012345678,2900.00,1,新規受付,2026-11-05 13:20:00,ほうじ茶,TEA,1200.00,2.00,1,商品\n"
        + "2,,12,h@example.jp,09012345678,2900.00,8,購入処理中,,ほうじ茶,TEA,1200.00,2.00,1,商品\n"
        + "3,3,,h@example.jp,09012345678,2900.00,9,返品,2026-11-05 13:20:00,ほうじ茶,TEA,1200.00,2.00,1,商品\n"
        + "4,4,12,h@example.jp,09012345678,2900.00,3,注文取消し,2026-11-05 13:20:00,ほうじ茶,TEA,1200.00,2.00,1,商品\n",
        {"1": 2900},
        (2, 1, 0),
        [],
    ),
]


@pytest.mark.parametrize("case", CSV_CASES, ids=[case[0] for case in CSV_CASES])
def test_a_file_is_read_for_what_it_says(tmp_path: Path, case: Any) -> None:
    _, content, counts, (taken_back, unpaid, parked), questions = case
    report = run(tmp_path, content, "cp932" if "処理状況" in content and "P171" in content else "utf-8")
    assert counted() == counts
    assert (report.cancelled_count, report.unfinished_count, report.parked_count) == (
        taken_back,
        unpaid,
        parked,
    )
    assert [(reason, word) for reason, _, word in open_questions()] == questions
    assert report.is_clean == (not questions), "what needs a person ends with 1"
    again = run(tmp_path, content, "cp932" if "P171" in content else "utf-8")
    assert counted() == counts and again.new_count == 0


def test_a_later_refund_in_a_file_takes_the_order_back(tmp_path: Path) -> None:
    run(tmp_path, SHOPIFY + shopify_row("#4", "paid", "5400") + second_line("#4"))
    later = run(
        tmp_path, SHOPIFY + shopify_row("#4", "refunded", "5400", refunded="5400") + second_line("#4")
    )
    assert (counted(), later.cancelled_count) == ({}, 1)


def test_parts_refunded_one_after_the_other_are_one_total(tmp_path: Path) -> None:
    for refunded, left in (("0", 2400), ("400", 2000), ("400", 2000), ("900", 1500)):
        run(tmp_path, SHOPIFY + shopify_row("#4", "partially_refunded", refunded=refunded))
        assert counted() == {"#4": left}


def test_an_order_that_is_reported_again_after_its_cancellation_is_named(tmp_path: Path) -> None:
    row = "71,E-71,12,hana@example.jp,09012345678,2900,5,{},2026-11-05 13:20:00,ほうじ茶,TEA,1200,2,1,商品\n"
    for state in ("発送済み", "注文取消し"):
        assert run(tmp_path, EC_CUBE + row.format(state)).is_clean
    again = run(tmp_path, EC_CUBE + row.format("発送済み"))
    assert not again.is_clean
    assert "2行目: 取り消し済みの注文ですが" in next(again.lines())
    assert counted() == {}
    assert open_questions() == [("again", "E-71", "発送済み")]
    assert "1件" in Notice.get().sentence


@pytest.mark.parametrize("handled", [False, True])
def test_a_cancellation_on_its_way_counts_as_one(tmp_path: Path, handled: bool) -> None:
    file = tmp_path / "orders.csv"
    for state in ("発送済み", "キャンセル", "発送済み"):
        file.write_text(PLAIN + f"A-1,2026/11/01,1000,C-1,{state}\n", "utf-8")
        report = order_import.run(file)
        if handled:
            work()
    assert report.asked_count == 1


def test_the_same_row_apart_is_refused_where_it_would_count_twice(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        BASE + "".join(base_row(number, "ほうじ茶", 1200, 2, "未発送") for number in ("B1", "B2", "B1")),
    )
    assert counted() == {"B2": 2900}
    [line] = report.lines()
    assert line.startswith("2行目: 同じ内容の行が離れた場所（2行目と4行目）")


def test_a_broken_row_anywhere_costs_the_whole_order(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        PLAIN + "A-1,2026/11/01,1000,C-1,発送済み\nA-2,2026/11/01,500,C-1,発送済み\nA-1,2026/11/01\n",
    )
    assert counted() == {"A-2": 500}
    assert [line.partition(":")[0] for line in report.lines()] == ["2行目", "4行目"]


GUEST_NUMBERS = ["0", "000000", "-", "ゲスト", "guest", "NULL", "非会員", "N/A", "なし", "", "G-9999"]


@pytest.mark.parametrize("number", GUEST_NUMBERS)
def test_guests_under_one_number_are_known_by_their_addresses(
    tmp_path: Path, client: FlaskClient, token: str, number: str
) -> None:
    content = "注文番号,注文日,合計金額,会員番号,メールアドレス\n" + "".join(
        f"G-{each},2026/11/01,5000,{number},{each}@example.jp\n" for each in ("a", "b", "c")
    )
    run(tmp_path, content)
    assert Buyer.select().count() == 3
    hanako, taro = meets(HANAKO), meets(TARO)
    for order_number, customer in (("G-b", hanako), ("G-a", taro)):
        code = post(client, token, "/link-codes", {"order_number": order_number})
        assert code.status_code == 201 and code.json is not None
        with write_transaction():
            linked = linking.redeem_code(code.json["code"], customer)
        assert [each.order_number for each in linked.credited] == [order_number]
    run(tmp_path, content.replace("\nG-", "\nH-"))
    owners = {each.order_number: each.customer_id for each in Purchase.select()}
    assert owners["H-b"] == hanako.id and owners["H-a"] == taro.id and owners["H-c"] is None


@pytest.mark.parametrize("handled", [False, True])
def test_guests_through_the_api(client: FlaskClient, token: str, handled: bool) -> None:
    for number, email in (
        ("GA-0", "g1@example.jp"),
        ("GA-1", "g2@example.jp"),
        ("GA-2", None),
        ("GA-3", None),
    ):
        order = {
            "order_number": number,
            "ordered_at": "2026-11-20T10:00:00+09:00",
            "total_yen": 5000,
            "customer_number": "0",
        }
        answer = post(client, token, "/orders", order | ({"email": email} if email else {}))
        assert answer.status_code == 202
        if handled:
            work()
    hanako = meets(HANAKO)
    for number in ("GA-0", "GA-2"):
        code = post(client, token, "/link-codes", {"order_number": number})
        assert code.json is not None
        work()
        with write_transaction():
            linked = linking.redeem_code(code.json["code"], hanako)
        assert [each.order_number for each in linked.credited] == [number]
    assert Buyer.select().count() == 4, "a guest without an address is known by the order alone"
    refused = post(client, token, "/link-codes", {"customer_number": "0"})
    assert refused.status_code == 422 and refused.json is not None
    assert (refused.json["error"]["field"], refused.json["error"]["code"]) == (
        "customer_number",
        "guest_number",
    )


def test_guests_that_an_older_version_left_in_the_inbox_are_known_apart(
    client: FlaskClient, token: str
) -> None:
    for number, email in (("A", "a"), ("B", "b")):
        order = {"order_number": number, "ordered_at": "2026-11-20", "total_yen": 1, "customer_number": "C-1"}
        post(client, token, "/orders", order | {"email": f"{email}@example.jp"})
    for event in InboxEvent.select():
        InboxEvent.update(body=event.body.replace('"C-1"', '"0"')).where(InboxEvent.id == event.id).execute()
    work()
    assert {each.identity.partition(":")[0] for each in Buyer.select()} == {
        "email"
    } and Buyer.select().count() == 2


def test_a_buyer_that_was_all_guests_before_is_tied_to_nobody(client: FlaskClient, token: str) -> None:
    """As an older version left it: one buyer of the number 0 with two people's orders."""
    with write_transaction():
        older_buyer = Buyer.create(identity="number:0", customer_number="0", first_seen_at=NOON)
        for number in ("A", "B"):
            Purchase.create(
                source="csv",
                order_number=number,
                buyer=older_buyer,
                ordered_at=NOON,
                ordered_on=NOON.date(),
                total_yen=100,
                recorded_at=NOON,
            )
        old_code = linking.issue_code(older_buyer, "api:old").secret
    assert post(client, token, "/link-codes", {"order_number": "A"}).status_code == 422
    with write_transaction():
        assert linking.redeem_code(old_code, follow(HANAKO)).outcome is linking.LinkOutcome.HELD
    assert Purchase.select().where(Purchase.customer.is_null(False)).count() == 0


def test_a_member_who_changes_one_address_stays_one_buyer(tmp_path: Path) -> None:
    header = "注文番号,注文日,合計金額,会員番号,メールアドレス,電話番号\n"
    run(
        tmp_path,
        header
        + "A-1,2026/11/01,500,C-1,old@example.jp,09012345678\nA-2,2026/11/02,500,C-1,new@example.jp,09012345678\n"
        + "A-3,2026/11/03,500,C-1,new@example.jp,08011112222\n"
        + "A-4,2026/11/04,500,C-1,new+shop@example.jp,\nA-5,2026/11/05,500,C-1,,\n",
    )
    assert Buyer.select().count() == 1 and open_questions() == []


def test_an_invisible_mark_makes_no_other_buyer(tmp_path: Path) -> None:
    header = "注文番号,注文日時,合計金額,メールアドレス\n"
    written = (
        "hana@example.jp",
        "hana@example.jp\u200b",
        "\ufeffhana@example.jp",
        "mailto:hana@example.jp",
        "hana@example.jp.",
    )
    run(tmp_path, header + "".join(f"E-{n},2026/11/01,1000,{each}\n" for n, each in enumerate(written)))
    assert (Buyer.select().count(), len(counted())) == (1, 5)


def test_a_telephone_with_an_apostrophe_is_read(tmp_path: Path) -> None:
    header = "注文番号,注文日時,合計金額,電話番号,メールアドレス\n"
    report = run(
        tmp_path,
        header + "P-1,2026/11/01,1000,'+81 90-1234-5678,\nP-2,2026/11/01,1000,'09012345678,k@example.jp\n",
    )
    assert report.is_clean and len(counted()) == 2
    assert Buyer.select(Buyer.phone_hash).distinct().count() == 1


def test_a_telephone_that_lost_its_zero_is_named(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "注文番号,注文日時,合計金額,電話番号\nP-3,2026/11/01,1000,9012345678\nP-4,2026/11/01,1000,090-1234-5678\n",
    )
    assert counted() == {"P-4": 1000} and not report.is_clean
    assert "2行目: 電話番号: 先頭の0がありません" in next(report.lines())


def test_an_address_that_is_not_needed_is_left_out_and_named(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "注文番号,注文日時,合計金額,電話番号,メールアドレス\nP-3,2026/11/01,1000,9012345678,k@example.jp\n",
    )
    assert counted() == {"P-3": 1000} and report.is_clean
    assert "この項目は使わずに取り込みました" in next(report.lines())


ORDER: dict[str, Any] = {
    "id": 7000001,
    "name": "#501",
    "test": False,
    "currency": "JPY",
    "presentment_currency": "JPY",
    "total_price": "5400",
    "current_total_price": "5400",
    "financial_status": "paid",
    "created_at": "2026-11-20T10:00:01+09:00",
    "processed_at": "2026-11-20T10:00:00+09:00",
    "cancelled_at": None,
    "email": "a1@example.jp",
    "customer": {"id": 1},
    "note_attributes": [{"name": "line_user_id", "value": HANAKO}],
    "line_items": [
        {"sku": "TEA", "name": "ほうじ茶", "quantity": 2, "price": "1200"},
        {"sku": "CUP", "name": "湯のみ", "quantity": 1, "price": "3000"},
    ],
    "refunds": [],
}


def refund(amount: str, currency: str = "JPY", status: str = "success", number: int = 101) -> dict[str, Any]:
    one = {"id": number + 1, "kind": "refund", "status": status, "amount": amount, "currency": currency}
    return {"id": number, "order_id": ORDER["id"], "transactions": [one]}


def hooks(client: FlaskClient, *messages: tuple[str, dict[str, Any]]) -> None:
    for topic, body in messages:
        answer = hook(client, topic, body)
        assert answer.status_code == 200, answer.text
        work()


REFUNDED = ORDER | {"financial_status": "refunded", "current_total_price": "0"}


def test_a_refund_in_the_customers_currency_gives_the_order_back(client: FlaskClient) -> None:
    hanako = meets(HANAKO)
    in_dollars = refund("36.00", "USD")
    hooks(client, ("orders/create", ORDER | {"presentment_currency": "USD"}))
    assert ledger.balance(hanako.id) == 54
    hooks(client, ("refunds/create", in_dollars))
    assert open_questions() == [("refund", "#501", "USD 36.00")], (
        "until Shopify says more, the owner is asked"
    )
    hooks(client, ("orders/updated", REFUNDED | {"refunds": [in_dollars]}))
    assert (counted(), ledger.balance(hanako.id), open_questions()) == ({}, 0, [])
    assert Notice.select().count() == 0


@pytest.mark.parametrize("transactions", [[], None])
def test_a_refund_without_transactions_gives_the_order_back(client: FlaskClient, transactions: Any) -> None:
    hanako = meets(HANAKO)
    payload = {"id": 201, "order_id": ORDER["id"], "transactions": transactions}
    hooks(client, ("orders/create", ORDER), ("orders/updated", REFUNDED | {"refunds": [payload]}))
    assert (counted(), ledger.balance(hanako.id), open_questions()) == ({}, 0, [])


def test_a_part_in_the_customers_currency_is_what_the_order_has_become_less(client: FlaskClient) -> None:
    hanako = meets(HANAKO)
    updated = ORDER | {
        "financial_status": "partially_refunded",
        "current_total_price": "3000",
        "refunds": [refund("16.00", "USD")],
    }
    hooks(
        client,
        ("orders/create", ORDER),
        ("refunds/create", refund("16.00", "USD")),
        ("orders/updated", updated),
    )
    assert (counted(), ledger.balance(hanako.id), open_questions()) == ({"#501": 3000}, 30, [])


def test_a_part_whose_amount_nobody_says_is_asked_of_the_owner(client: FlaskClient) -> None:
    updated = {**ORDER, "financial_status": "partially_refunded", "refunds": [refund("16.00", "USD")]}
    del updated["current_total_price"]
    hooks(client, ("orders/create", ORDER), ("orders/updated", updated))
    assert (counted(), open_questions()) == ({"#501": 5400}, [("refund", "#501", "USD 16.00")])


def test_both_moneys_of_a_transaction_are_read(client: FlaskClient) -> None:
    payload = refund("16.00", "USD")
    payload["transactions"][0]["amount_set"] = {
        "shop_money": {"amount": "2400", "currency_code": "JPY"},
        "presentment_money": {"amount": "16.00", "currency_code": "USD"},
    }
    hooks(client, ("orders/create", ORDER), ("refunds/create", payload))
    assert (counted(), open_questions()) == ({"#501": 3000}, [])


def test_a_refund_that_succeeds_later_counts_then(client: FlaskClient) -> None:
    hooks(client, ("orders/create", ORDER), ("refunds/create", refund("1400", status="pending")))
    assert (counted(), open_questions()) == ({"#501": 5400}, [("refund", "#501", "pending 1400")])
    part = ORDER | {"financial_status": "partially_refunded", "current_total_price": "4000"}
    hooks(client, ("orders/updated", part | {"refunds": [refund("1400", status="pending")]}))
    assert counted() == {"#501": 5400}
    hooks(client, ("orders/updated", part | {"refunds": [refund("1400")]}))
    assert (counted(), open_questions()) == ({"#501": 4000}, [])


def test_a_second_transaction_of_a_refund_adds_to_the_first(client: FlaskClient) -> None:
    both = refund("1000")
    both["transactions"].append(
        {"id": 9, "kind": "refund", "status": "success", "amount": "400", "currency": "JPY"}
    )
    hooks(
        client,
        ("orders/create", ORDER),
        ("refunds/create", refund("1000")),
        ("refunds/create", both),
        ("refunds/create", both),
    )
    assert counted() == {"#501": 4000}


def test_a_failed_refund_gives_nothing_back(client: FlaskClient) -> None:
    hooks(client, ("orders/create", ORDER), ("refunds/create", refund("1000", status="failure")))
    assert (counted(), open_questions()) == ({"#501": 5400}, [])


@pytest.mark.parametrize(
    "edited",
    [
        {"current_total_price": "4200"},
        {"total_price": "4200", "current_total_price": "4200"},
        {"total_price": "4200"},
    ],
)
def test_an_order_edited_down_gives_the_difference_back_and_says_so(
    client: FlaskClient, edited: dict[str, Any]
) -> None:
    hanako = meets(HANAKO)
    hooks(client, ("orders/create", ORDER | {"current_total_price": None}))
    hooks(client, ("orders/updated", ORDER | {"current_total_price": None} | edited))
    assert (counted(), ledger.balance(hanako.id)) == ({"#501": 4200}, 42)
    assert "5,400円から4,200円に下がりました" in Notice.get().sentence
    hooks(client, ("orders/updated", ORDER | {"current_total_price": None} | edited))
    assert counted() == {"#501": 4200}


def test_a_fee_that_the_shop_retained_of_a_refund_stays_with_the_order(client: FlaskClient) -> None:
    updated = ORDER | {"financial_status": "partially_refunded", "current_total_price": "3000"}
    hooks(client, ("orders/create", ORDER), ("orders/updated", updated | {"refunds": [refund("2000")]}))
    assert (counted(), open_questions()) == ({"#501": 3400}, [])


def test_a_part_without_any_amount_is_asked_about_and_answered_by_the_next_message(
    client: FlaskClient,
) -> None:
    partly = ORDER | {"financial_status": "partially_refunded"}
    hooks(client, ("orders/create", ORDER), ("orders/updated", partly))
    assert (counted(), open_questions()) == ({"#501": 5400}, [("partly", "#501", "partially_refunded")])
    hooks(client, ("orders/updated", partly | {"refunds": [refund("1400")]}))
    assert (counted(), open_questions()) == ({"#501": 4000}, [])


def test_an_edit_alone_is_no_silence(client: FlaskClient) -> None:
    hooks(
        client,
        ("orders/create", ORDER),
        ("orders/edited", {"order_edit": {"id": 1, "order_id": ORDER["id"]}}),
    )
    assert "#501 がShopifyで編集されました" in Notice.get().sentence


def test_an_order_cancelled_here_and_paid_there_is_asked_about(client: FlaskClient, token: str) -> None:
    hooks(client, ("orders/create", ORDER))
    post(client, token, "/orders/%23501/cancel")
    work()
    hooks(client, ("orders/updated", ORDER | {"updated_at": "2026-11-20T11:00:00+09:00"}))
    assert open_questions() == [], "written before the cancellation: it is only late"
    hooks(client, ("orders/updated", ORDER | {"updated_at": "2026-12-01T11:00:00+09:00"}))
    assert (counted(), open_questions()) == ({}, [("again", "#501", "paid")])


def test_a_second_between_webhook_and_file_is_no_conflict(tmp_path: Path, client: FlaskClient) -> None:
    hooks(client, ("orders/create", ORDER | {"name": "#401"}))
    content = (
        SHOPIFY
        + "#401,a1@example.jp,paid,,fulfilled,JPY,5400,0,0,5400,2026-11-20 10:00:01 +0900,"
        + "2,ほうじ茶,1200,TEA,,0,0,551,\n"
        + "#401,a1@example.jp,,,,,,,,,2026-11-20 10:00:01 +0900,1,湯のみ,3000,CUP,,,,,\n"
    )
    report = run(tmp_path, content)
    assert (report.known_count, report.is_clean) == (1, True)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20 10:00:01",
        "2026/11/20 10:00",
        "2026/11/20",
        "2026-11-20T01:00:00Z",
        "2026-11-20 01:00:00",
        "2026-11-19 20:00:00",
    ],
)
def test_zones_seconds_and_formats_are_no_conflict(tmp_path: Path, client: FlaskClient, written: str) -> None:
    hooks(client, ("orders/create", ORDER))
    report = run(tmp_path, f"注文番号,注文日時,合計金額,メールアドレス\n#501,{written},5400,a1@example.jp\n")
    assert (report.known_count, report.is_clean) == (1, True)


@pytest.mark.parametrize("row", ["#501,2026/11/22,5400,a1@example.jp", "#501,2026/11/20,5401,a1@example.jp"])
def test_another_day_or_total_is_a_conflict(tmp_path: Path, client: FlaskClient, row: str) -> None:
    hooks(client, ("orders/create", ORDER))
    assert run(tmp_path, f"注文番号,注文日時,合計金額,メールアドレス\n{row}\n").conflict_count == 1


def test_dollars_by_webhook_are_parked(client: FlaskClient) -> None:
    answer = hook(client, "orders/create", ORDER | {"currency": "USD", "total_price": "39.90"})
    assert answer.text.startswith("Parked")
    assert open_questions() == [("currency", "#501", "USD")]
    assert ParkedOrder.get().amount == "USD 39.90" and "a1@" not in ParkedOrder.get().content


def test_a_financial_status_nobody_knows_is_parked_until_it_is_understood(client: FlaskClient) -> None:
    hooks(client, ("orders/create", ORDER | {"financial_status": "in_review"}))
    assert (counted(), open_questions()) == ({}, [("state", "#501", "in_review")])
    hooks(client, ("orders/updated", ORDER))
    assert (counted(), open_questions()) == ({"#501": 5400}, [])


def test_no_address_of_a_parked_order_is_stored(tmp_path: Path) -> None:
    run(
        tmp_path,
        "注文番号,注文日,合計金額,メールアドレス,電話番号,ステータス\nA,2026/11/01,1,hana@example.jp,09012345678,謎\n",
    )
    stored = json.dumps([row.__data__ for row in ParkedOrder.select()], default=str, ensure_ascii=False)
    assert "hana" not in stored and "1234" not in stored
    assert InboxEvent.select().count() == 0
    assert ParkedOrder.get().reason == Reason.STATE and buyers.find(ParkedOrder.get().order()) is None
