"""A follow-up that staff have sent by itself: once, in working hours, and only to a customer who stayed silent."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import localtime
from bot.db.database import write_transaction
from handlers import follow_ups
from support.hours import settings
from support.tickets import snoozing, tickets
from tests.conversations.scenario import STAFF, Phone, Scenario

ASKED = "その後、いかがでしょうか。"


def answered(scenario: Scenario, *, words: str = "", sent_by: int | None = STAFF) -> Phone:
    """A customer whom staff answered, and whom they follow up two days later if nothing comes."""
    misaki = scenario.customer()
    misaki.says("スタッフ")
    scenario.staff_say(misaki.ticket, "こちらでお試しください。")
    misaki.hears()
    local = localtime.local(localtime.now())
    day = local.date() + timedelta(days=2)
    until = snoozing.until(snoozing.DATE, settings.hours(), local, day)
    assert until is not None and misaki.ticket is not None
    with write_transaction():
        tickets.snooze(misaki.ticket.id, until, words, sent_by_id=sent_by)
    return misaki


def on_the_day(scenario: Scenario) -> None:
    for _ in range(15):
        scenario.pass_time(hours=4)


def test_it_is_sent_once_on_the_day_in_working_hours_and_under_the_name_of_who_chose_it(
    scenario: Scenario,
) -> None:
    misaki = answered(scenario)

    on_the_day(scenario)

    (sent,) = misaki.hears()
    assert sent.startswith(ASKED)
    ticket = misaki.ticket
    assert ticket is not None and ticket.followed_up_at is not None and ticket.follow_up_due_at is None
    local = localtime.local(ticket.followed_up_at)
    assert settings.hours().opens <= local.time() < settings.hours().closes
    assert misaki.chips == set()
    with write_transaction():  # a second one while the customer is as silent as before
        tickets.snooze(ticket.id, localtime.now() + timedelta(hours=1), "もう一度", sent_by_id=STAFF)
    on_the_day(scenario)
    assert misaki.hears() == []
    assert misaki.ticket is not None and misaki.ticket.follow_up_due_at is not None, (
        "staff are reminded instead"
    )


def test_staff_write_it_in_their_own_words(scenario: Scenario) -> None:
    misaki = answered(scenario, words="使い心地はいかがですか？")

    on_the_day(scenario)

    assert misaki.hears() == ["使い心地はいかがですか？"]


def test_without_being_asked_for_nothing_is_sent(scenario: Scenario) -> None:
    misaki = answered(scenario, words="使い心地はいかがですか？", sent_by=None)

    on_the_day(scenario)

    assert misaki.hears() == []
    assert misaki.ticket is not None and misaki.ticket.follow_up_due_at is not None


def taken_back(scenario: Scenario, phone: Phone) -> None:
    assert phone.ticket is not None
    with write_transaction():
        tickets.wake(phone.ticket.id)


def answers_again(scenario: Scenario, phone: Phone) -> None:
    scenario.staff_say(phone.ticket, "ひとつ言い忘れました。")


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda _, phone: phone.says("ありがとうございます"),
        lambda _, phone: phone.says("肌が赤く腫れて痛いです"),
        lambda _, phone: phone.says("いいかげんにしてください"),
        lambda _, phone: phone.sends(type="sticker", packageId="1", stickerId="1"),
        lambda _, phone: phone.blocks(),
        lambda scenario, phone: scenario.staff_resolve(phone.ticket),
        taken_back,
        answers_again,
    ],
    ids=["writes", "harmed", "angry", "sticker", "blocks", "resolved", "taken back", "staff write"],
)
def test_nothing_goes_to_whom_it_is_not_meant_for_any_more(
    scenario: Scenario, meanwhile: Callable[[Scenario, Phone], object]
) -> None:
    misaki = answered(scenario)
    meanwhile(scenario, misaki)
    misaki.hears()

    on_the_day(scenario)

    assert ASKED not in "".join(misaki.hears())


def test_who_asked_to_be_left_alone_gets_none(scenario: Scenario) -> None:
    misaki = answered(scenario)
    who = misaki.customer
    who.opted_out_at = localtime.now()
    with write_transaction():
        who.save()

    on_the_day(scenario)

    assert misaki.hears() == []
    assert misaki.ticket is not None and misaki.ticket.follow_up_due_at is not None, "staff are reminded"


def test_two_clocks_put_it_once(scenario: Scenario) -> None:
    misaki = answered(scenario)
    assert misaki.ticket is not None
    due = misaki.ticket.snoozed_until
    assert due is not None
    scenario.pass_time(hours=(due - localtime.now()).total_seconds() / 3600)

    follow_ups.put_due()
    follow_ups.put_due()
    scenario.pass_time(minutes=5)

    assert len(misaki.hears()) == 1
