"""The owner's page of parked orders: what came, what to decide, and a record of each decision."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from console.shell.audit import AuditEntry
from customers.csv import order_import
from customers.orders import parked
from customers.orders.parked import ParkedOrder, Question, Reason
from tests.console.conftest import SignIn, get, post

PAGE = "/console/orders/parked"
HEADER = "注文番号,注文日,合計金額,会員番号,ステータス,通貨\n"


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    return sign_in("owner")


def imported(folder: Path) -> None:
    file = folder / "11月.csv"
    file.write_text(
        HEADER
        + "A-1,2026/11/01,1000,C-1,店頭保留,\nA-2,2026/11/02,500,C-2,店頭保留,JPY\n"
        + "A-3,2026/11/02,39.90,C-2,発送済み,USD\nA-4,2026/11/02,900,C-2,一部返品,\n",
        "utf-8",
    )
    order_import.run(file)


def recorded() -> tuple[str, dict[str, object]]:
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    return last.kind, json.loads(last.details)


def events() -> list[str]:
    return [each.event_id for each in InboxEvent.select().order_by(InboxEvent.id)]


def test_the_page_says_what_came_from_where_and_what_is_not_understood(
    owner: FlaskClient, tmp_path: Path
) -> None:
    assert "確認を待っている注文はありません" in get(owner, PAGE).text
    imported(tmp_path)
    page = get(owner, PAGE).text
    for said in (
        "状態「店頭保留」",
        "2件",
        "11月.csv:2",
        "¥1,000",
        "通貨「USD」",
        "USD 39.90",
        "「一部返品」ですが",
    ):
        assert said in page, said
    home = get(owner, "/console/tickets").text
    assert "確認が必要な注文が4件" in home and f'href="{PAGE}"' in home


def test_staff_do_not_decide_about_money(sign_in: SignIn, tmp_path: Path) -> None:
    imported(tmp_path)
    staff = sign_in("staff")
    assert get(staff, PAGE).status_code == 403
    row = ParkedOrder.get()
    assert post(staff, f"{PAGE}/{row.id}/take").status_code == 403
    assert ParkedOrder.select().where(ParkedOrder.closed_at.is_null()).count() == 4


def test_a_words_meaning_is_remembered_and_recorded(owner: FlaskClient, tmp_path: Path) -> None:
    imported(tmp_path)
    [(key, _, _)] = parked.open_words(Reason.STATE)
    answer = post(owner, f"{PAGE}/words/state", page=PAGE, word_key=key, meaning="counts")
    assert answer.status_code == 303
    assert events() == ["order:A-4", "order:A-1", "order:A-2"]
    assert recorded() == ("explain_word", {"word": "店頭保留", "meaning": "counts", "count": 2})
    page = get(owner, PAGE).text
    assert "覚えました。2件の注文に反映しました" in page and "覚えている意味" in page
    again = post(owner, f"{PAGE}/words/state", page=PAGE, word_key=key, meaning="counts")
    assert again.status_code == 303 and "もうありません" in get(owner, PAGE).text
    [meaning] = parked.decided()
    post(owner, f"{PAGE}/meanings/{meaning.id}/forget", page=PAGE)
    assert recorded()[0] == "forget_word" and parked.decided() == []
    assert post(owner, f"{PAGE}/meanings/{meaning.id}/forget", page=PAGE).status_code == 404


@pytest.mark.parametrize(
    ("kind", "key", "meaning"),
    [
        ("state", "店頭保留", "left_out"),
        ("state", "店頭保留", ""),
        ("currency", "usd", "counts"),
        ("number", "m5", "nonsense"),
    ],
)
def test_a_meaning_that_is_none_changes_nothing(
    owner: FlaskClient, tmp_path: Path, kind: str, key: str, meaning: str
) -> None:
    imported(tmp_path)
    assert post(owner, f"{PAGE}/words/{kind}", page=PAGE, word_key=key, meaning=meaning).status_code == 400
    assert parked.decided() == [] and parked.open_count() == 4


def test_one_order_is_decided_alone_and_once(owner: FlaskClient, tmp_path: Path) -> None:
    imported(tmp_path)
    row = ParkedOrder.get(ParkedOrder.order_number == "A-1")
    post(owner, f"{PAGE}/{row.id}/take", page=PAGE)
    assert "order:A-1" in events()
    assert recorded() == ("decide_parked", {"order_number": "A-1", "decision": "take"})
    post(owner, f"{PAGE}/{row.id}/leave", page=PAGE)
    assert "すでに確認されています" in get(owner, PAGE).text
    assert ParkedOrder.get_by_id(row.id).outcome == "taken"


def test_dollars_are_taken_with_their_yen(owner: FlaskClient, tmp_path: Path) -> None:
    imported(tmp_path)
    row = ParkedOrder.get(ParkedOrder.reason == Reason.CURRENCY)
    for amount in ("", "39.90", "-5", "五千"):
        post(owner, f"{PAGE}/{row.id}/take", page=PAGE, amount_yen=amount)
        assert "金額を円で入れてください" in get(owner, PAGE).text
    post(owner, f"{PAGE}/{row.id}/take", page=PAGE, amount_yen="６，０００円")
    event = InboxEvent.get(InboxEvent.event_id == "order:A-3")
    assert json.loads(event.body)["total_yen"] == 6000
    assert recorded()[1]["amount_yen"] == 6000


def test_what_was_given_back_is_a_refund(owner: FlaskClient, tmp_path: Path) -> None:
    imported(tmp_path)
    row = ParkedOrder.get(ParkedOrder.reason == Reason.PARTLY)
    post(owner, f"{PAGE}/{row.id}/given_back", page=PAGE, amount_yen="400")
    event = InboxEvent.get(InboxEvent.source == "order.refunded")
    assert (json.loads(event.body)["amount_yen"], json.loads(event.body)["is_total"]) == (400, True)
    assert ParkedOrder.get_by_id(row.id).closed_at is not None


def test_a_question_is_put_away_when_nothing_follows(owner: FlaskClient) -> None:
    with write_transaction():
        parked.park("A-9", "shopify", Question(Reason.AGAIN, "paid"))
    row = ParkedOrder.get()
    assert post(owner, f"{PAGE}/{row.id}/take", page=PAGE).status_code == 400, (
        "it is taken back, and stays so"
    )
    assert "新しい番号の注文" in get(owner, PAGE).text
    post(owner, f"{PAGE}/{row.id}/seen", page=PAGE)
    assert parked.open_count() == 0 and events() == []


def test_the_page_in_english(owner: FlaskClient, tmp_path: Path) -> None:
    imported(tmp_path)
    post(owner, "/console/language/en", page=PAGE)
    page = get(owner, PAGE).text
    assert "Parked orders" in page and "State “店頭保留”" in page and "Count as a purchase" in page
