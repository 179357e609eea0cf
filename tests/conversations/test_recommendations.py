"""A recommended product in messages of flows and campaigns, and when a customer asks: with its reason, and held out."""

from datetime import timedelta

import pytest

from bot import localtime
from bot.db.database import write_transaction
from customers.orders.tables import Product
from handlers import recommendation_jobs
from journeys.links.tables import ShortLink
from journeys.recommendations.tables import RecommendationShown
from rewards.ranks.rules import Rank
from tests.conversations.campaign_scene import has_rank, progress, scheduled, state_of
from tests.conversations.flow_scene import enrolments, record, switched_on
from tests.conversations.scenario import Phone, Scenario, said
from tests.conversations.test_hold_outs import hold_out

REASON = "『緑茶50g』をお買い上げの方の2人に1人以上が、次のご注文で選んでいます"
FLOW = """
key = "next-tea"
name = "次の一品"
trigger = { on = "order" }

[[step]]
key = "cup"
wait = { days = 7, at = "11:00" }
latest_days = 0
recommend = "history"
"""
WITH_A_TEXT = FLOW + 'text = "お茶はいかがですか？"\n'


def buys(scenario: Scenario, phone: Phone, number: str, sku: str, name: str) -> None:
    scenario.order(number, 1_000, line_user_id=phone.user_id, items=[{"sku": sku, "name": name}])
    phone.hears()


def buys_elsewhere(scenario: Scenario, buyer: str, number: str, sku: str, name: str) -> None:
    """An order of somebody who is not on LINE: it is counted like all others, and nothing is written to them."""
    scenario.order(number, 1_000, customer_number=buyer, items=[{"sku": sku, "name": name}])


def a_shop_of_tea(scenario: Scenario) -> None:
    """Twelve bought tea, and seven of them the cup next; others bought the pot, twice."""
    for number in range(12):
        buys_elsewhere(scenario, f"K-{number}", f"T-{number}", "TEA", "緑茶50g")
        if number < 7:
            buys_elsewhere(scenario, f"K-{number}", f"C-{number}", "CUP", "湯のみ")
        if number < 4:
            buys_elsewhere(scenario, f"H-{number}", f"X-{number}", "POT", "急須")
            buys_elsewhere(scenario, f"H-{number}", f"Y-{number}", "POT", "急須")
    scenario.settle()
    with write_transaction():
        Product.update(url="https://shop.example/cup", price_yen=1_200).where(Product.sku == "CUP").execute()
    count(scenario)


def count(scenario: Scenario) -> None:
    with localtime.fixed(localtime.now() + timedelta(days=1)):
        recommendation_jobs.count_pairs()


def out_of_stock() -> None:
    with write_transaction():
        Product.update(in_stock=False).execute()


@pytest.fixture
def nobody_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_out(monkeypatch, lambda _: False)


@pytest.fixture
def all_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_out(monkeypatch, lambda subject: subject == "recommendations")


def a_buyer_of_tea(scenario: Scenario) -> Phone:
    misaki = scenario.customer()
    buys(scenario, misaki, "M-1", "TEA", "緑茶50g")
    return misaki


@pytest.mark.usefixtures("nobody_held_out")
def test_a_step_recommends_what_others_bought_next(scenario: Scenario) -> None:
    a_shop_of_tea(scenario)
    switched_on(WITH_A_TEXT)
    misaki = a_buyer_of_tea(scenario)

    scenario.pass_time(days=8)

    heard = said(misaki.hears())
    assert "お茶はいかがですか？" in heard
    assert "あなたへのおすすめ\n湯のみ\n1,200円\n" in heard and REASON in heard
    assert misaki.opens("商品を見る").startswith("https://goen.example/l/")
    link = ShortLink.get()
    assert (link.url, link.customer_id) == ("https://shop.example/cup", misaki.customer.id)
    shown = RecommendationShown.get()
    assert (shown.customer_id, shown.source, shown.is_held_out) == (misaki.customer.id, "history", False)


@pytest.mark.usefixtures("all_held_out")
def test_who_is_held_out_gets_the_message_without_it(scenario: Scenario) -> None:
    a_shop_of_tea(scenario)
    switched_on(WITH_A_TEXT)
    misaki = a_buyer_of_tea(scenario)
    scenario.pass_time(days=8)
    heard = said(misaki.hears())
    assert "お茶はいかがですか？" in heard and "湯のみ" not in heard
    shown = RecommendationShown.get()
    assert shown.is_held_out and Product.get_by_id(shown.product_id).sku == "CUP"


@pytest.mark.usefixtures("all_held_out")
def test_who_is_held_out_from_a_step_that_says_nothing_else_goes_on(scenario: Scenario) -> None:
    a_shop_of_tea(scenario)
    switched_on(FLOW + '\n[[step]]\nkey = "later"\nlatest_days = 0\ntext = "またどうぞ"\n')
    misaki = a_buyer_of_tea(scenario)
    scenario.pass_time(days=8)
    assert misaki.hears() == ["またどうぞ"]
    assert RecommendationShown.get().is_held_out


@pytest.mark.usefixtures("nobody_held_out")
@pytest.mark.parametrize("toml", [FLOW, WITH_A_TEXT])
def test_out_of_stock_between_planning_and_sending(scenario: Scenario, toml: str) -> None:
    a_shop_of_tea(scenario)
    switched_on(toml.replace("latest_days = 0", "latest_days = 3"))
    misaki = a_buyer_of_tea(scenario)
    scenario.pass_time(days=8)
    assert "planned cup" in record(misaki)
    out_of_stock()
    scenario.pass_time(days=4)
    heard = said(misaki.hears())
    assert "湯のみ" not in heard
    assert ("お茶はいかがですか？" in heard) == (toml is WITH_A_TEXT)
    assert enrolments(misaki)[0].ended_at is not None


@pytest.mark.usefixtures("nobody_held_out")
def test_a_step_with_nothing_else_is_passed_over_while_there_is_nothing(scenario: Scenario) -> None:
    switched_on(FLOW)
    misaki = a_buyer_of_tea(scenario)
    scenario.pass_time(days=8)
    assert misaki.hears() == []
    assert "passed-over cup no-recommendation" in record(misaki)


@pytest.mark.usefixtures("nobody_held_out")
def test_a_campaign_with_a_recommendation_is_a_push_for_each(scenario: Scenario) -> None:
    a_shop_of_tea(scenario)
    misaki = a_buyer_of_tea(scenario)
    ken = scenario.customer("鈴木 健")
    campaign = scheduled(message={"recommend": "history"})
    scenario.pass_time(minutes=1)
    heard = said(misaki.hears())
    assert "春の新しいお茶" in heard and "湯のみ" in heard and misaki.came_by()[-1] == "push"
    assert "湯のみ" not in said(ken.hears()), "nothing bought, nothing recommended"
    scenario.pass_time(minutes=1)
    assert progress(campaign).failed == 0
    assert RecommendationShown.select().where(RecommendationShown.customer == misaki.customer.id).count() == 1


@pytest.mark.usefixtures("nobody_held_out")
def test_a_campaign_with_nothing_else_passes_over_who_has_none(scenario: Scenario) -> None:
    a_shop_of_tea(scenario)
    misaki, ken = a_buyer_of_tea(scenario), scenario.customer("鈴木 健")
    campaign = scheduled("", message={"recommend": "history"})
    scenario.pass_time(minutes=1)
    assert REASON in said(misaki.hears())
    assert ken.hears() == []
    scenario.pass_time(minutes=1)
    assert state_of(campaign, ken)[0] == "skipped"
    assert state_of(campaign, misaki)[0] == "sent"


@pytest.mark.usefixtures("nobody_held_out")
def test_the_premium_product_goes_to_who_is_ready(scenario: Scenario) -> None:
    a_shop_of_tea(scenario)
    misaki, ken = a_buyer_of_tea(scenario), scenario.customer("鈴木 健")
    with write_transaction():
        Product.update(premium=True, url="https://shop.example/pot").where(Product.sku == "POT").execute()
        has_rank(misaki, Rank.PREMIUM)
    scheduled("", message={"recommend": "premium"})
    scenario.pass_time(minutes=1)
    heard = said(misaki.hears())
    assert "急須" in heard and "とっておきの一品" in heard
    assert ken.hears() == []


@pytest.mark.usefixtures("all_held_out")
@pytest.mark.parametrize(
    "words", ["おすすめ", "あなたへのおすすめ", "おすすめ教えて", "おすすめを教えてください", "オススメ"]
)
def test_who_asks_is_answered_also_when_held_out(scenario: Scenario, words: str) -> None:
    a_shop_of_tea(scenario)
    misaki = a_buyer_of_tea(scenario)
    heard = said(misaki.says(words))
    assert "おすすめはこちらです。" in heard and "湯のみ" in heard and REASON in heard
    assert misaki.opens("商品を見る").startswith("https://goen.example/l/")
    link = ShortLink.get()
    assert (link.url, link.customer_id) == ("https://shop.example/cup", misaki.customer.id)
    shown = RecommendationShown.get()
    assert (shown.source, shown.is_held_out) == ("asked", False)


def test_without_anything_to_recommend_there_is_a_way_on(scenario: Scenario) -> None:
    misaki = scenario.customer()
    assert "いま、お買い上げから選べるおすすめがありません" in said(misaki.says("おすすめ"))
    assert "スタッフと話す" in misaki.chips


@pytest.mark.parametrize(
    "trouble",
    [
        "届いた湯のみが割れていました。どうなってるんですか",
        "手がかぶれました",
        "最悪。二度と買わない。金返せ",
    ],
)
def test_nothing_is_offered_while_something_is_wrong(scenario: Scenario, trouble: str) -> None:
    a_shop_of_tea(scenario)
    misaki = a_buyer_of_tea(scenario)
    misaki.says(trouble)
    heard = said(misaki.says("おすすめ"))
    assert "控えています" in heard
    assert "湯のみ" not in heard and not any(mark in heard for mark in "！🌿☺🎁")


@pytest.mark.parametrize(
    "words", ["おすすめの飲み方を教えて", "乾燥がひどいんですけど、おすすめは？", "おすすめはどれ？"]
)
def test_a_question_about_a_product_is_no_request_for_recommendations(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()
    assert "お買い上げから選べる" not in said(misaki.says(words))
