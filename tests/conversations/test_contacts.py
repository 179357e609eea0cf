"""A member of staff writes to a customer who has not bought for a while: when it arrives, whose message it is, and
who gets the answer."""

from typing import Any

import pytest

from bot import localtime
from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.queue.outbox import OutboxMessage
from bot.routing import event_kinds
from customers.people import customer as customers
from handlers import contact_jobs, message_jobs
from journeys.contacts import contacts
from journeys.contacts.tables import Contact
from journeys.sending.tables import PlannedMessage
from support.bad_moments import quiet_period
from support.tickets import tickets
from support.transcript import transcript
from tests.conversations.scenario import STAFF, Phone, Scenario, said
from tests.conversations.test_unasked import care

HELLO = "美咲さん、こんにちは。その後いかがですか？"


@pytest.fixture
def misaki(scenario: Scenario) -> Phone:
    """Bought twice, the last time 34 days ago; it is noon on a Wednesday."""
    shop.use({"contacts": {"holdout_percent": 0}})
    phone = scenario.customer()
    phone.buys(3_000, "A-1")
    scenario.sleep(days=29)
    phone.buys(3_000, "A-2")
    scenario.sleep(days=34)
    phone.hears()
    contact_jobs.find_due()
    return phone


def contact() -> Contact:
    return Contact.get()


def staff_write(scenario: Scenario, words: str = HELLO) -> None:
    """Staff press send, as the console stores it."""
    row = contact()
    chat: Conversation = Conversation.get_by_id(row.customer.conversation_id)
    with write_transaction():
        attempt = contacts.take(row.id, STAFF, words, row.attempt_count)
        assert attempt is not None
        data: dict[str, Any] = {"contact_id": row.id, "attempt": attempt, "staff_id": STAFF, "text": words}
        kind, event_id = event_kinds.CONTACT_SEND_REQUESTED, f"contact-send:{row.id}:{attempt}"
        inbox.put(kind, event_id, chat.key, data, line_user_id=chat.line_user_id)
    scenario.settle()


def passes(scenario: Scenario, **delta: float) -> None:
    """Time passes and the clock takes what has come due, of planned messages and contacts alone."""
    scenario.sleep(**delta)
    message_jobs.release_planned_messages()
    scenario.settle()
    contact_jobs.follow_up()


def in_queue() -> int:
    return len(contacts.queue(localtime.today(), 5, quiet_period.among))


def test_it_arrives_as_written_and_is_that_persons(scenario: Scenario, misaki: Phone) -> None:
    staff_write(scenario)
    assert misaki.hears() == [HELLO]
    assert misaki.came_by()[-1] == "push"
    assert misaki.chips == set(), "no buttons of the bot below a person's words"
    [line] = [each for each in transcript.page(Conversation.get().id).lines if each.text == HELLO]
    assert (line.who, line.staff_id) == (transcript.STAFF, STAFF)
    assert (contact().state, contact().staff_id) == ("contacted", STAFF)
    assert misaki.ticket is None, "nothing waits for staff until the customer answers"


@pytest.mark.parametrize(
    "words", ["ありがとう！元気です", "送料はいくらですか？", "はい", "そろそろ買おうと思っていました"]
)
def test_the_answer_goes_to_the_person_and_not_to_the_faq(
    scenario: Scenario, misaki: Phone, words: str
) -> None:
    staff_write(scenario)
    misaki.hears()
    scenario.sleep(days=1)
    assert misaki.says(words) == []
    ticket = misaki.ticket
    assert ticket is not None
    assert (ticket.cause, ticket.assignee_id, ticket.state) == (tickets.CONTACT, STAFF, tickets.WAITING)
    assert ticket.answer_due_at is not None
    assert ticket.answer_due_at > localtime.now(), "promised like any other"
    assert contact().replied_at == localtime.now()
    assert misaki.says("返品できますか？") == [], "the bot stays silent: a person is expected"
    scenario.staff_say(ticket, "よかったです！")
    assert misaki.hears() == ["よかったです！"]


@pytest.mark.parametrize("sent", [{"type": "sticker", "packageId": "1", "stickerId": "1"}, {"type": "image"}])
def test_a_sticker_or_picture_is_an_answer_too(
    scenario: Scenario, misaki: Phone, sent: dict[str, str]
) -> None:
    staff_write(scenario)
    misaki.hears()
    assert misaki.sends(**sent) == []
    assert misaki.ticket is not None
    assert misaki.ticket.assignee_id == STAFF


@pytest.mark.parametrize("words", ["ポイント", "ランク", "クーポン"])
def test_a_command_is_a_command(scenario: Scenario, misaki: Phone, words: str) -> None:
    staff_write(scenario)
    misaki.hears()
    assert misaki.says(words) != []
    assert misaki.ticket is None
    assert misaki.says("おかげさまで元気です") == [], "the answer may come after it"
    assert misaki.ticket is not None


def test_no_more_messages_are_no_more_messages(scenario: Scenario, misaki: Phone) -> None:
    staff_write(scenario)
    misaki.hears()
    misaki.says("配信停止")
    assert misaki.customer.opted_out_at is not None
    assert misaki.ticket is None


def test_who_asks_for_staff_gets_the_one_who_wrote(scenario: Scenario, misaki: Phone) -> None:
    staff_write(scenario)
    misaki.hears()
    assert "スタッフにおつなぎしました" in said(misaki.says("スタッフ"))
    assert misaki.ticket is not None
    assert (misaki.ticket.assignee_id, contact().replied_at) == (STAFF, localtime.now())


def test_anger_in_answer_is_anger(scenario: Scenario, misaki: Phone) -> None:
    staff_write(scenario)
    misaki.hears()
    assert misaki.says("ふざけるな！前に届いたものは壊れていた。最悪です") != []
    assert misaki.ticket is not None
    assert misaki.ticket.urgency > 0
    assert contact().replied_at is not None


def test_a_week_later_or_after_the_conversation_the_bot_answers_again(
    scenario: Scenario, misaki: Phone
) -> None:
    staff_write(scenario)
    misaki.hears()
    misaki.says("元気です")
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    assert misaki.says("送料はいくらですか？") != []
    assert misaki.ticket is None


def test_nobody_is_expected_a_week_later(scenario: Scenario, misaki: Phone) -> None:
    staff_write(scenario)
    misaki.hears()
    scenario.sleep(days=7)
    assert misaki.says("送料はいくらですか？") != []
    assert misaki.ticket is None


def test_an_answer_after_hours_says_once_when_staff_are_back(scenario: Scenario, misaki: Phone) -> None:
    staff_write(scenario)
    misaki.hears()
    scenario.sleep(hours=8)
    assert "今は営業時間の外なので" in said(misaki.says("元気です"))
    assert misaki.says("ありがとう") == []


def test_at_night_it_waits_for_the_morning(scenario: Scenario, misaki: Phone) -> None:
    scenario.sleep(hours=10)  # ten in the evening
    staff_write(scenario)
    assert misaki.hears() == []
    assert (contact().state, PlannedMessage.get(PlannedMessage.kind == "contact").reason) == (
        "sending",
        "quiet-hours",
    )
    passes(scenario, hours=11, minutes=1)
    assert misaki.hears() == [HELLO]
    assert contact().state == "contacted"


def test_it_goes_alone_and_never_along_with_the_bots_words(scenario: Scenario, misaki: Phone) -> None:
    scenario.sleep(hours=10)
    staff_write(scenario)
    assert HELLO not in misaki.says("ポイント")
    care(misaki, "お友達の紹介のお知らせ")
    scenario.settle()
    passes(scenario, hours=11, minutes=1)
    assert misaki.hears() == [HELLO], "the notice about friends waits for another day"
    passes(scenario, days=1)
    assert misaki.hears() == ["お友達の紹介のお知らせ"]
    assert {row.staff_id for row in OutboxMessage.select() if HELLO in row.messages} == {STAFF}


def test_a_ticket_that_opens_meanwhile_holds_it_and_after_three_days_it_is_given_up(
    scenario: Scenario, misaki: Phone
) -> None:
    scenario.sleep(hours=10)
    staff_write(scenario)
    misaki.says("スタッフ")
    for _ in range(4):
        passes(scenario, days=1)
    assert HELLO not in misaki.hears()
    assert (contact().state, contact().reason) == ("due", "too-late")
    scenario.staff_resolve(misaki.ticket)
    assert in_queue() == 1, "staff may write again"
    scenario.sleep(hours=12)
    staff_write(scenario, "あらためまして")
    assert misaki.hears()[-1] == "あらためまして"


def test_who_buys_before_it_is_sent_does_not_get_it(scenario: Scenario, misaki: Phone) -> None:
    scenario.sleep(hours=10)
    staff_write(scenario)
    misaki.buys(3_000, "A-3")
    passes(scenario, hours=13)
    assert HELLO not in misaki.hears()
    assert contact().state == "bought"


def test_who_opted_out_or_blocked_meanwhile_does_not_get_it(scenario: Scenario, misaki: Phone) -> None:
    scenario.sleep(hours=10)
    staff_write(scenario)
    misaki.says("配信停止")
    misaki.hears()
    passes(scenario, hours=13)
    assert misaki.hears() == []
    assert (contact().state, contact().reason) == ("due", "opted-out")
    assert in_queue() == 0
    with write_transaction():
        customers.opt_in(misaki.customer)
    assert in_queue() == 1


def test_pressing_send_twice_sends_once(scenario: Scenario, misaki: Phone) -> None:
    staff_write(scenario)
    row = contact()
    with write_transaction():
        assert contacts.take(row.id, STAFF, HELLO, 0) is None
    scenario.settle()
    assert misaki.hears() == [HELLO]


def test_a_purchase_after_it_is_won_back(scenario: Scenario, misaki: Phone) -> None:
    staff_write(scenario)
    scenario.sleep(days=4)
    misaki.buys(4_800, "A-3")
    contact_jobs.follow_up()
    assert (contact().won_yen, contact().won_on) == (4_800, localtime.today())
    assert contact_jobs.find_due() == 0
