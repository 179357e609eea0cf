"""A customer on LINE is tied to a buyer of the shop: by code, by the shop's login, by staff; and parted again."""

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
from tests.conversations.scenario import Phone, Town, said
from tests.conversations.test_coupons import a_reward


def post(town: Town, path: str, **content: Any) -> Any:
    headers = {"Authorization": f"Bearer {town._api_key}"}
    return town.web.post(f"/api/v1/{path}", json=content, headers=headers)


def code_for(town: Town, **whom: str) -> dict[str, str]:
    answer = post(town, "link-codes", **whom)
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json
    return made


def test_a_code_from_the_parcel_ties_and_credits_the_waiting_orders_once(town: Town) -> None:
    misaki = town.customer()
    town.order("1001", 5_000, customer_number="M-2045")
    town.order("1002", 3_000, customer_number="M-2045")
    made = code_for(town, order_number="1001")

    heard = said(misaki.says(made["code"]))

    assert "連携できました" in heard and "•••045" in heard and "M-2045" not in heard
    assert "2件の分、80ポイントをお贈りしました（いま110ポイント）" in heard
    assert "連携を解除" in heard
    assert "すでに連携ずみ" in said(misaki.says(made["code"]))
    assert misaki.points == 110
    town.order("1003", 1_000, customer_number="M-2045")
    assert "10ポイント" in said(misaki.hears())


def test_a_first_purchase_known_by_linking_brings_its_gift_once(town: Town) -> None:
    a_reward("送料無料", kind=RewardKind.FIRST_PURCHASE)
    misaki = town.customer()
    town.order("1001", 5_000, customer_number="M-2045")
    code = code_for(town, order_number="1001")["code"]

    heard = said(misaki.says(code))

    assert "連携できました" in heard and "送料無料" in heard
    town.order("1002", 3_000, customer_number="M-2045")
    assert "送料無料" not in said(misaki.hears())


@pytest.mark.parametrize("shape", ["連携コード：{}", "{} です", "　{}\n"])
def test_a_code_is_found_however_it_is_written(town: Town, shape: str) -> None:
    misaki = town.customer()
    code = code_for(town, customer_number="M-1")["code"]
    wide = code.lower().translate({ord(a): ord(a) + 0xFEE0 for a in code.lower()})
    assert "連携できました" in said(misaki.says(shape.format(wide)))


def test_the_qr_and_the_link_open_the_chat_with_the_code_typed(town: Town) -> None:
    made = code_for(town, email="hanako@example.jp")
    drawn = town.web.get(urlsplit(made["qr_url"]).path)
    [seen] = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn.data)))
    assert seen.text == made["chat_url"]
    typed = unquote(urlsplit(seen.text).query)
    assert "連携できました" in said(town.customer().says(typed))
    assert town.web.get("/q/link/nothing.png").status_code == 404
    assert LinkSecret.get().secret_hash != made["code"]


def test_a_code_works_once_and_not_for_ever(town: Town) -> None:
    misaki, sakura = town.customer("佐藤 美咲"), town.customer("鈴木 さくら")
    code, other = (code_for(town, customer_number=f"M-{n}")["code"] for n in (1, 2))
    misaki.says(code)
    assert "すでに使われています" in said(sakura.says(code))
    town.sleep(days=61)
    assert "期限が切れています" in said(sakura.says(other))


def test_who_guesses_has_to_wait(town: Town) -> None:
    misaki = town.customer()
    good = code_for(town, customer_number="M-1")["code"]
    for number in range(2, 7):
        assert "見つかりませんでした" in said(misaki.says(f"K7MP-4XWD-9HQ{number}"))
    assert "お休みしています" in said(misaki.says(good))
    town.sleep(minutes=61)
    assert "連携できました" in said(misaki.says(good))


def test_a_buyer_of_somebody_else_is_never_stolen(town: Town) -> None:
    misaki, sakura = town.customer("佐藤 美咲"), town.customer("鈴木 さくら")
    first, second = (code_for(town, customer_number="M-1")["code"] for _ in range(2))
    misaki.says(first)
    assert post(town, "link-codes", customer_number="M-1").json["error"]["code"] == "already_linked"

    assert "スタッフが確認します" in said(sakura.says(second))

    buyer = buyers.by_customer_number("M-1")
    assert buyer is not None and buyer.customer == misaki.customer
    assert sakura.ticket is not None and "M-1" in Notice.get().sentence
    staff_part(town, misaki, buyer.id)
    assert "スタッフが、お店のご購入との連携を解除" in said(misaki.hears())
    staff_tie(town, sakura, buyer.id)
    assert "連携できました" in said(sakura.hears())
    assert Notice.select().count() == 0


def staff_tie(town: Town, phone: Phone, buyer_id: int) -> None:
    _staff(town, "buyer.link_requested", phone, buyer_id)


def staff_part(town: Town, phone: Phone, buyer_id: int) -> None:
    _staff(town, "buyer.unlink_requested", phone, buyer_id)


def _staff(town: Town, kind: str, phone: Phone, buyer_id: int) -> None:
    data = {"buyer_id": buyer_id, "staff_id": 7}
    with write_transaction():
        inbox.put(kind, f"{kind}:{uuid.uuid4()}", phone.user_id, data, line_user_id=phone.user_id)


def test_unlinking_is_asked_back_told_and_takes_no_points(town: Town) -> None:
    misaki = town.customer()
    town.order("1001", 5_000, customer_number="M-2045")
    misaki.says(code_for(town, customer_number="M-2045")["code"])

    assert "解除しますか" in said(misaki.says("連携を解除"))
    assert "解除しました" in said(misaki.taps("解除する"))

    town.order("1002", 3_000, customer_number="M-2045")
    assert misaki.hears() == []
    assert misaki.points == 80
    assert "連携していません" in said(misaki.says("連携を解除"))
    heard = said(misaki.says(code_for(town, order_number="1002")["code"]))
    assert "1件の分、30ポイント" in heard, "what waited since, and nothing twice"


@pytest.fixture
def login(town: Town) -> str:
    url = "https://shop.example/login"
    settings.use(settings.current().model_copy(update={"account_link_url": url}))
    return url


def test_the_shops_login_ties_by_lines_account_link(town: Town, login: str) -> None:
    misaki = town.customer()
    town.order("1001", 5_000, customer_number="M-1")
    assert "ログイン" in said(misaki.says("連携"))
    address = misaki.opens("ログインして連携")
    assert address.startswith(login + "?linkToken=")
    token = parse_qs(urlsplit(address).query)["linkToken"][0]
    assert town.platform.channel.link_tokens[token] == misaki.user_id

    answer = post(town, "account-links", customer_number="M-1", link_token=token)
    assert answer.status_code == 201 and 10 <= len(answer.json["nonce"]) <= 255
    query = parse_qs(urlsplit(answer.json["redirect_url"]).query)
    assert query == {"linkToken": [token], "nonce": [answer.json["nonce"]]}

    nonce = query["nonce"][0]
    heard = said(misaki.causes("accountLink", replyToken=None, link={"result": "ok", "nonce": nonce}))
    assert "連携できました" in heard and "50ポイント" in heard
    again = said(misaki.causes("accountLink", replyToken=None, link={"result": "ok", "nonce": nonce}))
    assert "連携ずみ" in again


@pytest.mark.parametrize("link", [{"result": "failed", "nonce": "x"}, {"result": "ok", "nonce": "made-up"}])
def test_a_link_that_failed_is_said_kindly(town: Town, login: str, link: Any) -> None:
    misaki = town.customer()
    assert "連携できませんでした" in said(misaki.causes("accountLink", link=link))


@pytest.mark.parametrize("link", [{}, None, {"result": "of tomorrow"}])
def test_a_link_event_that_says_nothing_is_met_with_silence(town: Town, link: Any) -> None:
    assert town.customer().causes("accountLink", link=link) == []


def test_without_a_login_the_code_is_explained(town: Town) -> None:
    assert "連携コードを" in said(town.customer().says("連携"))


def test_requests_that_name_nobody_or_nothing_are_refused_by_field(town: Town) -> None:
    assert post(town, "link-codes").json["error"]["code"] == "nobody"
    assert post(town, "link-codes", order_number="none").status_code == 404
    faults = post(town, "account-links", customer_number="M-1").json["errors"]
    assert [(each["field"], each["code"]) for each in faults] == [("link_token", "missing")]


def test_no_code_stays_behind_in_plain_text_for_a_request_that_is_repeated(town: Town) -> None:
    """The same Idempotency-Key gets another code, which is as good; the same key for somebody else is refused."""
    answers: list[Any] = [
        town.web.post(
            "/api/v1/link-codes",
            json={"customer_number": number},
            headers={"Authorization": f"Bearer {town._api_key}", "Idempotency-Key": "k-1"},
        )
        for number in ("M-1", "M-1", "M-2")
    ]
    first, again, other = answers
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json["code"] != again.json["code"]
    assert IdempotentRequest.get().answer == ""
    assert "連携できました" in said(town.customer().says(again.json["code"]))
