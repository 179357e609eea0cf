"""Rewards are created by the owner, within the law; coupons are redeemed by any staff, once."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from console.loyalty import coupons as console_coupons
from rewards.cards import members
from rewards.coupons import coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, Reward
from rewards.ledger import ledger
from tests.console import chats
from tests.console.conftest import SignIn, get, post

FORM: dict[str, Any] = {
    "name": "ハンドクリーム",
    "kind": "exchange",
    "value_text": "小さなハンドクリームを1本",
    "value_yen": "200",
    "points_price": "300",
}


def a_coupon() -> Coupon:
    who = chats.customer("佐藤 美咲")
    with write_transaction():
        ledger.earn(who.id, "purchase", 100, "order:1")
        soap = reward_list.make(
            RewardDraft(
                name="石けん",
                kind=RewardKind.EXCHANGE,
                value_text="石けん1個",
                value_yen=200,
                points_price=100,
            )
        )
        made = coupons.issue(who.id, soap, 1, "exchange:1").coupon
    assert made is not None
    return made


def test_the_owner_makes_stops_and_restarts_a_reward(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    made = post(owner, "/console/rewards", page="/console/rewards", **FORM, stock="10", ends_on="2099-12-31")
    assert made.status_code == 303
    reward = Reward.get()
    assert (reward.points_price, reward.stock, reward.valid_days, reward.active) == (300, 10, 90, True)
    assert "「ハンドクリーム」をはじめました。" in get(owner, "/console/rewards").text
    post(owner, f"/console/rewards/{reward.id}/stop", page="/console/rewards")
    assert not Reward.get().active
    assert "停止中" in get(owner, "/console/rewards").text
    post(owner, f"/console/rewards/{reward.id}/start", page="/console/rewards")
    assert Reward.get().active


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "名前は、1文字から40文字で"),
        ({"kind": "lottery"}, "種類を選んでください"),
        ({"points_price": ""}, "必要なポイントを入れてください"),
        ({"value_yen": "いっぱい"}, "特典の価値（円）は、0から10000000の数字で"),
        ({"value_yen": ""}, "特典の価値（円）は、0から10000000の数字で"),
        ({"stock": "0"}, "用意する数は、1から"),
        ({"minimum_rank": "9"}, "もらえるランクは、1から4の"),
        ({"ends_on": "きのう"}, "おわりの日が日付になっていません"),
        ({"starts_on": "2026-02-02", "ends_on": "2026-02-01"}, "おわりの日が、はじまりの日より前"),
        ({"kind": "birthday", "value_yen": "201"}, "景品表示法（総付景品）の上限を超えています"),
    ],
)
def test_what_cannot_be_meant_is_said_and_what_was_typed_stays(
    sign_in: SignIn, wrong: dict[str, Any], sentence: str
) -> None:
    owner = sign_in("owner")
    answer = post(owner, "/console/rewards", page="/console/rewards", **(FORM | wrong))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert FORM["value_text"] in answer.text
    assert Reward.select().count() == 0


def test_staff_redeem_and_do_not_make_rewards(sign_in: SignIn) -> None:
    mine = a_coupon()
    staff = sign_in("staff")
    assert get(staff, "/console/rewards").status_code == 403
    page = get(staff, f"/console/redeem?code={mine.code.lower()}").text
    assert "佐藤 美咲" in page
    assert "石けん1個" in page
    done = post(staff, "/console/redeem", page=f"/console/redeem?code={mine.code}", code=mine.code)
    assert done.status_code == 303
    assert "「石けん」を使用済みにしました" in get(staff, "/console/redeem").text
    assert Coupon.get().redeemed_by.startswith("staff:")
    again = post(staff, "/console/redeem", page="/console/redeem", code=mine.code)
    assert "もう使われています" in get(staff, again.headers["Location"]).text


def test_a_code_that_nobody_has_is_reported(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    for typed in ("K7MP-4XWD-RT35", "<script>", "x" * 5_000):
        answer = staff.get("/console/redeem", base_url="https://goen.example", query_string={"code": typed})
        assert answer.status_code == 404
        assert "合うクーポンがありません" in answer.text
        assert "<script>" not in answer.text.replace("<script src", "")


def test_strangers_are_led_to_the_sign_in_and_back(stranger) -> None:  # type: ignore[no-untyped-def]
    answer = get(stranger, "/console/redeem?code=K7MP-4XWD-RT35")
    assert answer.status_code == 303
    assert (
        "next=/console/redeem?code%3DK7MP" in answer.headers["Location"]
        or "code" in answer.headers["Location"]
    )


def test_staff_scan_a_member_card_and_say_thanks_once(sign_in: SignIn) -> None:
    who = chats.customer("佐藤 美咲")
    with write_transaction():
        code = members.get_or_create_code(who.id)
        gift = reward_list.make(
            RewardDraft(name="お礼の石けん", kind=RewardKind.THANK_YOU, value_text="石けん1個", value_yen=200)
        )
    staff = sign_in("staff")
    page = get(staff, f"/console/redeem?code={code}").text
    assert "佐藤 美咲" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    for _ in range(2):
        thanked = post(
            staff,
            f"/console/redeem/thank/{who.id}",
            page=f"/console/redeem?code={code}",
            reward=str(gift),
            key=key[1],
        )
        assert thanked.status_code == 303
    assert InboxEvent.select().where(InboxEvent.source == "coupon.grant_requested").count() == 1
    stranger_gift = post(
        staff, f"/console/redeem/thank/{who.id}", page="/console/tickets", reward="99", key="x"
    )
    assert stranger_gift.status_code == 404


# Cancelling a coupon


def cancellations() -> list[dict[str, object]]:
    rows = InboxEvent.select().where(InboxEvent.source == "coupon.cancellation_requested")
    return [json.loads(row.body) for row in rows]


def test_staff_take_an_unused_coupon_back_once_with_a_reason(sign_in: SignIn) -> None:
    mine = a_coupon()
    staff, page = sign_in("staff"), f"/console/redeem?code={mine.code}"
    assert "このクーポンを取り消す" in get(staff, page).text
    path = f"/console/coupons/{mine.code}/cancel"
    post(staff, path, page=page, reason="  ")
    assert "取り消しの理由を入れてください" in get(staff, page).text
    assert cancellations() == []
    for reason in ("商品が用意できないため", "もう一度"):
        assert post(staff, path, page=page, reason=reason).status_code == 303
    [stored] = cancellations()
    assert (stored["coupon_id"], stored["reason"]) == (mine.id, "商品が用意できないため")
    text = get(staff, page).text
    assert "取り消しているところです" in text
    assert "使用済みにする" not in text
    assert post(staff, "/console/coupons/K7MP-4XWD-RT35/cancel", page=page, reason="x").status_code == 404


def test_a_used_coupon_cannot_be_taken_back(sign_in: SignIn) -> None:
    mine = a_coupon()
    with write_transaction():
        coupons.redeem(mine.code, "staff:7")
    staff, page = sign_in("staff"), f"/console/redeem?code={mine.code}"
    assert "このクーポンを取り消す" not in get(staff, page).text
    post(staff, f"/console/coupons/{mine.code}/cancel", page=page, reason="まちがい")
    assert "もう取り消せません" in get(staff, page).text
    assert cancellations() == []


def test_coupons_stand_in_a_list_all_or_one_customers(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = sign_in("staff")
    assert "まだお渡ししたクーポンはありません" in get(staff, "/console/coupons").text
    mine, other = a_coupon(), chats.customer("鈴木 太郎")
    gift = coupons.issued(1)[0].reward.id
    with write_transaction():
        Reward.update(points_price=0).execute()
        for number in range(2):
            coupons.issue(other.id, gift, 1, f"exchange:other:{number}")
        coupons.cancel(mine.id, 4711, "商品が用意できないため")
    text = get(staff, "/console/coupons").text
    assert text.index("鈴木 太郎") < text.index("佐藤 美咲")
    assert "商品が用意できないため（スタッフ）" in text
    hers = get(staff, f"/console/coupons?customer={mine.customer_id}").text
    assert "佐藤 美咲さんのクーポン" in hers
    assert "鈴木 太郎" not in hers
    assert get(staff, "/console/coupons?customer=4711").status_code == 404
    monkeypatch.setattr(console_coupons, "A_PAGE", 2)
    first = get(staff, "/console/coupons").text
    assert "佐藤 美咲" not in first
    older = re.search(r"before=(\d+)", first)
    assert older
    assert "佐藤 美咲" in get(staff, f"/console/coupons?before={older[1]}").text


def test_a_phones_camera_leads_through_the_sign_in_to_the_coupon(stranger: FlaskClient) -> None:
    """The QR code holds the page's address: who is not signed in returns to it after the password."""
    chats.person(role="staff", name="佐藤 はな")
    mine = a_coupon()
    led = get(stranger, f"/console/redeem?code={mine.code}")
    form = re.search(r'name="next" value="([^"]+)"', get(stranger, led.headers["Location"]).text)
    assert form
    answer = post(
        stranger,
        "/console/sign-in",
        page=led.headers["Location"],
        email="staff@example.jp",
        password=chats.PASSWORD,
        next=form[1],
    )
    assert answer.headers["Location"] == f"/console/redeem?code={mine.code}"
    assert "石けん1個" in get(stranger, answer.headers["Location"]).text
