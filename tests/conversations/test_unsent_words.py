"""A message that the customer unsends on LINE is shown nowhere any more, whatever it was a reply to."""

from support.faq.tables import FaqAsked
from support.satisfaction.ratings import Satisfaction
from surveys.nps.answers import SurveyAnswer
from tests.conversations.scenario import Phone, Scenario

WORDS = "住所は台東区1-2-3です"


def says_and_unsends(phone: Phone, words: str) -> None:
    message_id = phone.handset.say(words)
    phone.hears()
    phone.causes("unsend", unsend={"messageId": message_id})


def test_the_words_after_a_score_go_and_the_score_stays(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("8")
    earned = misaki.points

    says_and_unsends(misaki, WORDS)

    [answer] = SurveyAnswer.select()
    assert (answer.score, answer.comment) == (8, "")
    assert misaki.points == earned + 10, "points are for writing"


def test_words_with_letters_that_no_database_keeps_go_too(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("8")

    says_and_unsends(misaki, "a\0b\ud83d")

    assert SurveyAnswer.get().comment == ""


def test_nobody_elses_same_words_go(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    for phone in (misaki, kenta):
        phone.says("アンケート")
        phone.taps("8")
    kenta.says(WORDS)

    says_and_unsends(misaki, WORDS)

    assert [answer.comment for answer in SurveyAnswer.select().order_by(SurveyAnswer.id)] == ["", WORDS]


def test_the_words_about_how_it_went_go(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    scenario.staff_say(misaki.ticket, "お待たせしました")
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    misaki.taps("🙂良い")

    says_and_unsends(misaki, f"  {WORDS}")

    [asked] = Satisfaction.select()
    assert (asked.score, asked.comment) == (4, "")


def test_a_question_that_was_taken_back_is_nothing_to_write_an_answer_to(scenario: Scenario) -> None:
    misaki = scenario.customer()

    says_and_unsends(misaki, WORDS)

    assert [asked.words for asked in FaqAsked.select()] == [""]
