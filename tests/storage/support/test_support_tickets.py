"""Tickets: one unresolved at a time for each customer, and a queue in which nobody who waits is forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import peewee
import pytest

from bot import conversations, localtime
from bot.db import database
from customers.people import customer as customers
from support.tickets import tickets
from support.tickets.tickets import ASKED, DETRACTOR, UPSET

NOON = datetime(2026, 10, 5, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def transaction(any_database: peewee.Database) -> Iterator[None]:
    with database.write_transaction(), localtime.fixed(NOON):
        yield


def person(name: str) -> tuple[int, int]:
    conversation_id = conversations.ensure(name, name)
    return customers.get_or_create_by_line_user(name, conversation_id).id, conversation_id


def opened(name: str, minutes: int = 0, cause: str = ASKED) -> tickets.Ticket:
    with localtime.fixed(NOON + timedelta(minutes=minutes)):
        return tickets.open_ticket(*person(name), cause=cause, cause_key=f"event-{name}-{minutes}").ticket


def now(ticket: tickets.Ticket) -> tickets.Ticket:
    found = tickets.find(ticket.id)
    assert found
    return found


def test_a_customer_has_one_unresolved_ticket() -> None:
    who = person("U1")
    first = tickets.open_ticket(*who, cause=ASKED, cause_key="event-1")
    second = tickets.open_ticket(*who, cause=DETRACTOR, cause_key="survey-answer:184")
    assert first.is_new and not second.is_new
    assert second.ticket.id == first.ticket.id
    assert tickets.open_ticket_of(who[0]) == first.ticket


def test_the_database_itself_refuses_a_second_one() -> None:
    ticket = opened("U1")
    values = {"customer": ticket.customer_id, "conversation": ticket.conversation_id, "cause": ASKED}
    with pytest.raises(peewee.IntegrityError), database.savepoint():
        tickets.Ticket.create(**values, cause_key="another", opened_at=NOON, since_at=NOON)


def test_the_same_cause_never_opens_two() -> None:
    ticket = opened("U1")
    tickets.resolve(ticket.id)
    again = tickets.open_ticket(
        ticket.customer_id, ticket.conversation_id, cause=ASKED, cause_key=ticket.cause_key
    )
    assert (again.ticket.id, again.is_new) == (ticket.id, False)
    assert tickets.open_ticket_of(ticket.customer_id) is None


def test_after_one_is_resolved_the_next_opens() -> None:
    ticket = opened("U1")
    assert tickets.resolve(ticket.id, staff_id=7)
    assert not tickets.resolve(ticket.id, staff_id=8)
    assert now(ticket).resolved_by_id == 7
    later = opened("U1", minutes=9)
    assert later.id != ticket.id
    assert not tickets.reopen(ticket.id)  # the later one is unresolved
    tickets.resolve(later.id)
    assert tickets.reopen(ticket.id)
    assert now(ticket).state == tickets.WAITING
    assert now(ticket).resolved_at is None
    assert tickets.latest_by_customer([ticket.customer_id]) == {ticket.customer_id: later.id}


def test_an_unknown_cause_is_refused() -> None:
    with pytest.raises(ValueError, match="known: detractor"):
        tickets.open_ticket(*person("U1"), cause="boredom", cause_key="x")


def test_the_first_answer_is_timed_and_takes_the_ticket() -> None:
    ticket = opened("U1")
    with localtime.fixed(NOON + timedelta(minutes=10)):
        assert tickets.record_staff_answer(ticket.id, staff_id=7)
    with localtime.fixed(NOON + timedelta(minutes=20)):
        assert not tickets.record_staff_answer(ticket.id, staff_id=8)
    after = now(ticket)
    assert (after.state, after.assignee_id) == (tickets.OPEN, 7)
    assert after.first_response_time == timedelta(minutes=10)


def test_turns_go_back_and_forth() -> None:
    ticket = opened("U1")
    assert not tickets.record_customer_message(ticket.id)  # waiting since the opening, and still
    tickets.record_staff_answer(ticket.id, staff_id=7)
    with localtime.fixed(NOON + timedelta(hours=1)):
        assert tickets.record_customer_message(ticket.id)
    after = now(ticket)
    assert (after.state, after.since_at) == (tickets.WAITING, NOON + timedelta(hours=1))
    tickets.resolve(ticket.id)
    assert not tickets.record_customer_message(ticket.id)


def test_what_is_promised_is_stored_with_the_ticket() -> None:
    """Monday noon in Tokyo, staff answer from 10 to 17 on weekdays."""
    promised = {cause: opened(cause, cause=cause).due_at for cause in (ASKED, DETRACTOR, UPSET)}
    local = {
        cause: localtime.local(due_at).strftime("%a %H:%M") for cause, due_at in promised.items() if due_at
    }
    assert local == {ASKED: "Tue 13:00", DETRACTOR: "Thu 15:00", UPSET: "Mon 16:00"}


def test_who_has_the_chat() -> None:
    customer_id, conversation_id = person("U1")
    seen = [tickets.who_has_the_chat(customer_id)]
    ticket = tickets.open_ticket(customer_id, conversation_id, cause=ASKED, cause_key="1").ticket
    seen.append(tickets.who_has_the_chat(customer_id))
    tickets.record_staff_answer(ticket.id, staff_id=7)
    seen.append(tickets.who_has_the_chat(customer_id))
    tickets.resolve(ticket.id)
    seen.append(tickets.who_has_the_chat(customer_id))
    assert seen == ["bot", "waiting", "staff", "resolved"]


def test_a_handover_counts_only_from_whom_it_was_taken() -> None:
    ticket = opened("U1")
    assert tickets.reassign(ticket.id, None, 7)
    assert not tickets.reassign(ticket.id, None, 8), "it is nobody's no longer"
    assert tickets.reassign(ticket.id, 7, 8)
    assert now(ticket).assignee_id == 8
    assert not tickets.assign(999, 7)


def test_what_is_put_aside_comes_back_by_a_word_or_when_done() -> None:
    ticket, later = opened("U1"), NOON + timedelta(hours=3)
    assert tickets.snooze(ticket.id, later)
    assert now(ticket).snoozed_until == later
    tickets.record_customer_message(ticket.id)
    assert now(ticket).snoozed_until is None
    tickets.snooze(ticket.id, later)
    tickets.resolve(ticket.id)
    assert now(ticket).snoozed_until is None
    assert not tickets.snooze(ticket.id, later)
