"""What promoters, passives and detractors are answered and asked after their score."""

import pytest

from surveys.nps.answers import SurveyAnswer
from tests.conversations.scenario import Phone, Scenario, said


def answered(scenario: Scenario, score: int) -> tuple[Phone, list[str]]:
    """A customer who bought, was asked and tapped."""
    misaki = scenario.customer()
    misaki.says("アンケート")
    return misaki, misaki.taps(str(score))


def comment_of(phone: Phone) -> str:
    return str(SurveyAnswer.get(SurveyAnswer.customer == phone.customer.id).comment)


# 9 and 10


@pytest.mark.parametrize("score", [9, 10])
def test_a_promoter_is_asked_for_a_friend_and_for_their_words(scenario: Scenario, score: int) -> None:
    misaki, (thanks, invitation, request) = answered(scenario, score)

    assert f"{score}点！うれしいです" in thanks
    assert "ご回答のお礼に20ポイント" in thanks
    assert "お友達をご紹介ください" in invitation
    assert "感想も聞かせていただけませんか" in request
    assert {"LINEで友だちに送る", "感想を書く"} <= misaki.buttons


# 7 and 8


@pytest.mark.parametrize("score", [7, 8])
def test_a_passive_is_asked_what_would_make_it_a_ten_and_the_words_are_stored(
    scenario: Scenario, score: int
) -> None:
    misaki, (thanks, question) = answered(scenario, score)
    assert "ご回答のお礼に20ポイント" in thanks
    assert "あと何があれば「10点」になりそうですか？" in question, "last, so that it is seen"
    assert misaki.chips == {"今はやめておく"}

    (heard,) = misaki.says("香りが選べたらうれしいです")

    assert "スタッフみんなで読んで" in heard
    assert "ひとことのお礼に10ポイント" in heard
    assert comment_of(misaki) == "香りが選べたらうれしいです"
    assert misaki.chips


def test_the_words_earn_once_for_an_answer(scenario: Scenario) -> None:
    misaki, _ = answered(scenario, 8)
    misaki.says("香りが選べたら")
    earned = misaki.points
    misaki.taps("7")
    misaki.taps("3")  # asked again: the segment changed

    assert "ポイント" not in said(misaki.says("やっぱり少し高いです"))
    assert misaki.points == earned


def test_a_blank_is_no_word(scenario: Scenario) -> None:
    misaki, _ = answered(scenario, 8)

    assert "もう一度送っていただけますか" in said(misaki.says("　\n "))
    misaki.says("送料です")

    assert comment_of(misaki) == "送料です"


# 0 to 6


@pytest.mark.parametrize("score", range(7))
def test_a_detractor_hears_an_apology_and_can_reach_staff_at_once(scenario: Scenario, score: int) -> None:
    misaki, (apology, staff) = answered(scenario, score)

    assert apology.startswith("ご期待にそえず、申し訳ありません。")
    assert "どんなことが気になったか" in apology
    assert "スタッフが直接お話をうかがいます" in staff
    assert "スタッフと話す" in misaki.buttons


def test_a_detractors_words_bring_answers_that_fit_and_a_person(scenario: Scenario) -> None:
    misaki, _ = answered(scenario, 3)

    heard = misaki.says("商品がまだ届きません")

    assert "申し訳ありません" in heard[0]
    assert "商品がまだ届きません" in said(heard[1:-1]), "the stock's entry"
    assert "スタッフ" in heard[-1]
    assert comment_of(misaki) == "商品がまだ届きません"


def test_an_angry_detractor_gets_no_faq_answer(scenario: Scenario) -> None:
    misaki, _ = answered(scenario, 0)

    heard = misaki.says("最悪です。返金してください")

    assert len(heard) == 1, "an apology and a person, no FAQ, no points"
    assert "担当者に伝えました。本日16:00までに" in heard[0]
    assert comment_of(misaki) == "最悪です。返金してください"


def test_an_apology_comes_without_a_congratulation(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")

    assert "ランクアップ" not in said(misaki.taps("2"))
    shown = said(misaki.says("ランク"))
    assert "あなたのランク\nアクティブ" in shown
    assert "ランクアップ" not in shown, (
        "postponed while the case of the low score is open, even where they ask"
    )


def test_a_detractor_is_handed_to_staff_answered_and_given_back(scenario: Scenario) -> None:
    misaki, _ = answered(scenario, 2)
    misaki.says("届いた箱が大きすぎました")

    assert "スタッフにおつなぎしました" in said(misaki.taps("スタッフと話す"))
    ticket = misaki.ticket
    assert ticket is not None
    assert ticket.cause == "detractor"

    assert misaki.says("贈り物だったので困っています") == [], "the bot is silent while staff have the chat"
    assert misaki.sends(type="sticker", packageId="1", stickerId="2") == []
    misaki.handset.send_image(b"picture")
    assert misaki.hears() == []
    assert "いまのポイント" in said(misaki.says("ポイント")), "a command is answered"

    misaki.says("別のものを送っていただけますか")
    scenario.staff_say(ticket, "店主の小川です。すぐに新しいものをお送りします。")
    assert misaki.hears() == ["店主の小川です。すぐに新しいものをお送りします。"]
    assert misaki.came_by()[-1] == "reply", "free: nothing else had used the customer's last token"

    scenario.sleep(minutes=1)
    scenario.staff_say(ticket, "明日届きます。")
    assert misaki.hears() == ["明日届きます。"]
    assert misaki.came_by()[-1] == "push", "no token lives any more"

    scenario.staff_resolve(ticket)
    assert "自動のご案内に戻ります" in said(misaki.hears())
    assert misaki.ticket is None
    assert "ありがとう" in said(misaki.says("ありがとうございました")), "the bot speaks again"


def test_staffs_answer_after_the_tokens_life_is_a_push(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    misaki.says("相談があります")
    scenario.sleep(minutes=2)

    scenario.staff_say(misaki.ticket, "どうされましたか？")

    assert misaki.hears() == ["どうされましたか？"]
    assert misaki.came_by()[-1] == "push"


def test_a_ticket_is_closed_once(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    ticket = misaki.ticket

    scenario.staff_resolve(ticket)
    scenario.staff_resolve(ticket)

    assert len(misaki.hears()) == 1


def test_points_are_the_same_for_any_score(scenario: Scenario) -> None:
    earned = set()
    for score in range(11):
        customer = scenario.customer(f"{score}番")
        customer.says("アンケート")
        before = customer.points
        customer.taps(str(score))
        earned.add(customer.points - before)

    assert earned == {20}


# Corrected comments


def commented(scenario: Scenario, score: int, comment: str) -> Phone:
    misaki, _ = answered(scenario, score)
    misaki.says(comment)
    return misaki


@pytest.mark.parametrize("score", [2, 8])
def test_words_can_be_replaced_within_the_hour(scenario: Scenario, score: int) -> None:
    misaki = commented(scenario, score, "香りがない")
    earned = misaki.points
    assert "書き直す" in misaki.chips
    scenario.sleep(minutes=59)

    assert "先ほどのひとことと入れかえます" in said(misaki.taps("書き直す"))
    (thanks,) = misaki.says("香りが選べたらうれしい")

    assert thanks.startswith("書き直しました")
    assert comment_of(misaki) == "香りが選べたらうれしい"
    assert misaki.points == earned, "points for words come once"
    assert "書き直す" in misaki.chips, "once more, if need be"


def test_after_the_hour_words_stay(scenario: Scenario) -> None:
    misaki = commented(scenario, 8, "香りがない")
    scenario.sleep(minutes=61)

    assert "大切に受け取っています" in said(misaki.says("書き直す"))

    misaki.says("送料はいくらですか")
    assert comment_of(misaki) == "香りがない"


def test_whoever_asks_to_rewrite_and_writes_after_the_hour_is_heard_as_usual(scenario: Scenario) -> None:
    misaki = commented(scenario, 8, "香りがない")
    scenario.sleep(minutes=50)
    misaki.taps("書き直す")
    scenario.sleep(minutes=11)

    misaki.says("やっぱりこのままで")

    assert comment_of(misaki) == "香りがない"


def test_without_words_there_is_nothing_to_rewrite(scenario: Scenario) -> None:
    misaki = scenario.customer()
    assert "まだ届いていない" in said(misaki.says("書き直す"))
