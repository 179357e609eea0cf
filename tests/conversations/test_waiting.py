"""A customer who waits for staff: reads how long it takes, takes the request back, asks the FAQ meanwhile."""

import pytest

from bot.db.database import write_transaction
from support.satisfaction.ratings import Satisfaction
from support.tickets import tickets
from support.tickets.tickets import Ticket
from tests.conversations.scenario import Phone, Scenario, said


def ticket_of(phone: Phone) -> Ticket:
    found = phone.ticket
    assert found is not None
    return found


def newest() -> Ticket:
    found: Ticket = Ticket.select().order_by(Ticket.id.desc()).get()
    return found


def test_who_asks_for_staff_reads_once_how_long_it_takes_in_working_hours(scenario: Scenario) -> None:
    misaki = scenario.customer()

    first = said(misaki.says("スタッフ"))

    assert "営業時間で8時間以内" in first
    assert "までに、このトークでお返事します" in first
    assert "営業時間で8時間" not in said(misaki.says("スタッフ"))


def test_a_tap_takes_the_request_back_and_nothing_cheerful_follows(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    assert "やっぱりいいです" in misaki.chips

    heard = misaki.taps("やっぱりいいです")

    assert heard == [
        "わかりました。お問い合わせは、ここまでにしますね。\nまた何かあれば、いつでも書いてください。"
    ]
    assert misaki.ticket is None
    withdrawn = newest()
    assert (withdrawn.state, withdrawn.resolved_by_id) == ("resolved", None)
    assert withdrawn.withdrawn_at is not None
    assert "お客様が取り下げました：「やっぱりいいです」" in withdrawn.note
    scenario.pass_time(days=9)
    assert not Satisfaction.select().exists(), "nobody asks how it was"


def test_an_old_button_takes_nothing_back(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    first = ticket_of(misaki)
    misaki.says("やっぱりいいです")
    misaki.says("スタッフ")

    misaki.sends_back(f"ticket.withdraw?t={first.id}")

    assert ticket_of(misaki).id != first.id


@pytest.mark.parametrize("words", ["やっぱり返品したいです", "やっぱり2つにしてください"])
def test_another_wish_is_for_staff_and_takes_nothing_back(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")

    misaki.says(words)

    assert ticket_of(misaki).state == "waiting"


def test_once_staff_have_written_the_button_does_not_close_the_chat(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    ticket = ticket_of(misaki)
    scenario.staff_say(ticket, "いかがなさいましたか")
    misaki.hears()

    assert "担当者からもご連絡" in said(misaki.sends_back(f"ticket.withdraw?t={ticket.id}"))
    assert ticket_of(misaki).state == "waiting"


def test_a_question_meanwhile_is_answered_beside_and_still_goes_to_staff(scenario: Scenario) -> None:
    misaki, furious, injured = (scenario.customer(name) for name in ("佐藤 美咲", "田中 健一", "森 さくら"))
    misaki.says("スタッフ")
    furious.says("ふざけんな金返せ")
    injured.says("クリームで顔がパンパンに腫れた")

    assert "送料" in said(misaki.says("送料はいくらですか？"))
    assert ticket_of(misaki).state == "waiting"
    assert furious.says("送料はいくらですか？") == []
    assert injured.says("送料はいくらですか？") == []


def test_a_low_score_whose_promise_has_passed_is_promised_a_time_that_lies_ahead(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("2")
    misaki.says("やめる")
    with write_transaction():
        tickets.Ticket.update(answer_due_at=ticket_of(misaki).opened_at).where(
            Ticket.id == ticket_of(misaki).id
        ).execute()

    misaki.says("スタッフ")

    assert ticket_of(misaki).answer_due_at > ticket_of(misaki).since_at


def test_who_gets_angry_after_the_promise_was_broken_is_not_promised_a_past_time(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    with write_transaction():
        tickets.Ticket.update(answer_due_at=ticket_of(misaki).opened_at).where(
            Ticket.id == ticket_of(misaki).id
        ).execute()

    heard = said(misaki.says("ふざけんな！！いつまで待たせるんだ"))

    assert "お約束の時刻を過ぎても" in heard
    assert "までに" not in heard


def test_anger_tightens_the_promise_and_the_customer_hears_the_new_time(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    before = ticket_of(misaki)

    heard = said(misaki.says("ふざけんな！！"))

    after = ticket_of(misaki)
    assert after.answer_due_at < before.answer_due_at
    assert (before.severity, after.severity) == (0, 2)
    assert "までに、このトークでお返事します" in heard
