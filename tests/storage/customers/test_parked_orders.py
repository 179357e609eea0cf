"""Orders that wait for the owner's decision: a word is explained once and its orders follow; each is decided once."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.config import shop
from bot.db.database import write_transaction
from bot.notices import Notice
from customers.orders import parked, parked_decisions
from customers.orders.buyers import GUESTS, ONE_BUYER, Buyer
from customers.orders.parked import Closed, ParkedOrder, Reason
from customers.orders.purchases import Purchase
from customers.orders.state_meanings import LEFT_OUT
from customers.orders.states import OrderState, word_key
from handlers.timetable import settle_parked_orders
from rewards.ledger import ledger
from tests.storage.customers.test_order_cases import (
    ORDER,
    PLAIN,
    counted,
    hooks,
    open_questions,
    refund,
    run,
)
from tests.storage.customers.test_order_reversals import HANAKO, meets, work

pytestmark = pytest.mark.usefixtures("any_database", "order_shop")
OWNER = 7
UNKNOWN = (
    PLAIN
    + "A-1,2026/11/01,1000,C-1,店頭保留\nA-2,2026/11/02,500,C-2,店頭保留\nA-3,2026/11/03,700,C-3,発送済み\n"
)


def explain(word: str, meaning: str, kind: Reason = Reason.STATE) -> int:
    key = {key for key, each, _ in parked.open_words(kind) if each == word}.pop()
    with write_transaction():
        parked.give_meaning(kind, key, word, meaning, OWNER)
        return parked_decisions.settle()


@pytest.mark.parametrize(
    ("meaning", "counts", "outcome"),
    [
        (OrderState.COUNTS, {"A-1": 1000, "A-2": 500, "A-3": 700}, Closed.TAKEN),
        (OrderState.UNPAID, {"A-3": 700}, Closed.UNPAID),
        (OrderState.REVERSED, {"A-3": 700}, Closed.REVERSED),
        (OrderState.PARTLY, {"A-1": 1000, "A-2": 500, "A-3": 700}, Closed.TAKEN),
    ],
)
def test_a_word_is_explained_once_and_its_orders_follow(
    tmp_path: Path, meaning: OrderState, counts: dict[str, int], outcome: Closed
) -> None:
    report = run(tmp_path, UNKNOWN)
    assert (report.new_count, report.parked_count) == (1, 2)
    assert next(report.lines()).startswith("2行目: 状態「店頭保留」の意味が分からない")
    assert "2件" in Notice.get(Notice.cause == parked.NOTICE).sentence

    assert explain("店頭保留", meaning) == 2
    work()

    assert counted() == counts
    assert {row.outcome for row in ParkedOrder.select().where(ParkedOrder.reason == Reason.STATE)} == {
        outcome
    }
    still_open = (
        [("partly", "A-1", "店頭保留"), ("partly", "A-2", "店頭保留")] if meaning is OrderState.PARTLY else []
    )
    assert open_questions() == still_open
    later = run(tmp_path, UNKNOWN.replace("A-", "B-"))
    assert later.parked_count == 0, "it is known from now on"


def test_a_word_in_shop_toml_is_understood_and_lets_the_waiting_orders_in(tmp_path: Path) -> None:
    run(tmp_path, UNKNOWN)
    assert settle_parked_orders() == 0
    shop.use({"orders": {"columns": {"counted_words": ["店頭保留"]}}})
    assert settle_parked_orders() == 2
    work()
    assert len(counted()) == 3 and not Notice.select().count()


def test_more_orders_than_go_at_once_follow_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"A-{n},2026/11/01,100,C-{n},店頭保留\n" for n in range(5))
    run(tmp_path, PLAIN + rows)
    key = word_key("店頭保留")
    with write_transaction():
        parked.give_meaning(Reason.STATE, key, "店頭保留", OrderState.COUNTS, OWNER)
        assert parked_decisions.settle(2) == 2
    assert settle_parked_orders() == 3
    assert settle_parked_orders() == 0
    work()
    assert len(counted()) == 5


def test_an_order_is_parked_once_however_often_it_comes(tmp_path: Path) -> None:
    for _ in range(3):
        report = run(tmp_path, UNKNOWN)
        assert (report.parked_count, report.is_clean) == (2, False), "it goes on needing a person"
    assert ParkedOrder.select().count() == 2


def test_what_a_person_left_out_stays_out(tmp_path: Path) -> None:
    run(tmp_path, UNKNOWN)
    row = ParkedOrder.get(ParkedOrder.order_number == "A-1")
    with write_transaction():
        parked_decisions.leave_out(row, OWNER)
    again = run(tmp_path, UNKNOWN)
    assert (again.parked_count, again.known_count) == (1, 2)
    assert explain("店頭保留", OrderState.COUNTS) == 1
    work()
    assert counted() == {"A-2": 500, "A-3": 700}
    assert ParkedOrder.get_by_id(row.id).closed_by == OWNER


def test_a_currency_is_left_out_once_for_all_or_taken_in_yen(client: FlaskClient, tmp_path: Path) -> None:
    dollars = ORDER | {"currency": "USD", "total_price": "39.90"}
    hooks(client, ("orders/create", dollars), ("orders/create", dollars | {"id": 2, "name": "#502"}))
    row = ParkedOrder.get(ParkedOrder.order_number == "#501")
    with write_transaction():
        assert parked_decisions.take_in(row, 6000, OWNER)
    work()
    assert counted() == {"#501": 6000}
    assert explain("USD", LEFT_OUT, Reason.CURRENCY) == 1
    hooks(client, ("orders/create", dollars | {"id": 3, "name": "#503"}))
    assert open_questions() == [] and counted() == {"#501": 6000}


def test_a_parked_order_that_contradicts_a_known_one_is_not_taken(tmp_path: Path) -> None:
    run(tmp_path, PLAIN + "A-1,2026/11/01,900,C-1,発送済み\n")
    run(tmp_path, PLAIN + "A-1,2026/11/01,1000,C-1,店頭保留\n")
    assert explain("店頭保留", OrderState.COUNTS) == 1
    assert counted() == {"A-1": 900}
    assert ParkedOrder.get().outcome == Closed.CONFLICT
    assert "A-1" in Notice.get().sentence


def test_the_owner_says_how_much_was_given_back(client: FlaskClient) -> None:
    hanako = meets(HANAKO)
    hooks(client, ("orders/create", ORDER), ("refunds/create", refund("16.00", "USD")))
    row = ParkedOrder.get()
    with write_transaction():
        parked_decisions.give_back(row, 2400, OWNER)
    work()
    assert (counted(), ledger.balance(hanako.id), open_questions()) == ({"#501": 3000}, 30, [])
    hooks(client, ("refunds/create", refund("16.00", "USD")))
    assert open_questions() == [], "answered once"


NUMBERS = "注文番号,注文日,合計金額,会員番号,メールアドレス\n"


def two_under_one_number(folder: Path) -> None:
    run(folder, NUMBERS + "A-1,2026/11/01,1000,M-5,a@example.jp\nA-2,2026/11/02,500,M-5,b@example.jp\n")
    assert open_questions() == [("number", "A-2", "M-5")]


def test_a_number_of_one_buyer_brings_its_orders_together(tmp_path: Path) -> None:
    two_under_one_number(tmp_path)
    hanako = meets(HANAKO)
    run(tmp_path, f"注文番号,注文日,合計金額,会員番号,LINE ID\nA-0,2026/11/01,100,M-5,{HANAKO}\n")
    assert ledger.balance(hanako.id) == 11
    assert explain("M-5", ONE_BUYER, Reason.NUMBER) == 1
    work()
    assert {each.customer_id for each in Purchase.select()} == {hanako.id}
    assert ledger.balance(hanako.id) == 16
    run(tmp_path, NUMBERS + "A-3,2026/11/03,500,M-5,c@example.jp\n")
    assert open_questions() == [] and ledger.balance(hanako.id) == 21


def test_a_number_of_guests_names_nobody_from_then_on(tmp_path: Path) -> None:
    two_under_one_number(tmp_path)
    assert explain("M-5", GUESTS, Reason.NUMBER) == 1
    run(tmp_path, NUMBERS + "A-3,2026/11/03,500,M-5,c@example.jp\nA-4,2026/11/04,500,M-5,\n")
    assert open_questions() == []
    found = {
        each.order_number: each.buyer.identity.partition(":")[0] for each in Purchase.select() if each.buyer
    }
    assert (found["A-3"], found["A-4"]) == ("email", "order")


def test_the_shops_own_guest_numbers_stand_in_shop_toml(tmp_path: Path) -> None:
    shop.use({"orders": {"guest_numbers": ["M-5"]}})
    run(tmp_path, NUMBERS + "A-1,2026/11/01,1000,M-5,a@example.jp\nA-2,2026/11/02,500,m5,b@example.jp\n")
    assert {each.customer_number for each in Buyer.select()} == {None} and open_questions() == []


def test_a_meaning_that_is_taken_back_asks_again(tmp_path: Path) -> None:
    run(tmp_path, UNKNOWN)
    explain("店頭保留", OrderState.UNPAID)
    with write_transaction():
        [meaning] = parked.decided()
        gone: Any = parked.forget_meaning(meaning.id)
    assert gone.word == "店頭保留"
    assert run(tmp_path, UNKNOWN.replace("A-", "B-")).parked_count == 2
