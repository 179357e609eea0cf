"""The NPS question: when it is asked, when not, and how a tap is counted."""

from typing import Any

import pytest

from bot.config import shop
from commands import survey
from surveys.nps.answers import SurveyAnswer
from tests.conversations.scenario import QUESTION, Phone, Scenario, said

SCORES = [str(score) for score in range(11)]


def scores_of(phone: Phone) -> list[int]:
    return [
        answer.score
        for answer in SurveyAnswer.select().where(SurveyAnswer.customer == phone.customer.id).order_by("id")
    ]


def button(phone: Phone, label: str) -> str:
    """The postback data of the newest button of that label."""
    return str(phone.handset.buttons()[label]["data"])


# When it is asked


def test_the_question_in_its_exact_words_with_eleven_answers(scenario: Scenario) -> None:
    misaki = scenario.customer()

    (card,) = misaki.says("アンケート")

    assert QUESTION in card.splitlines()
    assert "ひだまり堂から、ひとつだけ質問させてください" in card
    assert set(SCORES) <= misaki.buttons


def test_the_eleven_answers_stay_tappable_after_other_messages(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.says("ポイント")
    misaki.says("こんにちは")

    assert set(SCORES) <= misaki.buttons
    assert "10点！" in said(misaki.taps("10"))


def test_it_is_asked_fourteen_days_after_a_purchase(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")

    scenario.pass_time(days=13)
    assert misaki.hears() == []

    scenario.pass_time(days=1)
    assert QUESTION in said(misaki.hears())


def test_the_shop_may_ask_after_other_days(scenario: Scenario) -> None:
    shop.use({"survey": {"question_after_days": 3}})
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")

    scenario.pass_time(days=3)

    assert QUESTION in said(misaki.hears())


def test_it_is_asked_by_command(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    misaki = scenario.customer()

    ask_by_command(monkeypatch, misaki)

    assert QUESTION in said(misaki.hears())


@pytest.mark.parametrize("words", ["アンケート", "あんけーと", "ｱﾝｹｰﾄ", "「アンケート」", " アンケート。"])
def test_it_is_asked_when_the_customer_writes_the_word(scenario: Scenario, words: str) -> None:
    assert QUESTION in said(scenario.customer().says(words))


def test_an_open_question_comes_again_and_remains_one_invitation(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    first = button(misaki, "9")

    misaki.says("アンケート")

    assert button(misaki, "9") == first


def ask_by_command(monkeypatch: pytest.MonkeyPatch, phone: Phone) -> None:
    """`manage.py survey ask U…`, in this process."""
    monkeypatch.setattr(survey, "start", lambda _: None)
    ask: Any = survey.ask.callback
    ask((phone.user_id,), False)


# When it is not


def test_nobody_is_asked_twice_for_one_purchase(scenario: Scenario) -> None:
    shop.use({"survey": {"ask_again_after_days": 1, "remind": False}})
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    scenario.pass_time(days=14)
    misaki.hears()

    for _ in range(10):
        scenario.pass_time(days=1)

    assert misaki.hears() == []


def test_not_again_within_ninety_days(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    scenario.pass_time(days=14)
    assert QUESTION in said(misaki.hears())
    misaki.buys(5_000, "1002")
    misaki.hears()
    scenario.pass_time(days=14)
    assert misaki.hears() == [], "28 days after the first question"

    scenario.pass_time(days=70)
    misaki.buys(5_000, "1003")
    misaki.hears()
    scenario.pass_time(days=14)
    assert QUESTION in said(misaki.hears()), "98 days after it"


def test_not_during_an_open_ticket(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("スタッフと話す")

    scenario.pass_time(days=14)

    assert QUESTION not in said(misaki.hears())


def test_not_the_blocked(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.blocks()

    scenario.pass_time(days=14)
    misaki.follows()

    assert QUESTION not in said(misaki.hears())


def test_not_by_command_either_when_asked_lately(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")

    ask_by_command(monkeypatch, misaki)

    assert misaki.hears() == []


def test_not_at_night_but_in_the_morning(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    scenario.sleep(days=13, hours=11)  # 23:00

    scenario.pass_time(hours=2)
    assert misaki.hears() == [], "one o'clock on the fourteenth day"

    scenario.pass_time(hours=9)
    assert QUESTION in said(misaki.hears()), "ten in the morning"


def test_who_answered_lately_hears_so_and_when_next(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("8")
    scenario.sleep(days=2)

    (answer,) = misaki.says("アンケート")

    assert "（8点）" in answer
    assert "次は6月30日ごろ" in answer, "ninety days after 1 April"
    assert "ひとこと、このまま送ってくださいね" in answer, "none was added to the eight so far"
    assert misaki.chips


# How a tap is counted


def test_a_second_tap_within_the_hour_corrects(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("9")
    earned = misaki.points
    scenario.sleep(minutes=59)

    heard = misaki.taps("10")

    assert heard == ["10点に変更しました。ありがとうございます！"], "a promoter still: nothing is asked again"
    assert scores_of(misaki) == [10]
    assert misaki.points == earned


def test_a_correction_into_another_segment_asks_that_segments_question(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("0")

    heard = said(misaki.taps("8"))
    assert "8点に変更しました" in heard
    assert "あと何があれば「10点」になりそうですか？" in heard
    assert "聞かせてくださってありがとうございます" in said(misaki.says("香りが選べたら"))

    answer = SurveyAnswer.get(SurveyAnswer.customer == misaki.customer.id)
    assert (answer.score, answer.segment, answer.comment) == (8, "passive", "香りが選べたら")


def test_a_later_tap_gets_a_kind_word_and_changes_nothing(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("9")
    scenario.sleep(minutes=61)

    (answer,) = misaki.taps("0")

    assert "9点で受け取っています" in answer
    assert misaki.chips, "there is a way on"
    assert scores_of(misaki) == [9]


def test_the_same_number_again_is_thanked_for(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("7")

    assert said(misaki.taps("7")).startswith("7点、ちゃんと届いています")
    assert scores_of(misaki) == [7]


def test_an_old_invitations_button_speaks_for_the_newest(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    old = button(misaki, "3")
    misaki.taps("9")
    scenario.sleep(days=100)
    misaki.says("アンケート")

    misaki.sends_back(old)

    assert scores_of(misaki) == [9, 3]


def test_the_same_event_delivered_twice_counts_once(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("9")
    earned = misaki.points
    sent = list(scenario.platform.channel.webhook_sender.attempts)[-1].events

    assert scenario.hears_from_line(*sent) == 200

    assert misaki.hears() == []
    assert (scores_of(misaki), misaki.points) == ([9], earned)


def test_a_score_during_a_ticket_counts_and_the_words_after_it_are_the_staffs(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.says("スタッフと話す")
    misaki.taps("2")

    assert misaki.says("先週の注文のことです") == []

    answer = SurveyAnswer.get(SurveyAnswer.customer == misaki.customer.id)
    assert answer.comment == "先週の注文のことです", "stored with the score all the same"


# Numbers that are written instead of tapped


@pytest.mark.parametrize("words", ["10", "１０点", "十点です", "じゅう"])
def test_a_written_score_is_an_answer_like_a_tap(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")

    heard = said(misaki.says(words))

    assert heard.startswith("10点！うれしいです")
    assert "お友達をご紹介ください" in heard
    assert scores_of(misaki) == [10]


@pytest.mark.parametrize("words", ["11", "-1", "7.5", "100点"])
def test_a_number_that_is_no_answer_brings_the_eleven_back(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")

    (card,) = misaki.says(words)

    assert "0から10までの数字で" in card
    assert set(SCORES) <= misaki.buttons
    assert scores_of(misaki) == []


def test_a_number_written_after_a_score_corrects_it_and_is_no_comment(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("3")

    assert "8点に変更しました" in said(misaki.says("8点"))
    assert "10点に変更しました" in said(misaki.says("10"))

    answer = SurveyAnswer.get(SurveyAnswer.customer == misaki.customer.id)
    assert (answer.score, answer.comment) == (10, "")


def test_a_number_nobody_asked_for_is_no_score(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "うまく読み取れませんでした" in said(misaki.says("9"))

    misaki.says("アンケート")
    scenario.sleep(days=9)
    assert "うまく読み取れませんでした" in said(misaki.says("9")), "the question is forgotten by now"
    assert scores_of(misaki) == []


def test_a_number_written_to_staff_is_staffs(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.says("スタッフと話す")

    assert misaki.says("3") == []

    assert scores_of(misaki) == []


# Postbacks that no button carries


@pytest.mark.parametrize(
    "data",
    [
        "nps.score?i={i}&s=11",
        "nps.score?i={i}&s=-1",
        "nps.score?i={i}&s=９",
        "nps.score?i={i}&s=9.5",
        "nps.score?i={i}",
        "nps.score?s=9",
        "nps.score?i=999999999999999999&s=9",
        "nps.score",
    ],
)
def test_a_score_that_nobody_offered_is_answered_and_not_counted(scenario: Scenario, data: str) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    invitation = button(misaki, "9").partition("i=")[2].partition("&")[0]

    (answer,) = misaki.sends_back(data.format(i=invitation))

    assert "「アンケート」と送っていただければ" in answer
    assert scores_of(misaki) == []


def test_a_score_for_somebody_elses_invitation_is_not_counted(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    misaki.says("アンケート")
    kenta.says("アンケート")

    kenta.sends_back(button(misaki, "0"))

    assert (scores_of(misaki), scores_of(kenta)) == ([], [])
