"""「対応はいかがでしたか？」 after a talk with staff: a tap, a change of mind, a word, and no more."""

import pytest

from bot.config import shop
from support.satisfaction import ratings
from support.satisfaction.ratings import Satisfaction
from support.tickets.tickets import Ticket
from tests.conversations.scenario import STAFF, Phone, Town, said

QUESTION = "対応はいかがでしたか？"


@pytest.fixture
def misaki(town: Town) -> Phone:
    """Staff have answered her; the ticket is open."""
    misaki = town.customer()
    misaki.says("スタッフと話す")
    town.staff_say(misaki.ticket, "交換品をお送りします。")
    misaki.hears()
    return misaki


def closes(town: Town, phone: Phone) -> list[str]:
    """Staff are done with the customer's ticket; what is said to that."""
    town.staff_resolve(phone.ticket)
    return phone.hears()


def kept() -> Satisfaction:
    found = ratings.of_ticket(Ticket.get().id)
    assert found is not None
    return found


def test_the_end_of_a_talk_asks_how_it_went(town: Town, misaki: Phone) -> None:
    closing, question = closes(town, misaki)

    assert "自動のご案内に戻ります" in closing
    assert QUESTION in question
    assert {"😊とても良い", "🙂良い", "😐ふつう", "🙁いまひとつ", "😞良くない"} <= misaki.buttons
    misaki.says("ポイント")
    assert "「😊とても良い」ですね" in said(misaki.taps("😊とても良い"))
    assert "みんなで大切に読みます" in said(misaki.says("とても親切でした"))
    assert (kept().score, kept().comment) == (5, "とても親切でした")
    assert misaki.ticket is None


def test_a_choice_can_be_changed_within_the_hour(town: Town, misaki: Phone) -> None:
    closes(town, misaki)
    misaki.taps("😞良くない")

    assert QUESTION in said(misaki.taps("選び直す"))
    assert "「🙂良い」ですね" in said(misaki.taps("🙂良い"))
    assert misaki.ticket is None, "nobody had answered yet: closed again"
    town.sleep(minutes=61)
    assert "いただいています" in said(misaki.sends_back(f"csat.score?t={Ticket.get().id}&s=1"))
    assert "いただいています" in said(misaki.sends_back(f"csat.again?t={Ticket.get().id}"))
    assert kept().score == 4


def test_a_bad_mark_reopens_the_chat_with_the_same_person(town: Town, misaki: Phone) -> None:
    closes(town, misaki)

    assert "同じ担当者に、もう一度おつなぎしました。本日16:00までに" in said(misaki.taps("😞良くない"))
    assert misaki.says("まだ届いていない部品があります") == [], "said to staff"
    assert kept().comment == "まだ届いていない部品があります"
    again = misaki.ticket
    assert again is not None
    assert (again.id, again.assignee_id, again.state) == (Ticket.get().id, STAFF, "waiting")


def test_who_found_it_neither_good_nor_bad_is_offered_a_person_again(town: Town, misaki: Phone) -> None:
    closes(town, misaki)

    assert "正直に教えてくださって" in said(misaki.taps("😐ふつう"))
    misaki.says("もう少し早いとうれしい")
    assert "スタッフにおつなぎしました" in said(misaki.taps("スタッフと話す"))


def test_no_word_need_be_said(town: Town, misaki: Phone) -> None:
    closes(town, misaki)
    misaki.taps("🙂良い")

    assert "ありがとうございました" in said(misaki.taps("このままでOK"))
    assert "伝票番号" in said(misaki.says("荷物は今どこにありますか")), "a question like any other"
    assert kept().comment == ""


def test_the_question_stands_in_nobodys_way(town: Town, misaki: Phone) -> None:
    closes(town, misaki)

    assert "伝票番号" in said(misaki.says("荷物は今どこにありますか"))
    assert kept().score is None


def test_a_command_leads_out_of_the_word_too(town: Town, misaki: Phone) -> None:
    closes(town, misaki)
    misaki.taps("🙂良い")

    misaki.says("メニュー")
    misaki.says("荷物は今どこにありますか")

    assert kept().comment == ""


def test_what_nobody_answered_is_not_asked_about(town: Town) -> None:
    sakura = town.customer("森 さくら")
    sakura.says("スタッフ")

    assert QUESTION not in said(closes(town, sakura))


def test_the_shop_may_ask_nobody(town: Town, misaki: Phone) -> None:
    shop.use({"support": {"satisfaction": {"asks": False}}})

    assert QUESTION not in said(closes(town, misaki))
    assert Satisfaction.select().count() == 0


def test_buttons_that_nobody_made_change_nothing(town: Town, misaki: Phone) -> None:
    closes(town, misaki)
    sakura = town.customer("森 さくら")
    ticket_id = Ticket.get().id

    for data in ("csat.score", "csat.score?t=x&s=1", f"csat.score?t={ticket_id}&s=9", "csat.score?t=99&s=1"):
        assert "古くなってしまった" in said(misaki.sends_back(data)), data
    assert "古くなってしまった" in said(sakura.sends_back(f"csat.score?t={ticket_id}&s=1")), "not hers"
    assert kept().score is None
