"""よくある質問, questions in the customer's own words, and how to reach staff."""

import json

import pytest

from bot.config import shop
from bot.db.database import write_transaction
from console.desk import chat
from support.faq import entries, missing, questions_asked
from support.faq.tables import FaqAsked, FaqEntry
from tests.conversations.scenario import Phone, Scenario, said


def test_the_faq_opens_by_subject_and_a_title_brings_its_answer(scenario: Scenario) -> None:
    misaki = scenario.customer()

    opening, topics = misaki.says("よくある質問")

    assert "よくある質問をまとめました" in opening
    assert "配送・送料" in topics
    entry = FaqEntry.select().order_by(FaqEntry.id).first()
    (answer,) = misaki.taps(entry.question)
    assert entry.question in answer
    assert {"解決しました", "まだ困っています"} <= misaki.buttons


def test_a_topic_goes_on_page_by_page(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("よくある質問")

    assert "返品・交換" in said(misaki.sends_back("faq.list?t=返品・交換&p=0"))


def test_a_question_in_ones_own_words_is_answered(scenario: Scenario) -> None:
    misaki = scenario.customer()

    heard = said(misaki.says("荷物は今どこにありますか"))

    assert "伝票番号" in heard
    assert "よかったです" in said(misaki.taps("解決しました"))
    assert misaki.chips
    assert "いただいています" in said(misaki.taps("解決しました")), "twice is heard, once is counted"
    assert [row.outcome for row in FaqAsked.select()] == ["solved"]


def test_an_answer_that_does_not_help_leads_to_a_person(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("荷物は今どこにありますか")

    assert "スタッフが直接お話をうかがいます" in said(misaki.taps("まだ困っています"))
    misaki.taps("スタッフと話す")

    ticket = misaki.ticket
    assert ticket is not None
    assert ticket.cause == "faq_failed"


def test_whether_it_helped_may_be_written_instead_of_tapped(scenario: Scenario) -> None:
    misaki, kenichi = scenario.customer("佐藤 美咲"), scenario.customer("山本 健一")
    misaki.says("荷物は今どこにありますか")
    kenichi.says("荷物は今どこにありますか")

    assert "よかったです" in said(misaki.says("解決しました！"))
    assert "スタッフが直接お話をうかがいます" in said(kenichi.says("まだ困っています"))
    kenichi.taps("スタッフと話す")

    assert [row.outcome for row in FaqAsked.select().order_by(FaqAsked.id)] == ["solved", "unsolved"]
    assert kenichi.ticket is not None
    assert kenichi.ticket.cause == "faq_failed"


def test_whoever_is_in_trouble_without_having_asked_meets_a_person(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "スタッフが直接お話をうかがいます" in said(misaki.says("困っています"))
    assert "スタッフと話す" in misaki.buttons
    assert FaqAsked.select().count() == 0


def test_where_several_may_fit_titles_are_offered(scenario: Scenario) -> None:
    misaki = scenario.customer()

    heard = said(misaki.says("送料"))

    assert "近いものをタップしてください" in heard
    assert "この中にない→スタッフへ" in misaki.buttons


def test_where_nothing_fits_a_person_is_offered_and_the_gap_is_remembered(scenario: Scenario) -> None:
    misaki = scenario.customer()

    heard = said(misaki.says("ぬるぽガッほげほげ"))

    assert "うまく読み取れませんでした" in heard
    assert {"スタッフと話す", "よくある質問"} <= misaki.buttons
    assert [(row.words, row.outcome) for row in FaqAsked.select()] == [("ぬるぽガッほげほげ", "unanswered")]


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("最悪です。二度と買いません", "upset"),
        ("上の人に言いますよ", "upset"),
        ("飲んだら湿疹が出ました", "harm"),
    ],
)
def test_the_angry_and_the_harmed_have_a_person_at_once(scenario: Scenario, words: str, cause: str) -> None:
    misaki = scenario.customer()

    (heard,) = misaki.says(words)

    assert "担当者に伝えました" in heard
    ticket = misaki.ticket
    assert ticket is not None
    assert ticket.cause == cause


@pytest.mark.parametrize("words", ["スタッフと話す", "担当者", "お問い合わせ", "スタッフ"])
def test_a_person_can_be_asked_for_at_any_time(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()

    assert "スタッフにおつなぎしました" in said(misaki.says(words))
    assert "スタッフに届いています" in said(misaki.says(words)), "asking again opens no second ticket"
    assert misaki.ticket is not None


def test_outside_the_hours_the_customer_hears_when_staff_answer(scenario: Scenario) -> None:
    scenario.sleep(hours=9)  # 21:00 on Wednesday
    misaki = scenario.customer()

    heard = said(misaki.says("スタッフと話す"))

    assert "今は営業時間の外" in heard
    assert "10時" in heard or "10:00" in heard


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("ありがとうございます", "こちらこそ"),
        ("こんにちは", "こんにちは☺"),
        ("はじめまして", "はじめまして☺"),
        ("👍", "うれしいです"),
        ("♪", "うれしいです"),
        ("了解です", "はい☺"),
    ],
)
def test_thanks_greetings_and_emoji_get_a_kind_word_and_no_search(
    scenario: Scenario, words: str, answer: str
) -> None:
    misaki = scenario.customer()

    assert answer in said(misaki.says(words))
    assert misaki.chips
    assert FaqAsked.select().count() == 0


def test_what_nobody_could_answer_is_written_and_then_answered(scenario: Scenario) -> None:
    """Two customers ask alike, staff write one entry, the third gets it as an answer, and its figures are counted."""
    misaki, kenichi = scenario.customer(), scenario.customer("田中 健一")
    misaki.says("駐車場はありますか")
    kenichi.says("お店の駐車場はどこ")
    [wanted] = missing.missing().clusters
    assert wanted.customer_count == 2

    scenario.sleep(minutes=1)
    with write_transaction():
        words = [phrase.words for phrase in wanted.phrases]
        entry_id, _ = entries.save(words[0], "店の裏に3台分あります。", words[1:])

    assert missing.missing().clusters == ()
    assert "店の裏に3台分" in said(misaki.says("駐車場はありますか？"))
    misaki.taps("解決しました")
    kenichi.says("お店の駐車場はどこ")
    kenichi.taps("まだ困っています")
    kenichi.taps("スタッフと話す")
    ticket = kenichi.ticket
    assert ticket is not None
    assert questions_asked.figures(FaqEntry.get_by_id(entry_id)) == questions_asked.Figures(
        asked_count=2, solved_count=1, unsolved_count=1, escalated_count=1, failed_count=1
    )
    assert FaqAsked.get(FaqAsked.ticket == ticket.id).words == "お店の駐車場はどこ"


def test_a_title_tapped_answers_the_words_it_was_offered_for(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("送料")

    misaki.taps("送料はいくらですか？")

    assert [(row.words, row.outcome) for row in FaqAsked.select()] == [("送料", "answered")]


def test_titles_that_are_all_wrong_count_as_missing_from_the_faq(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("送料")

    misaki.taps("この中にない→スタッフへ")

    [row] = FaqAsked.select()
    assert (row.outcome, row.ticket) == ("unanswered", misaki.ticket)
    assert [each.leader.words for each in missing.missing().clusters] == ["送料"]


def test_who_asks_for_a_person_soon_after_an_answer_was_not_helped_by_it(scenario: Scenario) -> None:
    misaki, kenichi = scenario.customer(), scenario.customer("田中 健一")
    misaki.says("荷物は今どこにありますか")
    misaki.says("スタッフ")
    kenichi.says("荷物は今どこにありますか")
    scenario.sleep(hours=1)
    kenichi.says("スタッフ")

    assert [row.ticket is not None for row in FaqAsked.select().order_by(FaqAsked.id)] == [True, False]


def test_asking_for_a_person_counts_the_same_where_a_low_score_had_opened_a_case(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("2")
    misaki.says("やめる")
    misaki.says("荷物は今どこにありますか")
    misaki.says("スタッフ")

    assert [row.ticket for row in FaqAsked.select()] == [misaki.ticket]


def test_a_card_of_the_shop_comes_before_the_question_whether_it_helped(scenario: Scenario) -> None:
    card = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "本州は550円"}]},
    }
    with write_transaction():
        entries.save("送料の表を見せて", "送料の表です。", card=json.dumps(card))
    misaki = scenario.customer()

    heard = said(misaki.says("送料の表を見せて"))

    assert "本州は550円" in heard
    assert {"解決しました", "まだ困っています"} <= misaki.buttons


def test_beside_the_chat_staff_see_what_fits_the_question_and_not_the_words_for_the_bot(
    scenario: Scenario,
) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフに電話してほしい")
    misaki.says("箱がつぶれていました")
    fitting = beside(misaki)
    assert fitting

    for words in ("ポイント", "アンケート", "紹介", "クーポン", "スタッフ"):
        misaki.says(words)

    assert beside(misaki) == fitting


def beside(phone: Phone) -> list[str]:
    """The FAQ entries that the console shows beside the customer's chat."""
    assert phone.ticket is not None
    return [entry.question for entry in chat.fitting_faq(chat.of(phone.ticket))]


def test_a_greeting_and_a_story_do_not_hide_the_question(scenario: Scenario) -> None:
    alone, polite = scenario.customer(), scenario.customer("田中 健一")

    alone.says("送料はいくらでしょうか？")
    polite.says(
        "はじめまして。いつも美味しいお茶をありがとうございます。\n送料はいくらでしょうか？\nよろしくお願いします。"
    )

    asked = FaqAsked.select(FaqAsked.outcome, FaqEntry.question).join(FaqEntry).order_by(FaqAsked.id)
    assert list(asked.tuples()) == [("answered", "送料はいくらですか？")] * 2


def test_two_questions_in_one_message_get_two_answers(scenario: Scenario) -> None:
    misaki = scenario.customer()

    heard = misaki.says("注文をキャンセルしたいです。ラッピングはしてもらえますか？")

    assert len(heard) == 2
    assert "キャンセルできます" in heard[0] and "包装やのし" in heard[1]
    assert [row.outcome for row in FaqAsked.select()] == ["answered", "answered"]


@pytest.mark.parametrize("words", ["営業時間は？", "今日って何時までやってる？", "ﾃｲｷｭｳﾋﾞﾊｲﾂﾃﾞｽｶ"])
def test_the_hours_are_the_shops_own(scenario: Scenario, words: str) -> None:
    shop.use({"support": {"hours": {"weekdays": "火水木", "opens": "09:30", "closes": "15:00"}}})
    misaki = scenario.customer()

    heard = said(misaki.says(words))

    assert "火〜木曜日の9:30〜15:00" in heard
    assert "今は受付中です（本日は15:00まで）" in heard, "it is noon on a Wednesday"


def test_the_shipped_entry_on_the_hours_says_them_too(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("よくある質問")
    entry = FaqEntry.get(FaqEntry.question == "営業時間を教えてください")

    heard = said(misaki.sends_back(f"faq.show?e={entry.id}"))

    assert "月〜金曜日の10:00〜17:00" in heard and "{hours}" not in heard


@pytest.mark.parametrize(
    ("words", "greeting"),
    [
        ("こんばんは", "こんばんは☺"),
        ("おはよー", "おはようございます☺"),
        ("ｺﾝﾊﾞﾝﾊ", "こんばんは☺"),
        ("はじめまして！", "はじめまして☺"),
        ("やっほー", "こんにちは☺"),
    ],
)
def test_a_greeting_is_returned_as_it_was_said(scenario: Scenario, words: str, greeting: str) -> None:
    assert greeting in said(scenario.customer().says(words))
