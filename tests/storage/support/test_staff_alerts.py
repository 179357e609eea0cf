"""When staff are alerted: raised by what happens to tickets, once for each cause, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from handlers import register, ticket_jobs
from support.alerts import alerts, choices
from support.alerts.alerts import StaffAlert
from support.alerts.rules import COOLDOWN, Choices, Kind, Ways
from support.bad_moments import urgency
from support.tickets import notes, tickets
from support.tickets.tickets import Ticket
from tests.console import chats

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_shop() -> None:
    register()
    shop.use({})


def raised() -> list[tuple[str, str, int | None]]:
    """Occasion, kind and whose, of every alert."""
    rows = StaffAlert.select().order_by(StaffAlert.id)
    return [(each.occasion, each.kind, each.for_staff_id) for each in rows]


def a_ticket(cause: str = tickets.ASKED) -> Ticket:
    return chats.ticket(chats.customer("山田 花子"), cause)


def test_ten_messages_ring_once_and_again_after_a_while() -> None:
    with localtime.fixed(NOON):
        made = a_ticket()
        for _ in range(10):
            with write_transaction():
                tickets.record_customer_message(made.id)
    assert raised() == [("opened", "unassigned", None)]
    with localtime.fixed(NOON + COOLDOWN + timedelta(seconds=1)):
        for _ in range(10):
            with write_transaction():
                tickets.record_customer_message(made.id)
    assert raised()[1:] == [("wrote", "unassigned", None)]


def test_an_assigned_chat_rings_only_its_assignee() -> None:
    with localtime.fixed(NOON):
        made = a_ticket()
        with write_transaction():
            tickets.assign(made.id, 7)
    with localtime.fixed(NOON + timedelta(hours=1)), write_transaction():
        tickets.record_customer_message(made.id)
    assert raised()[-1] == ("wrote", "mine", 7)


def test_alarming_words_alert_all_once_for_each_degree() -> None:
    made = a_ticket()
    for cause in (tickets.UPSET, tickets.UPSET, tickets.DAMAGE, tickets.HARM):
        with write_transaction():
            urgency.raise_urgency(Ticket.get_by_id(made.id), cause)
    assert raised()[1:] == [("urgent", "urgent", None)] * 2
    assert a_ticket(tickets.DANGER)
    assert raised()[3:] == [("opened", "urgent", None)]


def test_a_case_that_the_bot_still_has_is_not_rung_by_what_the_customer_writes_to_the_bot() -> None:
    who = chats.customer("山田 花子")
    with localtime.fixed(NOON), write_transaction():
        made = tickets.open_ticket(
            who.id,
            who.conversation_id or 0,
            cause=tickets.DETRACTOR,
            cause_key="score",
            assignee_id=7,
            handed_over=False,
        ).ticket
    with localtime.fixed(NOON + timedelta(hours=1)), write_transaction():
        tickets.record_customer_message(made.id)
    assert raised() == [("opened", "mine", 7)]


def test_a_note_alerts_whom_it_mentions_and_the_same_note_twice_does_not() -> None:
    made = a_ticket()
    for _ in range(2):
        with write_transaction():
            notes.add(made.id, 1, "@鈴木 見てください", [7])
    assert raised()[1:] == [("mention", "mention", 7)]


def test_being_assigned_by_another_alerts_and_taking_it_does_not() -> None:
    made = a_ticket()
    with write_transaction():
        alerts.assigned(made.id, 7, 7)
        alerts.assigned(made.id, None, 7)
    assert len(raised()) == 1
    with write_transaction():
        alerts.assigned(made.id, 7, 1)
    assert raised()[1:] == [("assigned", "mine", 7)]


def test_a_promise_that_is_near_alerts_once_and_one_long_missed_does_not() -> None:
    made, missed = a_ticket(), a_ticket()
    now = localtime.now()
    Ticket.update(answer_due_at=now + timedelta(minutes=10)).where(Ticket.id == made.id).execute()
    Ticket.update(answer_due_at=now - timedelta(days=3)).where(Ticket.id == missed.id).execute()
    assert [ticket_jobs.alert_of_near_promises() for _ in range(2)] == [1, 0]
    assert raised()[2:] == [("promise", "unassigned", None)]


def test_old_alerts_are_deleted() -> None:
    with localtime.fixed(NOON):
        a_ticket()
    with localtime.fixed(NOON + timedelta(days=1)):
        assert ticket_jobs.forget_old_alerts() == 0
    with localtime.fixed(NOON + timedelta(days=3)):
        assert ticket_jobs.forget_old_alerts() == 1
    assert raised() == []


def test_what_a_person_chose_is_stored() -> None:
    chosen = Choices(
        {kind: Ways(push=False) for kind in Kind},
        own_line=True,
        quiet_from=0,
        quiet_until=60,
        urgent_always=True,
    )
    for _ in range(2):
        with write_transaction():
            choices.choose(7, chosen)
    assert choices.of(7) == chosen
    assert choices.of(8) == Choices()
    with pytest.raises(ValueError, match="no minute"), write_transaction():
        choices.choose(7, Choices(quiet_from=1440, quiet_until=0))
    assert choices.of(7) == chosen
