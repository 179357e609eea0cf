"""ポイント and ランク: what actions earn, and what the customer reads of it."""

from bot.config import shop
from bot.db.database import write_transaction
from bot.queue import inbox
from customers.orders.reversals import Reversal
from rewards.ranks import customer_rank
from surveys.nps.answers import SurveyAnswer
from tests.conversations.scenario import Scenario, said
from tests.conversations.test_orders_reversed import post_reversal


def test_points_and_how_they_came_about(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")
    misaki.taps("8")
    misaki.says("香りが選べたら")

    (card,) = misaki.says("ポイント")

    assert "いまのポイント\n110" in card
    for line in ("ひとこと\n+10", "アンケート\n+20", "お買い上げ\n+50", "ご登録\n+30"):
        assert line in card


def test_somebody_new_hears_how_points_come(scenario: Scenario) -> None:
    shop.use({"points": {"registration": 0}})

    assert "ポイントがたまります" in said(scenario.customer().says("ポイント"))


def test_a_rank_shows_its_three_axes_and_the_next_step(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")

    (card,) = misaki.says("ランク")

    assert "ベーシック" in card
    for axis in ("金額\n13\n5,000円ぶん", "行動\n12\nお買い物1回・トーク1日", "関係性\n0"):
        assert axis in card
    assert "あと少しで「アクティブ」です" in card
    assert "アンケートに答える（あと1回）" in card
    assert "アンケートに答える" in misaki.buttons, "the step can be tapped"


def test_a_rise_is_congratulated_once_with_what_it_brings(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")

    heard = said(misaki.taps("9"))

    assert "ランクアップ、おめでとうございます🎉\nアクティブ" in heard
    assert "ひとつひとつのアクションに、お礼のポイントをお贈りします。" in heard
    assert misaki.rank == "アクティブ"
    assert "ランクアップ" not in said(misaki.says("ランク"))
    assert "ランクアップ" not in said(misaki.buys(100, "1002"))
    assert [change.after for change in customer_rank.changes(misaki.customer.id)] == [1, 2]


def test_the_step_to_a_testimonial_can_be_tapped(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(40_000, "1001")
    for number in ("1002", "1003"):
        misaki.says("アンケート")
        misaki.taps("8")
        misaki.says("香りが選べたら")
        scenario.sleep(days=100)
        misaki.buys(4_000, number)

    card = said(misaki.says("ランク"))

    assert "感想を書く" in card
    assert "感想をそのまま" in said(misaki.taps("感想を書く"))


def test_the_step_to_an_opinion_can_be_taken_by_a_promoter_too(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(40_000, "1001")
    misaki.says("アンケート")
    misaki.taps("9")
    scenario.sleep(days=100)
    misaki.buys(4_000, "1002")
    misaki.says("アンケート")
    misaki.taps("9")
    scenario.sleep(days=1)
    assert "ひとこと添える" in said(misaki.says("ランク"))

    assert "ひとこと、このまま送ってくださいね" in said(misaki.taps("アンケートに答える"))

    assert "ひとことのお礼に10ポイント" in said(misaki.says("毎朝使っています"))
    assert SurveyAnswer.select().where(SurveyAnswer.comment == "毎朝使っています").count() == 1


def test_a_survey_that_is_closed_is_not_offered(scenario: Scenario) -> None:
    shop.use({"ranks": {"active": [0, 60, 0]}})
    misaki = scenario.customer()
    misaki.buys(3_980, "1001")
    assert "アンケートに答える（あと1回）" in said(misaki.says("ランク"))
    misaki.says("アンケート")
    misaki.taps("8")
    misaki.says("香りが選べたらもっとうれしいです")

    card = said(misaki.says("ランク"))

    assert "アンケート" not in card.split("一歩")[1].split("4月30日まで")[0]
    assert "別の日に、またトークでひとこと" in card
    assert "5月1日までなら、これで上がります。上がったランクは12か月続きます。" in card


def test_every_answer_has_a_way_on(scenario: Scenario) -> None:
    misaki = scenario.customer()
    for words in ("ポイント", "ランク", "紹介", "よくある質問", "メニュー", "こんにちは", "ほげほげ"):
        misaki.says(words)
        assert misaki.chips or misaki.handset.buttons(), words


# What gave no points, or none yet


def test_an_order_that_earned_nothing_says_why(scenario: Scenario) -> None:
    shop.use({"points": {"purchases_a_day": 1}})
    misaki = scenario.customer()
    misaki.buys(80, "1001")
    misaki.buys(5_000, "1002")

    card = said(misaki.says("ポイント"))

    assert "お買い上げ\n0\n100円ごとにつくため、今回はつきませんでした" in card
    assert "お買い上げ\n0\n1日1回までのため、今回はつきませんでした" in card


def test_a_comment_past_the_limit_says_why(scenario: Scenario) -> None:
    shop.use({"points": {"comments_a_month": 1}, "survey": {"ask_again_after_days": 7}})
    misaki = scenario.customer()
    for _ in range(2):
        misaki.says("アンケート")
        misaki.taps("8")
        misaki.says("香りが選べたら")
        scenario.sleep(days=8)

    assert "ひとこと\n0\n1か月1回までのため、今回はつきませんでした" in said(misaki.says("ポイント"))


def test_points_that_wait_say_from_when_and_stand_there_once_they_have_come(scenario: Scenario) -> None:
    shop.use({"points": {"purchase_pending_days": 14}})
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")

    assert "お買い上げ\n+50\n4月15日から使えます" in said(misaki.says("ポイント"))
    scenario.pass_time(days=14)
    card = said(misaki.says("ポイント"))
    assert "から使えます" not in card
    assert card.count("お買い上げ\n+50") == 1


def test_a_cancelled_order_says_so_whether_its_points_were_given_held_or_never_came(
    scenario: Scenario,
) -> None:
    misaki, kenta, hana = (scenario.customer(name) for name in ("佐藤 美咲", "山本 健太", "田中 花"))
    misaki.buys(5_000, "1001")
    post_reversal(scenario, "1001/cancel")
    scenario.settle()
    assert "お買い上げの取り消し\n-50" in said(misaki.says("ポイント"))

    shop.use({"points": {"purchase_pending_days": 14}})
    kenta.buys(5_000, "1002")
    post_reversal(scenario, "1002/cancel")
    scenario.settle()
    card = said(kenta.says("ポイント"))
    assert "お買い上げの取り消し\n-50\nこれからお渡しする分から差し引きました" in card
    assert "から使えます" not in card

    early = Reversal(order_number="1003", kind="cancel")  # by another channel, before the order
    with write_transaction():
        inbox.put("order.cancelled", early.cause, hana.user_id, early.as_data(), line_user_id=hana.user_id)
    scenario.settle()
    hana.buys(5_000, "1003")
    assert "お買い上げ\n0\nご注文が取り消しになったため、つきませんでした" in said(hana.says("ポイント"))


def test_a_shop_that_gives_nothing_for_purchases_does_not_list_them(scenario: Scenario) -> None:
    shop.use({"points": {"purchase_per_100_yen": 0}})
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")

    assert "お買い上げ" not in said(misaki.says("ポイント"))
