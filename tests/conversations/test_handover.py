"""From the bot to staff and back: スタッフ in any spelling, after hours, snoozed, resolved."""

from datetime import timedelta

import pytest

from bot import localtime, notices
from bot.config import shop
from bot.db.database import write_transaction
from bot.notices import Notice
from support.tickets import tickets
from support.tickets.tickets import Ticket
from tests.conversations.scenario import STAFF, Phone, Scenario, said
from tests.conversations.test_ways_out import in_exchange, stored_words

NOBODY_THERE = "今は営業時間の外なので"


def ticket_of(phone: Phone) -> Ticket:
    found = phone.ticket
    assert found is not None
    return found


@pytest.mark.parametrize(
    "words",
    [
        "スタッフさん！",
        "ｽﾀｯﾌにつないでください",
        "担当の方お願いします",
        "責任者を出してください",
        "人と話したい",
    ],
)
def test_any_spelling_brings_a_person(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()

    assert "スタッフにおつなぎしました" in said(misaki.says(words))
    assert ticket_of(misaki).cause == "asked"


@pytest.mark.parametrize("words", ["やめる", "いいえ", "大丈夫です", "交換", "キャンセル"])
def test_an_answer_to_staff_is_no_word_for_the_bot(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    scenario.staff_say(misaki.ticket, "このまま続けられますか？")
    misaki.hears()

    assert misaki.says(words) == []


def test_a_word_about_staff_is_no_wish_for_them(scenario: Scenario) -> None:
    misaki = in_exchange(scenario, "a passive's words")

    misaki.says("スタッフさんの説明がわかりやすかったです")

    assert misaki.ticket is None
    assert stored_words(misaki) == ["スタッフさんの説明がわかりやすかったです"]


def test_asking_for_staff_again_makes_it_the_shops_turn(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    scenario.staff_say(misaki.ticket, "いかがなさいましたか")
    misaki.hears()

    assert "スタッフに届いています" in said(misaki.says("スタッフ"))
    assert ticket_of(misaki).state == tickets.WAITING


def test_a_wish_in_the_middle_of_a_conversation_is_for_staff_to_answer(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("人と話したい")
    assert "スタッフに届いています" in said(misaki.says("電話してほしいです")), "nobody has spoken yet"
    scenario.staff_say(misaki.ticket, "いかがなさいましたか")
    misaki.hears()

    assert misaki.says("電話してほしいです") == []
    assert ticket_of(misaki).state == tickets.WAITING


def test_after_hours_it_is_said_once_that_nobody_is_there(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    assert misaki.says("先週の注文のことです") == [], "at noon staff are there"

    scenario.sleep(hours=8)  # eight in the evening

    assert NOBODY_THERE in said(misaki.says("お手すきのときで結構です"))
    assert misaki.says("よろしくお願いします") == []
    assert misaki.sends(type="sticker", packageId="1", stickerId="1") == []
    scenario.sleep(hours=16)  # noon of the next day
    assert misaki.says("こんにちは") == []
    scenario.sleep(hours=8)
    assert NOBODY_THERE in said(misaki.says("お手すきのときで結構です")), "another evening"


def test_who_asks_for_staff_at_night_hears_it_with_that_and_not_again(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.sleep(hours=8)

    assert "明日10:00から" in said(misaki.says("スタッフ"))
    assert misaki.says("先週の注文のことです") == []


def test_the_notice_after_hours_is_not_added_to_a_reply_of_the_bot(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    scenario.sleep(hours=8)

    assert NOBODY_THERE not in said(misaki.says("ポイント"))


def test_the_notice_after_hours_is_not_sent_while_staff_still_reply(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    scenario.sleep(hours=8)
    scenario.staff_say(misaki.ticket, "遅くなりました。ご用件をうかがいます。")
    misaki.hears()

    assert misaki.says("先週の注文のことです") == []


def test_a_shop_closed_on_public_holidays_says_so(scenario: Scenario) -> None:
    """29 April 2026 is Showa Day, a Wednesday; the next working day is Thursday."""
    shop.use({"support": {"hours": {"closed_on_public_holidays": True}}})
    misaki = scenario.customer()
    scenario.sleep(days=28)

    assert "明日10:00から" in said(misaki.says("スタッフ"))


def test_a_message_of_the_customer_ends_a_snooze(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    with write_transaction():
        tickets.snooze(ticket_of(misaki).id, localtime.now() + timedelta(hours=3))

    misaki.says("やっぱり急ぎです")

    assert ticket_of(misaki).snoozed_until is None


def test_the_clock_ends_a_snooze_too(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    with write_transaction():
        tickets.snooze(ticket_of(misaki).id, localtime.now() + timedelta(hours=1))

    scenario.pass_time(minutes=59)
    assert ticket_of(misaki).snoozed_until
    scenario.pass_time(minutes=2)
    assert ticket_of(misaki).snoozed_until is None
    assert misaki.hears() == []


def notice() -> str:
    current = Notice.get_or_none(Notice.cause == "tickets-silent")
    return current.sentence if current else ""


def test_a_wait_too_long_is_a_notice_until_it_ends(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    with write_transaction():
        tickets.assign(ticket_of(misaki).id, STAFF)
    scenario.pass_time(minutes=119)
    assert notice() == ""

    scenario.pass_time(minutes=2)

    assert "120分（営業時間）よりお待たせしているチャットが1件" in notice()
    assert ticket_of(misaki).assignee_id == STAFF, "the shop's setting is to notify only"
    scenario.staff_say(misaki.ticket, "お待たせしました")
    scenario.pass_time(minutes=1)
    assert notice() == ""
    assert [each.cause for each in notices.current()] == []


def test_a_wait_over_the_night_is_no_long_wait(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.sleep(hours=4, minutes=30)  # half past four
    misaki.says("スタッフ")

    scenario.pass_time(hours=18)  # half past ten of the next day: an hour of opening time has passed

    assert notice() == ""


def test_a_shop_may_unassign_a_ticket_that_waits_too_long(scenario: Scenario) -> None:
    shop.use({"support": {"promises": {"silence_rule": "reassign", "silence_minutes": 60}}})
    misaki = scenario.customer()
    misaki.says("スタッフ")
    with write_transaction():
        tickets.assign(ticket_of(misaki).id, STAFF)

    scenario.pass_time(minutes=61)

    assert ticket_of(misaki).assignee_id is None
    with write_transaction():
        tickets.assign(ticket_of(misaki).id, STAFF)
    scenario.pass_time(minutes=61)
    assert ticket_of(misaki).assignee_id == STAFF, "once a wait"


def test_the_bot_says_once_that_it_is_back(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフ")
    ticket = misaki.ticket
    assert misaki.says("先週の注文のことです") == []

    scenario.staff_resolve(ticket)
    scenario.staff_resolve(ticket)

    assert said(misaki.hears()).count("自動のご案内に戻ります") == 1
    assert misaki.says("荷物は今どこにありますか") != []
