"""「対応はいかがでしたか？」 after a ticket is resolved: a tap, a changed answer, a comment, and no second question."""

import pytest

from bot.config import shop
from support.satisfaction import ratings
from support.satisfaction.ratings import Satisfaction
from support.tickets.tickets import Ticket
from tests.conversations.scenario import STAFF, Phone, Scenario, said

QUESTION = "対応はいかがでしたか？"


@pytest.fixture
def misaki(scenario: Scenario) -> Phone:
    """Staff have replied to her; the ticket is open."""
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    scenario.staff_say(misaki.ticket, "交換品をお送りします。")
    misaki.hears()
    return misaki


def closes(scenario: Scenario, phone: Phone) -> list[str]:
    """Staff resolve the customer's ticket; the messages that follow."""
    scenario.staff_resolve(phone.ticket)
    return phone.hears()


def stored() -> Satisfaction:
    found = ratings.of_ticket(Ticket.get().id)
    assert found is not None
    return found


def test_the_end_of_a_conversation_asks_how_it_went(scenario: Scenario, misaki: Phone) -> None:
    closing, question = closes(scenario, misaki)

    assert "自動のご案内に戻ります" in closing
    assert QUESTION in question
    assert {"😊とても良い", "🙂良い", "😐ふつう", "🙁いまひとつ", "😞良くない"} <= misaki.buttons
    misaki.says("ポイント")
    assert "「😊とても良い」ですね" in said(misaki.taps("😊とても良い"))
    assert "みんなで大切に読みます" in said(misaki.says("とても親切でした"))
    assert (stored().score, stored().comment) == (5, "とても親切でした")
    assert misaki.ticket is None


def test_a_choice_can_be_changed_within_the_hour(scenario: Scenario, misaki: Phone) -> None:
    closes(scenario, misaki)
    misaki.taps("😞良くない")

    assert QUESTION in said(misaki.taps("選び直す"))
    assert "「🙂良い」ですね" in said(misaki.taps("🙂良い"))
    assert misaki.ticket is None, "nobody had answered yet: closed again"
    scenario.sleep(minutes=61)
    assert "いただいています" in said(misaki.sends_back(f"csat.score?t={Ticket.get().id}&s=1"))
    assert "いただいています" in said(misaki.sends_back(f"csat.again?t={Ticket.get().id}"))
    assert stored().score == 4


def test_a_bad_mark_reopens_the_chat_with_the_same_person(scenario: Scenario, misaki: Phone) -> None:
    closes(scenario, misaki)

    assert "同じ担当者に、もう一度おつなぎしました。本日16:00までに" in said(misaki.taps("😞良くない"))
    assert misaki.says("まだ届いていない部品があります") == [], "said to staff"
    assert stored().comment == "まだ届いていない部品があります"
    again = misaki.ticket
    assert again is not None
    assert (again.id, again.assignee_id, again.state) == (Ticket.get().id, STAFF, "waiting")


def test_who_found_it_neither_good_nor_bad_is_offered_a_person_again(
    scenario: Scenario, misaki: Phone
) -> None:
    closes(scenario, misaki)

    assert "正直に教えてくださって" in said(misaki.taps("😐ふつう"))
    misaki.says("もう少し早いとうれしい")
    assert "スタッフにおつなぎしました" in said(misaki.taps("スタッフと話す"))


def test_no_comment_is_required(scenario: Scenario, misaki: Phone) -> None:
    closes(scenario, misaki)
    misaki.taps("🙂良い")

    assert "ありがとうございました" in said(misaki.taps("このままでOK"))
    assert "伝票番号" in said(misaki.says("荷物は今どこにありますか")), "a question like any other"
    assert stored().comment == ""


def test_the_satisfaction_question_does_not_hold_up_other_messages(scenario: Scenario, misaki: Phone) -> None:
    closes(scenario, misaki)

    assert "伝票番号" in said(misaki.says("荷物は今どこにありますか"))
    assert stored().score is None


def test_a_command_ends_the_wait_for_a_comment_too(scenario: Scenario, misaki: Phone) -> None:
    closes(scenario, misaki)
    misaki.taps("🙂良い")

    misaki.says("メニュー")
    misaki.says("荷物は今どこにありますか")

    assert stored().comment == ""


def test_what_nobody_answered_is_not_asked_about(scenario: Scenario) -> None:
    sakura = scenario.customer("森 さくら")
    sakura.says("スタッフ")

    assert QUESTION not in said(closes(scenario, sakura))


def test_the_shop_may_ask_nobody(scenario: Scenario, misaki: Phone) -> None:
    shop.use({"support": {"satisfaction": {"asks": False}}})

    assert QUESTION not in said(closes(scenario, misaki))
    assert Satisfaction.select().count() == 0


def test_buttons_that_nobody_made_change_nothing(scenario: Scenario, misaki: Phone) -> None:
    closes(scenario, misaki)
    sakura = scenario.customer("森 さくら")
    ticket_id = Ticket.get().id

    for data in ("csat.score", "csat.score?t=x&s=1", f"csat.score?t={ticket_id}&s=9", "csat.score?t=99&s=1"):
        assert "古くなってしまった" in said(misaki.sends_back(data)), data
    assert "古くなってしまった" in said(sakura.sends_back(f"csat.score?t={ticket_id}&s=1")), "not hers"
    assert stored().score is None
