"""The owner changes rewards: versions, all errors at once, the card on the phone; and gives coupons to a list."""

import html
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from handlers import register
from journeys.campaigns import campaigns
from journeys.campaigns.tables import Campaign
from rewards.coupons import coupons, reward_list, reward_versions
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, Reward
from tests.console import chats
from tests.console.conftest import SignIn, get, post

SOAP: dict[str, Any] = {"name": "石けん", "value_text": "石けん1個", "value_yen": "200", "seen": "1"}


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    register()
    return sign_in("owner")


def soap(**more: Any) -> int:
    draft = RewardDraft(
        name="石けん", kind=RewardKind.THANK_YOU, value_text="石けん1個", value_yen=200, **more
    )
    with write_transaction():
        return reward_list.make(draft, 1)


def change(client: FlaskClient, reward_id: int, **form: Any):  # type: ignore[no-untyped-def] # werkzeug's
    page = f"/console/rewards/{reward_id}"
    return post(client, page, page=page, **(SOAP | form))


def test_a_change_is_a_version_and_coupons_keep_their_terms(owner: FlaskClient) -> None:
    reward_id, who = soap(), chats.customer("佐藤 美咲")
    with write_transaction():
        before = coupons.issue(who.id, reward_id, 1, "thanks:1").coupon
    answer = change(
        owner, reward_id, name="ハンドクリーム", value_text="1本", value_yen="180", valid_days="30"
    )
    assert answer.status_code == 303
    with write_transaction():
        after = coupons.issue(who.id, reward_id, 1, "thanks:2").coupon
    assert before and after
    earlier, fresh = Coupon.get_by_id(before.id), Coupon.get_by_id(after.id)
    assert (earlier.name, earlier.value_text, earlier.value_yen) == ("石けん", "石けん1個", 200)
    assert (fresh.name, fresh.value_text, fresh.value_yen) == ("ハンドクリーム", "1本", 180)
    assert earlier.valid_until > fresh.valid_until
    [second, first] = reward_versions.history(reward_id)
    assert (first.number, second.number) == (1, 2)
    assert second.changed == ("name", "value_text", "value_yen", "valid_days")
    shown = get(owner, f"/console/rewards/{reward_id}").text
    assert "第2版" in shown and "鈴木 一郎" in shown
    assert "石けん" in get(owner, "/console/coupons").text


def test_all_errors_stand_at_once_and_nothing_typed_is_lost(owner: FlaskClient) -> None:
    reward_id = soap()
    answer = change(
        owner, reward_id, name="", value_yen="たくさん", stock="0", ends_on="きのう", value_text="下書き"
    )
    assert answer.status_code == 422
    shown = html.unescape(answer.text)
    for sentence in (
        "名前は、1文字から",
        "特典の価値（円）は、0から",
        "用意する数は、1から",
        "おわりの日が日付に",
    ):
        assert sentence in shown
    assert 'value="たくさん"' in shown and 'value="下書き"' in shown
    assert Reward.get_by_id(reward_id).version == 1


def test_a_gift_above_the_cap_says_what_to_change(owner: FlaskClient) -> None:
    reward_id = soap()
    answer = change(owner, reward_id, value_yen="201")
    assert answer.status_code == 422
    assert "上限を超えています。このお買い上げに対しては200円まで" in answer.text
    assert change(owner, reward_id, value_yen="201", is_discount="1").status_code == 303


def test_of_two_who_change_it_at_once_the_second_is_asked_again(owner: FlaskClient) -> None:
    reward_id = soap()
    change(owner, reward_id, name="一")
    answer = change(owner, reward_id, name="二")
    assert answer.status_code == 422
    assert "ほかの人が先に変更しました" in answer.text and 'value="二"' in answer.text
    assert change(owner, reward_id, name="二", seen="2").status_code == 303


def test_the_stock_is_never_below_what_was_given(owner: FlaskClient) -> None:
    reward_id = soap()
    people = [chats.customer(f"客{number}").id for number in range(2)]
    with write_transaction():
        for who in people:
            coupons.issue(who, reward_id, 1, f"thanks:{who}")
    answer = change(owner, reward_id, stock="1")
    assert answer.status_code == 422 and "もう2枚お渡ししている" in answer.text


def test_the_card_is_shown_before_anything_is_stored(owner: FlaskClient) -> None:
    form = SOAP | {"kind": "exchange", "name": "湯のみ", "points_price": "300", "stock": "48"}
    part = post(owner, "/console/rewards/preview", page="/console/rewards", htmx=True, **form).text
    assert "湯のみ" in part and "K7MP-4XWD-RT35" in part and "残り48個" in part and "コードをコピー" in part
    whole = post(owner, "/console/rewards", page="/console/rewards", do="preview", **form)
    assert whole.status_code == 200 and 'value="湯のみ"' in whole.text and "残り48個" in whole.text
    assert Reward.select().count() == 0


def test_a_coupon_is_given_to_a_list_by_a_campaign_that_leaves_out_who_is_troubled(
    owner: FlaskClient,
) -> None:
    reward_id = soap()
    troubled = chats.ticket(chats.customer("高橋 さくら")).customer
    for number in range(3):
        chats.customer(f"客{number}")
    shown = html.unescape(get(owner, f"/console/rewards/give?reward_id={reward_id}").text)
    assert "約4人" in shown and "¥800" in shown and "¥200 × 4枚" in shown
    assert "1人には、いまはお渡ししません。" in shown and f"/console/customers/{troubled.id}" in shown

    lacking = post(owner, "/console/rewards/give", page="/console/rewards", reward_id=str(reward_id))
    assert lacking.status_code == 422 and "いっしょに送る言葉を書いてください" in lacking.text

    done = post(
        owner,
        "/console/rewards/give",
        page="/console/rewards",
        reward_id=str(reward_id),
        words="いつもありがとうございます。",
        **{"audience.min_orders": "2"},  # type: ignore[arg-type] # a field of the form
    )
    made = Campaign.get()
    assert done.status_code == 303 and done.location.endswith(f"/console/campaigns/{made.id}/confirm")
    definition = campaigns.definition_of(made)
    assert (definition.class_, definition.when_busy, definition.message.coupon) == (
        "care",
        "defer",
        reward_id,
    )
    assert definition.audience.min_orders == 2
    assert "石けん" in get(owner, f"/console/campaigns/{made.id}/confirm").text


def test_the_page_says_when_a_gift_arrives(owner: FlaskClient) -> None:
    reward_id = soap()
    noon = localtime.start_of(localtime.today()) + timedelta(hours=12)
    for hours, words in ((0, "すぐに届きはじめます"), (10, "いまは夜の時間なので")):
        with localtime.fixed(noon + timedelta(hours=hours)):
            shown = html.unescape(get(owner, f"/console/rewards/give?reward_id={reward_id}").text)
        assert words in shown and "いつ届くか" in shown


def test_a_reward_for_points_cannot_be_given(owner: FlaskClient) -> None:
    draft = RewardDraft(
        name="湯のみ", kind=RewardKind.EXCHANGE, value_text="1個", value_yen=200, points_price=300
    )
    with write_transaction():
        reward_id = reward_list.make(draft)
    assert "湯のみ" not in get(owner, f"/console/rewards/give?reward_id={reward_id}").text


def test_staff_do_not_change_rewards(sign_in: SignIn) -> None:
    reward_id = soap()
    staff = sign_in("staff")
    assert get(staff, f"/console/rewards/{reward_id}").status_code == 403
    assert change(staff, reward_id).status_code == 403
    assert get(staff, "/console/rewards/give").status_code == 403
