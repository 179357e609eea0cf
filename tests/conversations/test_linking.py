"""A customer is linked to a buyer of the shop: by code, by the shop's login, by staff; and unlinked again."""

import io
import uuid
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import zxingcpp
from PIL import Image

from bot.config import settings
from bot.db.database import write_transaction
from bot.notices import Notice
from bot.queue import inbox
from customers.api.idempotency import IdempotentRequest
from customers.linking.linking import LinkSecret
from customers.orders import buyers
from rewards.coupons.rules import RewardKind
from tests.conversations.scenario import Phone, Scenario, said
from tests.conversations.test_coupons import a_reward


def post(scenario: Scenario, path: str, **content: Any) -> Any:
    headers = {"Authorization": f"Bearer {scenario._api_key}"}
    return scenario.web.post(f"/api/v1/{path}", json=content, headers=headers)


def code_for(scenario: Scenario, **whom: str) -> dict[str, str]:
    answer = post(scenario, "link-codes", **whom)
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json
    return made


def test_a_code_from_the_parcel_ties_and_credits_the_waiting_orders_once(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.order("1001", 5_000, customer_number="M-2045")
    scenario.order("1002", 3_000, customer_number="M-2045")
    made = code_for(scenario, order_number="1001")

    heard = said(misaki.says(made["code"]))

    assert "連携できました" in heard and "•••045" in heard and "M-2045" not in heard
    assert "2件の分、80ポイントをお贈りしました（いま110ポイント）" in heard
    assert "連携を解除" in heard
    assert "すでに連携ずみ" in said(misaki.says(made["code"]))
    assert misaki.points == 110
    scenario.order("1003", 1_000, customer_number="M-2045")
    assert "10ポイント" in said(misaki.hears())


def test_a_first_purchase_known_by_linking_brings_its_gift_once(scenario: Scenario) -> None:
    a_reward("送料無料", kind=RewardKind.FIRST_PURCHASE)
    misaki = scenario.customer()
    scenario.order("1001", 5_000, customer_number="M-2045")
    code = code_for(scenario, order_number="1001")["code"]

    heard = said(misaki.says(code))

    assert "連携できました" in heard and "送料無料" in heard
    scenario.order("1002", 3_000, customer_number="M-2045")
    assert "送料無料" not in said(misaki.hears())


@pytest.mark.parametrize("shape", ["連携コード：{}", "{} です", "　{}\n"])
def test_a_code_is_found_however_it_is_written(scenario: Scenario, shape: str) -> None:
    misaki = scenario.customer()
    code = code_for(scenario, customer_number="M-1")["code"]
    wide = code.lower().translate({ord(a): ord(a) + 0xFEE0 for a in code.lower()})
    assert "連携できました" in said(misaki.says(shape.format(wide)))


def test_the_qr_and_the_link_open_the_chat_with_the_code_typed(scenario: Scenario) -> None:
    made = code_for(scenario, email="hanako@example.jp")
    drawn = scenario.web.get(urlsplit(made["qr_url"]).path)
    [seen] = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn.data)))
    assert seen.text == made["chat_url"]
    typed = unquote(urlsplit(seen.text).query)
    assert "連携できました" in said(scenario.customer().says(typed))
    assert scenario.web.get("/q/link/nothing.png").status_code == 404
    assert LinkSecret.get().secret_hash != made["code"]


def test_a_code_works_once_and_not_for_ever(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    code, other = (code_for(scenario, customer_number=f"M-{n}")["code"] for n in (1, 2))
    misaki.says(code)
    assert "すでに使われています" in said(sakura.says(code))
    scenario.sleep(days=61)
    assert "期限が切れています" in said(sakura.says(other))


def test_who_guesses_has_to_wait(scenario: Scenario) -> None:
    misaki = scenario.customer()
    good = code_for(scenario, customer_number="M-1")["code"]
    for number in range(2, 7):
        assert "見つかりませんでした" in said(misaki.says(f"K7MP-4XWD-9HQ{number}"))
    assert "お休みしています" in said(misaki.says(good))
    scenario.sleep(minutes=61)
    assert "連携できました" in said(misaki.says(good))


def test_a_buyer_of_somebody_else_is_never_stolen(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    first, second = (code_for(scenario, customer_number="M-1")["code"] for _ in range(2))
    misaki.says(first)
    assert post(scenario, "link-codes", customer_number="M-1").json["error"]["code"] == "already_linked"

    assert "スタッフが確認します" in said(sakura.says(second))

    buyer = buyers.by_customer_number("M-1")
    assert buyer is not None and buyer.customer == misaki.customer
    assert sakura.ticket is not None and "M-1" in Notice.get().sentence
    staff_part(scenario, misaki, buyer.id)
    assert "スタッフが、お店のご購入との連携を解除" in said(misaki.hears())
    staff_tie(scenario, sakura, buyer.id)
    assert "連携できました" in said(sakura.hears())
    assert Notice.select().count() == 0


def staff_tie(scenario: Scenario, phone: Phone, buyer_id: int) -> None:
    _staff(scenario, "buyer.link_requested", phone, buyer_id)


def staff_part(scenario: Scenario, phone: Phone, buyer_id: int) -> None:
    _staff(scenario, "buyer.unlink_requested", phone, buyer_id)


def _staff(scenario: Scenario, kind: str, phone: Phone, buyer_id: int) -> None:
    data = {"buyer_id": buyer_id, "staff_id": 7}
    with write_transaction():
        inbox.put(kind, f"{kind}:{uuid.uuid4()}", phone.user_id, data, line_user_id=phone.user_id)


def test_unlinking_is_asked_back_announced_and_takes_no_points(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.order("1001", 5_000, customer_number="M-2045")
    misaki.says(code_for(scenario, customer_number="M-2045")["code"])

    assert "解除しますか" in said(misaki.says("連携を解除"))
    assert "解除しました" in said(misaki.taps("解除する"))

    scenario.order("1002", 3_000, customer_number="M-2045")
    assert misaki.hears() == []
    assert misaki.points == 80
    assert "連携していません" in said(misaki.says("連携を解除"))
    heard = said(misaki.says(code_for(scenario, order_number="1002")["code"]))
    assert "1件の分、30ポイント" in heard, "what waited since, and nothing twice"


@pytest.fixture
def login(scenario: Scenario) -> str:
    url = "https://shop.example/login"
    settings.use(settings.current().model_copy(update={"account_link_url": url}))
    return url


def test_the_shops_login_ties_by_lines_account_link(scenario: Scenario, login: str) -> None:
    misaki = scenario.customer()
    scenario.order("1001", 5_000, customer_number="M-1")
    assert "ログイン" in said(misaki.says("連携"))
    address = misaki.opens("ログインして連携")
    assert address.startswith(login + "?linkToken=")
    token = parse_qs(urlsplit(address).query)["linkToken"][0]
    assert scenario.platform.channel.link_tokens[token] == misaki.user_id

    answer = post(scenario, "account-links", customer_number="M-1", link_token=token)
    assert answer.status_code == 201 and 10 <= len(answer.json["nonce"]) <= 255
    query = parse_qs(urlsplit(answer.json["redirect_url"]).query)
    assert query == {"linkToken": [token], "nonce": [answer.json["nonce"]]}

    nonce = query["nonce"][0]
    heard = said(misaki.causes("accountLink", replyToken=None, link={"result": "ok", "nonce": nonce}))
    assert "連携できました" in heard and "50ポイント" in heard
    again = said(misaki.causes("accountLink", replyToken=None, link={"result": "ok", "nonce": nonce}))
    assert "連携ずみ" in again


@pytest.mark.parametrize("link", [{"result": "failed", "nonce": "x"}, {"result": "ok", "nonce": "made-up"}])
def test_a_link_that_failed_is_said_kindly(scenario: Scenario, login: str, link: Any) -> None:
    misaki = scenario.customer()
    assert "連携できませんでした" in said(misaki.causes("accountLink", link=link))


@pytest.mark.parametrize("link", [{}, None, {"result": "of tomorrow"}])
def test_a_link_event_that_says_nothing_is_met_with_silence(scenario: Scenario, link: Any) -> None:
    assert scenario.customer().causes("accountLink", link=link) == []


def test_without_a_login_the_code_is_explained(scenario: Scenario) -> None:
    assert "連携コードを" in said(scenario.customer().says("連携"))


def test_requests_that_name_nobody_or_nothing_are_refused_by_field(scenario: Scenario) -> None:
    assert post(scenario, "link-codes").json["error"]["code"] == "nobody"
    assert post(scenario, "link-codes", order_number="none").status_code == 404
    faults = post(scenario, "account-links", customer_number="M-1").json["errors"]
    assert [(each["field"], each["code"]) for each in faults] == [("link_token", "missing")]


def test_no_code_stays_behind_in_plain_text_for_a_request_that_is_repeated(scenario: Scenario) -> None:
    """The same Idempotency-Key gets another code, which is as good; the same key for another customer is refused."""
    answers: list[Any] = [
        scenario.web.post(
            "/api/v1/link-codes",
            json={"customer_number": number},
            headers={"Authorization": f"Bearer {scenario._api_key}", "Idempotency-Key": "k-1"},
        )
        for number in ("M-1", "M-1", "M-2")
    ]
    first, again, other = answers
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json["code"] != again.json["code"]
    assert IdempotentRequest.get().answer == ""
    assert "連携できました" in said(scenario.customer().says(again.json["code"]))
