"""A message that the customer takes back on LINE is shown nowhere any more, whatever it was an answer to."""

from support.faq.tables import FaqAsked
from support.satisfaction.ratings import Satisfaction
from surveys.nps.answers import SurveyAnswer
from tests.conversations.scenario import Phone, Town

WORDS = "住所は台東区1-2-3です"


def says_and_unsends(phone: Phone, words: str) -> None:
    message_id = phone.handset.say(words)
    phone.hears()
    phone.causes("unsend", unsend={"messageId": message_id})


def test_the_words_after_a_score_go_and_the_score_stays(town: Town) -> None:
    misaki = town.customer()
    misaki.says("アンケート")
    misaki.taps("8")
    earned = misaki.points

    says_and_unsends(misaki, WORDS)

    [answer] = SurveyAnswer.select()
    assert (answer.score, answer.comment) == (8, "")
    assert misaki.points == earned + 10, "points are for writing"


def test_words_with_letters_that_no_database_keeps_go_too(town: Town) -> None:
    misaki = town.customer()
    misaki.says("アンケート")
    misaki.taps("8")

    says_and_unsends(misaki, "a\0b\ud83d")

    assert SurveyAnswer.get().comment == ""


def test_nobody_elses_same_words_go(town: Town) -> None:
    misaki, kenta = town.customer("佐藤 美咲"), town.customer("山本 健太")
    for phone in (misaki, kenta):
        phone.says("アンケート")
        phone.taps("8")
    kenta.says(WORDS)

    says_and_unsends(misaki, WORDS)

    assert [answer.comment for answer in SurveyAnswer.select().order_by(SurveyAnswer.id)] == ["", WORDS]


def test_the_words_about_how_it_went_go(town: Town) -> None:
    misaki = town.customer()
    misaki.says("スタッフと話す")
    town.staff_say(misaki.ticket, "お待たせしました")
    town.staff_resolve(misaki.ticket)
    misaki.hears()
    misaki.taps("🙂良い")

    says_and_unsends(misaki, f"  {WORDS}")

    [asked] = Satisfaction.select()
    assert (asked.score, asked.comment) == (4, "")


def test_a_question_that_was_taken_back_is_nothing_to_write_an_answer_to(town: Town) -> None:
    misaki = town.customer()

    says_and_unsends(misaki, WORDS)

    assert [asked.words for asked in FaqAsked.select()] == [""]
