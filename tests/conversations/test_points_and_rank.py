"""ポイント and ランク: what actions earn, and what the customer reads of it."""

from bot import shop
from rewards import standing
from surveys.answers import SurveyAnswer
from tests.conversations.town import Town, said


def test_points_and_how_they_came_about(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")
    misaki.taps("8")
    misaki.says("香りが選べたら")

    (card,) = misaki.says("ポイント")

    assert "いまのポイント\n110" in card
    for line in ("ひとこと\n+10", "アンケート\n+20", "お買い上げ\n+50", "ご登録\n+30"):
        assert line in card


def test_somebody_new_hears_how_points_come(town: Town) -> None:
    shop.use({"points": {"registration": 0}})

    assert "ポイントがたまります" in said(town.customer().says("ポイント"))


def test_a_rank_tells_its_three_axes_and_the_next_step(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(5_000, "1001")

    (card,) = misaki.says("ランク")

    assert "ベーシック" in card
    for axis in ("お買い物\n13\n5,000円ぶん", "アクション\n12\nお買い物1回・トーク1日", "つながり\n0"):
        assert axis in card
    assert "あと少しで「アクティブ」です" in card
    assert "アンケートに答える（あと1回）" in card
    assert "アンケートに答える" in misaki.buttons, "the step can be tapped"


def test_a_rise_is_congratulated_once_with_what_it_brings(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")

    heard = said(misaki.taps("9"))

    assert "ランクアップ、おめでとうございます🎉\nアクティブ" in heard
    assert "ひとつひとつのアクションに、お礼のポイントをお贈りします。" in heard
    assert misaki.rank == "アクティブ"
    assert "ランクアップ" not in said(misaki.says("ランク"))
    assert "ランクアップ" not in said(misaki.buys(100, "1002"))
    assert [change.after for change in standing.changes(misaki.customer.id)] == [1, 2]


def test_the_step_to_a_testimonial_can_be_tapped(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(40_000, "1001")
    for number in ("1002", "1003"):
        misaki.says("アンケート")
        misaki.taps("8")
        misaki.says("香りが選べたら")
        town.sleep(days=100)
        misaki.buys(4_000, number)

    card = said(misaki.says("ランク"))

    assert "感想を書く" in card
    assert "感想をそのまま" in said(misaki.taps("感想を書く"))


def test_the_step_to_an_opinion_can_be_taken_by_a_promoter_too(town: Town) -> None:
    misaki = town.customer()
    misaki.buys(40_000, "1001")
    misaki.says("アンケート")
    misaki.taps("9")
    town.sleep(days=100)
    misaki.buys(4_000, "1002")
    misaki.says("アンケート")
    misaki.taps("9")
    town.sleep(days=1)
    assert "ひとこと添える" in said(misaki.says("ランク"))

    assert "ひとこと、このまま送ってくださいね" in said(misaki.taps("アンケートに答える"))

    assert "ひとことのお礼に10ポイント" in said(misaki.says("毎朝使っています"))
    assert SurveyAnswer.select().where(SurveyAnswer.comment == "毎朝使っています").count() == 1


def test_every_answer_has_a_way_on(town: Town) -> None:
    misaki = town.customer()
    for words in ("ポイント", "ランク", "紹介", "よくある質問", "メニュー", "こんにちは", "ほげほげ"):
        misaki.says(words)
        assert misaki.chips or misaki.handset.buttons(), words
