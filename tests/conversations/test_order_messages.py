"""A customer's orders on LINE, from the card that it was received to the parcel at the door; and 「注文状況」."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import localtime
from bot.config import settings, shop
from customers.csv import order_import
from tests.conversations.scenario import Phone, Scenario, said

PAGE = "https://member.kms.kuronekoyamato.co.jp/parcel/detail?pno=472575516733"
ITEMS = [{"sku": "TEA-50", "name": "ほうじ茶 50g", "quantity": 2}, {"sku": "JAR", "name": "茶筒"}]
YAMATO: dict[str, Any] = {"carrier": "クロネコヤマト", "tracking_number": "4725-7551-6733"}


def ships(scenario: Scenario, number: str = "1001", **parcel: Any) -> int:
    """The shop's system reports a parcel."""
    answer = scenario.web.post(
        f"/api/v1/orders/{number}/shipments",
        json=parcel,
        headers={"Authorization": f"Bearer {scenario._api_key}"},
    )
    scenario.settle()
    return answer.status_code


def orders(misaki: Phone, number: str = "1001", **more: Any) -> str:
    misaki.scenario.order(number, 5_280, **{"line_user_id": misaki.user_id, "items": ITEMS, **more})
    return said(misaki.hears())


def delivered_now() -> str:
    return localtime.now().isoformat()


def test_a_parcel_from_the_order_to_the_door(scenario: Scenario) -> None:
    misaki = scenario.customer()

    card = orders(misaki, arrives_on="2026-04-03")
    assert (
        "ご注文を承りました\n注文番号 1001\n・ほうじ茶 50g ×2\n・茶筒\n合計 5,280円\n4月3日ごろのお届け予定です"
        in card
    )
    assert "52ポイントをお贈りしました（いま82ポイント）" in card
    assert "あと少しで" in card or "次の一歩" in card, "the next step of the rank"
    assert misaki.came_by()[-1] == "push"

    scenario.pass_time(days=1)
    assert ships(scenario, **YAMATO, arrives_on="2026-04-03") == 202
    dispatched = said(misaki.hears())
    assert (
        "商品を発送しました\n注文番号 1001\nヤマト運輸 4725-7551-6733\n4月3日ごろのお届け予定です"
        in dispatched
    )
    assert misaki.opens("荷物の場所を見る") == PAGE

    scenario.pass_time(days=1)
    assert ships(scenario, **YAMATO, delivered_at=delivered_now()) == 202
    delivered = said(misaki.hears())
    assert "お荷物をお届けしました" in delivered
    assert "ポイント" not in delivered
    assert "スタッフと話す" in misaki.buttons

    assert ships(scenario, **YAMATO, delivered_at=delivered_now()) in (200, 202)
    assert misaki.hears() == [], "each of them once"


def test_whoever_stopped_the_news_hears_of_their_order(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("配信停止")

    card = orders(misaki)
    assert "ご注文を承りました" in card
    assert "あと少しで" not in card and "次の一歩" not in card

    ships(scenario, **YAMATO)
    assert "商品を発送しました" in said(misaki.hears())


def test_whoever_blocks_the_shop_hears_nothing(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.blocks()
    misaki.hears()
    orders(misaki)
    ships(scenario, **YAMATO)
    assert misaki.hears() == []
    assert misaki.points == 82


def test_in_a_bad_moment_the_facts_come_and_nothing_cheerful(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("届いた瓶が割れていて手を切りました。ひどいです")
    assert misaki.ticket is not None
    misaki.hears()

    card = orders(misaki)
    assert "ご注文を承りました" in card and "合計 5,280円" in card
    assert "ポイント" not in card and "ありがとう" not in card and "ランク" not in card
    assert misaki.points == 82, "credited all the same"

    ships(scenario, **YAMATO)
    assert "商品を発送しました" in said(misaki.hears())


def test_an_order_at_night_is_confirmed_at_once_and_a_parcel_waits_for_the_morning(
    scenario: Scenario,
) -> None:
    misaki = scenario.customer()
    scenario.sleep(hours=11)
    assert "ご注文を承りました" in orders(misaki)

    assert ships(scenario, **YAMATO) == 202
    assert misaki.hears() == []

    scenario.pass_time(hours=10)
    assert "商品を発送しました" in said(misaki.hears())


def test_an_order_of_the_day_that_is_reported_at_night_waits_for_the_morning(scenario: Scenario) -> None:
    misaki = scenario.customer()
    placed = localtime.now().isoformat()
    scenario.sleep(hours=11)
    assert orders(misaki, ordered_at=placed) == ""

    scenario.pass_time(hours=10)
    assert "ご注文を承りました" in said(misaki.hears())


def test_what_changes_by_night_is_not_said_in_the_morning(scenario: Scenario) -> None:
    misaki, taro, hanako = (scenario.customer(name) for name in ("佐藤 美咲", "鈴木 太郎", "山田 花子"))
    placed = localtime.now().isoformat()
    scenario.sleep(hours=11)
    orders(misaki, ordered_at=placed)
    ships(scenario, **YAMATO)
    orders(taro, "1002", ordered_at=placed)
    orders(hanako, "1003", ordered_at=placed)

    ships(scenario, **YAMATO, delivered_at=delivered_now())
    scenario.web.post(
        "/api/v1/orders/1002/cancel", json={}, headers={"Authorization": f"Bearer {scenario._api_key}"}
    )
    hanako.says("届いた瓶が割れていて手を切りました。ひどいです")
    taro.hears()
    scenario.pass_time(hours=11)

    heard = said(misaki.hears())
    assert "お荷物をお届けしました" in heard and "商品を発送しました" not in heard
    assert "ご注文を承りました" not in said(taro.hears())
    plain = said(hanako.hears())
    assert "ご注文を承りました" in plain and "ポイント" not in plain


def test_a_parcel_before_its_order(scenario: Scenario) -> None:
    misaki = scenario.customer()
    assert ships(scenario, **YAMATO) == 202
    assert misaki.hears() == []
    heard = orders(misaki)
    assert heard.index("ご注文を承りました") < heard.index("商品を発送しました")


def test_a_cancelled_orders_parcel_is_no_news(scenario: Scenario) -> None:
    misaki = scenario.customer()
    orders(misaki)
    scenario.web.post(
        "/api/v1/orders/1001/cancel", json={}, headers={"Authorization": f"Bearer {scenario._api_key}"}
    )
    misaki.hears()
    ships(scenario, **YAMATO)
    assert misaki.hears() == []
    assert "キャンセルを承りました" in said(misaki.says("注文状況"))


def test_two_parcels_and_a_carrier_that_nobody_knows(scenario: Scenario) -> None:
    misaki = scenario.customer()
    orders(misaki)
    ships(scenario, **YAMATO)
    ships(scenario, carrier="みどり便", tracking_number="K-8812")
    heard = said(misaki.hears())
    assert heard.count("商品を発送しました") == 2
    assert "みどり便 K8812" in heard

    ships(scenario, carrier="みどり便", tracking_number="K-8812", delivered_at=delivered_now())
    misaki.hears()
    state = said(misaki.says("荷物"))
    assert "お荷物2個のうち1個をお届けしました" in state
    assert misaki.opens("荷物の場所を見る") == PAGE


@pytest.mark.parametrize("switched_off", ["received", "dispatched", "delivered"])
def test_each_can_be_switched_off(scenario: Scenario, switched_off: str) -> None:
    shop.use({"order_messages": {switched_off: False}})
    misaki = scenario.customer()
    heard = [orders(misaki)]
    ships(scenario, **YAMATO)
    heard.append(said(misaki.hears()))
    ships(scenario, **YAMATO, delivered_at=delivered_now())
    heard.append(said(misaki.hears()))
    titles = ("ご注文を承りました", "商品を発送しました", "お荷物をお届けしました")
    for name, title, each in zip(("received", "dispatched", "delivered"), titles, heard, strict=True):
        assert (title in each) is (name != switched_off), name
    assert misaki.points == 82
    assert "ポイント" in said(misaki.says("ポイント"))
    assert "お届けしました" in said(misaki.says("注文状況"))


def test_old_orders_and_parcels_from_a_file_are_no_news(scenario: Scenario, tmp_path: Path) -> None:
    misaki = scenario.customer()
    file = tmp_path / "orders.csv"
    header = "注文番号,注文日時,お支払い合計,LINEユーザーID,出荷日,配送会社,追跡番号,配達完了日"
    days = [f"2026-03-{day:02}" for day in range(1, 20)]
    rows = [f"{day},{day} 12:00,5000,{misaki.user_id},{day},佐川急便,1111{day},{day}" for day in days]
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert order_import.run(file).new_count == 19
    scenario.settle()
    assert misaki.hears() == []
    last = said(misaki.says("注文"))
    assert "3月19日にお届けしました" in last
    assert last.count("注文番号") == 3, "the last three"


@pytest.mark.parametrize(
    "words", ["注文", "注文状況", "配送状況", "荷物", "発送状況", "追跡", "「注文状況」"]
)
def test_the_last_orders_are_shown(scenario: Scenario, words: str) -> None:
    misaki, taro = scenario.customer(), scenario.customer("鈴木 太郎")
    orders(misaki)
    shown = said(misaki.says(words))
    assert "お届けの準備をしています" in shown and "注文番号 1001" in shown
    assert misaki.came_by()[-1] == "reply"
    assert "1001" not in said(taro.says(words)), "nobody's orders but one's own"


@pytest.mark.parametrize("has_login", [False, True])
def test_without_a_linked_order_they_read_how_to_link(scenario: Scenario, has_login: bool) -> None:
    address = "https://shop.example.jp/line" if has_login else None
    settings.use(settings.current().model_copy(update={"account_link_url": address}))
    misaki = scenario.customer()
    shown = said(misaki.says("注文状況"))
    assert "まだこのLINEにつながっていないようです" in shown
    assert ("連携する" in misaki.chips) if has_login else ("連携コードを" in shown)


@pytest.mark.parametrize(
    "question", ["いつ届きますか", "発送しましたか？", "配達状況を確認する方法を教えてください"]
)
def test_a_question_about_the_delivery_brings_the_own_order(scenario: Scenario, question: str) -> None:
    misaki, taro = scenario.customer(), scenario.customer("鈴木 太郎")
    orders(misaki)
    ships(scenario, **YAMATO)
    misaki.hears()
    shown = said(misaki.says(question))
    plain = said(taro.says(question))
    assert shown.startswith("4月1日に発送しました") and shown.endswith(plain), "the answer is the same"
    assert "4月1日に発送しました" not in plain


def test_an_order_of_long_ago_does_not_come_along(scenario: Scenario) -> None:
    misaki = scenario.customer()
    orders(misaki, ordered_at=(localtime.now() - timedelta(days=31)).isoformat())
    assert "注文番号" not in said(misaki.says("いつ届きますか"))


def test_other_questions_bring_no_order(scenario: Scenario) -> None:
    misaki = scenario.customer()
    orders(misaki)
    assert "注文番号" not in said(misaki.says("送料はいくらですか？"))
