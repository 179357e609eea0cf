"""メニュー and やめる end any exchange; unfinished exchanges expire."""

import pytest

from surveys.nps.answers import SurveyAnswer
from tests.conversations.scenario import Phone, Scenario, said

EXCHANGES = ["a passive's words", "a detractor's words", "a testimonial"]


def in_exchange(scenario: Scenario, which: str) -> Phone:
    """A customer from whom the bot awaits text."""
    misaki = scenario.customer()
    misaki.says("アンケート")
    match which:
        case "a passive's words":
            misaki.taps("8")
        case "a detractor's words":
            misaki.taps("3")
        case _:
            misaki.says("感想を書く")
    return misaki


def stored_words(phone: Phone) -> list[str]:
    query = SurveyAnswer.select().where(SurveyAnswer.customer == phone.customer.id)
    return [answer.comment for answer in query if answer.comment]


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("words", ["メニュー", "やめる", "やめます", "キャンセル", "戻る", "ヘルプ"])
def test_these_words_lead_out_of_every_exchange(scenario: Scenario, exchange: str, words: str) -> None:
    misaki = in_exchange(scenario, exchange)

    misaki.says(words)

    assert {"ポイント", "スタッフと話す"} <= misaki.buttons
    assert "うまく読み取れませんでした" in said(misaki.says("ぬるぽガッほげほげ")), "an ordinary text again"
    assert stored_words(misaki) == []


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_chip_leads_out_as_well(scenario: Scenario, exchange: str) -> None:
    misaki = in_exchange(scenario, exchange)

    assert "ここまでにしますね" in said(misaki.taps("今はやめておく"))


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_an_exchange_expires(scenario: Scenario, exchange: str) -> None:
    misaki = in_exchange(scenario, exchange)
    scenario.sleep(minutes=181)

    assert "うまく読み取れませんでした" in said(misaki.says("ぬるぽガッほげほげ"))
    assert stored_words(misaki) == []


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_asking_for_staff_ends_it_too(scenario: Scenario, exchange: str) -> None:
    misaki = in_exchange(scenario, exchange)
    misaki.says("スタッフと話す")

    assert misaki.says("先週の注文のことです") == [], "said to staff"
    assert stored_words(misaki) == []


def test_a_command_in_between_does_not_lose_the_thread(scenario: Scenario) -> None:
    misaki = in_exchange(scenario, "a passive's words")
    misaki.says("ポイント")
    misaki.sends(type="sticker", packageId="1", stickerId="2")

    misaki.says("香りが選べたら")

    assert stored_words(misaki) == ["香りが選べたら"]


def test_nothing_to_stop_is_said_kindly(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "途中のものはありません" in said(misaki.says("やめる"))
    assert misaki.chips


def test_cancelling_without_an_exchange_means_an_order(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "キャンセル" in said(misaki.says("キャンセル"))
    misaki.says("スタッフと話す")
    assert misaki.says("キャンセル") == [], "to staff it is theirs to read: an order may be meant"


def test_the_menu_by_a_button_of_the_rich_menu(scenario: Scenario) -> None:
    assert "ご用件はどちらですか" in said(scenario.customer().sends_back("menu"))


def test_who_declines_messages_is_not_written_to_unasked_and_still_answered(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "もうお送りしません" in said(misaki.says("配信停止"))
    scenario.order("1001", 3_000, line_user_id=misaki.user_id)
    scenario.pass_time(days=14)
    assert misaki.hears() == [], "neither thanks for the order nor the question"
    assert misaki.says("ポイント"), "what they ask is answered"

    assert "またお知らせをお届け" in said(misaki.says("配信再開"))
    scenario.order("1002", 3_000, line_user_id=misaki.user_id)
    assert "お買い上げありがとうございます" in said(misaki.hears())
