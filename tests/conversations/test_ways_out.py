"""メニュー and やめる lead out of everything; what is unfinished expires."""

import pytest

from surveys.nps.answers import SurveyAnswer
from tests.conversations.scenario import Phone, Town, said

EXCHANGES = ["a passive's words", "a detractor's words", "a testimonial"]


def in_exchange(town: Town, which: str) -> Phone:
    """A customer whose next text the bot waits for."""
    misaki = town.customer()
    misaki.says("アンケート")
    match which:
        case "a passive's words":
            misaki.taps("8")
        case "a detractor's words":
            misaki.taps("3")
        case _:
            misaki.says("感想を書く")
    return misaki


def kept_words(phone: Phone) -> list[str]:
    query = SurveyAnswer.select().where(SurveyAnswer.customer == phone.customer.id)
    return [answer.comment for answer in query if answer.comment]


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("words", ["メニュー", "やめる", "やめます", "キャンセル", "戻る", "ヘルプ"])
def test_these_words_lead_out_of_every_exchange(town: Town, exchange: str, words: str) -> None:
    misaki = in_exchange(town, exchange)

    misaki.says(words)

    assert {"ポイント", "スタッフと話す"} <= misaki.buttons
    assert "うまく読み取れませんでした" in said(misaki.says("ぬるぽガッほげほげ")), "an ordinary text again"
    assert kept_words(misaki) == []


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_chip_leads_out_as_well(town: Town, exchange: str) -> None:
    misaki = in_exchange(town, exchange)

    assert "ここまでにしますね" in said(misaki.taps("今はやめておく"))


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_an_exchange_expires(town: Town, exchange: str) -> None:
    misaki = in_exchange(town, exchange)
    town.sleep(minutes=181)

    assert "うまく読み取れませんでした" in said(misaki.says("ぬるぽガッほげほげ"))
    assert kept_words(misaki) == []


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_asking_for_staff_ends_it_too(town: Town, exchange: str) -> None:
    misaki = in_exchange(town, exchange)
    misaki.says("スタッフと話す")

    assert misaki.says("先週の注文のことです") == [], "said to staff"
    assert kept_words(misaki) == []


def test_a_command_in_between_does_not_lose_the_thread(town: Town) -> None:
    misaki = in_exchange(town, "a passive's words")
    misaki.says("ポイント")
    misaki.sends(type="sticker", packageId="1", stickerId="2")

    misaki.says("香りが選べたら")

    assert kept_words(misaki) == ["香りが選べたら"]


def test_nothing_to_stop_is_said_kindly(town: Town) -> None:
    misaki = town.customer()

    assert "途中のものはありません" in said(misaki.says("やめる"))
    assert misaki.chips


def test_cancelling_without_an_exchange_means_an_order(town: Town) -> None:
    misaki = town.customer()

    assert "キャンセル" in said(misaki.says("キャンセル"))
    misaki.says("スタッフと話す")
    assert misaki.says("キャンセル") == [], "to staff it is theirs to read: an order may be meant"


def test_the_menu_by_a_button_of_the_rich_menu(town: Town) -> None:
    assert "ご用件はどちらですか" in said(town.customer().sends_back("menu"))


def test_who_declines_messages_is_not_written_to_unasked_and_still_answered(town: Town) -> None:
    misaki = town.customer()

    assert "もうお送りしません" in said(misaki.says("配信停止"))
    town.order("1001", 3_000, line_user_id=misaki.user_id)
    town.pass_time(days=14)
    assert misaki.hears() == [], "neither thanks for the order nor the question"
    assert misaki.says("ポイント"), "what they ask is answered"

    assert "またお知らせをお届け" in said(misaki.says("配信再開"))
    town.order("1002", 3_000, line_user_id=misaki.user_id)
    assert "お買い上げありがとうございます" in said(misaki.hears())
