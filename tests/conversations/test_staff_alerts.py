"""An urgent chat reaches the LINE of a member of staff who turned that on: once, as one push, and not at night."""

import pytest

from bot.db.database import write_transaction
from bot.web_push.client import PushClient
from console.auth import staff_accounts
from console.notifications.sender import send_due
from customers.people import customer as customers
from customers.people import staff_lines
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import PlannedMessage
from support.alerts import choices
from support.alerts.rules import Choices
from tests.conversations.scenario import Phone, Scenario, said


@pytest.fixture
def hana(scenario: Scenario) -> Phone:
    """A member of staff with her own LINE, on which she takes what is urgent."""
    phone = scenario.customer("佐藤 はな")
    with write_transaction():
        person = staff_accounts.add("hana@example.jp", "佐藤 はな", "staff", "つきよのたいこを17かい叩く")
        customer = customers.find_by_line_user(phone.user_id)
        assert customer is not None
        staff_lines.choose(person.id, customer)
        choices.choose(person.id, Choices(own_line=True))
    return phone


def sent(scenario: Scenario, phone: Phone) -> str:
    """What comes to the phone after the worker has dealt with new alerts."""
    send_due(PushClient())
    scenario.settle()
    scenario.pass_time(minutes=2)
    return said(phone.hears())


def test_an_urgent_chat_is_said_once_without_a_word_of_the_customer(scenario: Scenario, hana: Phone) -> None:
    customer = scenario.customer("山田 花子")
    customer.says("商品を食べたら発疹が出ました")
    heard = sent(scenario, hana)
    assert heard.count("お急ぎのチャットが1件") == 1
    ticket = customer.ticket
    assert ticket is not None
    assert f"/console/tickets/{ticket.id}" in heard
    assert "山田" not in heard
    assert "発疹" not in heard
    customer.says("まだかゆいです")
    assert sent(scenario, hana) == ""
    planned = PlannedMessage.select().where(PlannedMessage.kind == Kind.STAFF_ALERT)
    assert [row.message_class for row in planned] == [
        "ticket"
    ]  # never held for the budget; in the figures of costs


def test_what_is_not_urgent_is_not_said_there(scenario: Scenario, hana: Phone) -> None:
    scenario.customer("山田 花子").says("スタッフと話す")
    assert sent(scenario, hana) == ""


def test_at_night_nothing_comes_and_in_the_morning_it_is_stale(scenario: Scenario, hana: Phone) -> None:
    scenario.sleep(hours=11)  # from noon to eleven at night
    scenario.customer("山田 花子").says("商品を食べたら発疹が出ました")
    assert sent(scenario, hana) == ""
    scenario.pass_time(hours=12)
    assert "お急ぎ" not in said(hana.hears())
