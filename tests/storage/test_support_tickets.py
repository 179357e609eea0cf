"""Tickets: one unresolved at a time for each customer, and a queue in which nobody who waits is forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import peewee
import pytest

from bot import conversations, database, localtime
from customers import customer as customers
from support import tickets
from support.tickets import ASKED, DETRACTOR

NOON = datetime(2026, 10, 5, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def transaction(any_database: peewee.Database) -> Iterator[None]:
    with database.write_transaction(), localtime.fixed(NOON):
        yield


def person(name: str) -> tuple[int, int]:
    conversation_id = conversations.ensure(name, name)
    return customers.of_line_user(name, conversation_id).id, conversation_id


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
    assert [each.id for each in tickets.of_customer(ticket.customer_id)] == [later.id, ticket.id]


def test_an_unknown_cause_is_refused() -> None:
    with pytest.raises(ValueError, match="known: detractor"):
        tickets.open_ticket(*person("U1"), cause="boredom", cause_key="x")


def test_the_first_answer_is_timed_and_takes_the_ticket() -> None:
    ticket = opened("U1")
    with localtime.fixed(NOON + timedelta(minutes=10)):
        assert tickets.first_response(ticket.id, staff_id=7)
    with localtime.fixed(NOON + timedelta(minutes=20)):
        assert not tickets.first_response(ticket.id, staff_id=8)
    after = now(ticket)
    assert (after.state, after.assignee_id) == (tickets.OPEN, 7)
    assert after.first_response_time == timedelta(minutes=10)


def test_turns_go_back_and_forth() -> None:
    ticket = opened("U1")
    assert not tickets.customer_wrote(ticket.id)  # waiting since the opening, and still
    tickets.first_response(ticket.id, staff_id=7)
    with localtime.fixed(NOON + timedelta(hours=1)):
        assert tickets.customer_wrote(ticket.id)
    after = now(ticket)
    assert (after.state, after.since_at) == (tickets.WAITING, NOON + timedelta(hours=1))
    tickets.resolve(ticket.id)
    assert not tickets.customer_wrote(ticket.id)


def test_the_queue_shows_who_waits_longest_first_and_pages() -> None:
    names = ["U1", "U2", "U3", "U4", "U5"]
    all_of_them = {name: opened(name, minutes) for minutes, name in enumerate(names)}
    tickets.first_response(all_of_them["U1"].id, staff_id=7)
    tickets.first_response(all_of_them["U3"].id, staff_id=8)
    with localtime.fixed(NOON + timedelta(hours=1)):
        tickets.customer_wrote(all_of_them["U3"].id)
    tickets.resolve(all_of_them["U5"].id)
    seen: list[str | None] = []
    cursor = None
    while True:
        page = tickets.unresolved(cursor=cursor, limit=2)
        seen += [ticket.customer.line_user_id for ticket in page.tickets]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["U2", "U4", "U3", "U1"]
    assert tickets.count_by_state() == {tickets.WAITING: 3, tickets.OPEN: 1}


def test_the_queue_by_person() -> None:
    mine, others, nobodys = opened("U1"), opened("U2"), opened("U3")
    tickets.assign(mine.id, 7)
    tickets.assign(others.id, 8)
    assert [ticket.id for ticket in tickets.unresolved(assignee_id=7).tickets] == [mine.id]
    assert [ticket.id for ticket in tickets.unresolved(only_unassigned=True).tickets] == [nobodys.id]
    assert not tickets.assign(999, 7)


def test_what_is_resolved_pages_the_latest_first() -> None:
    ids = [opened(f"U{number}").id for number in range(5)]
    for number, ticket_id in enumerate(ids):
        with localtime.fixed(NOON + timedelta(minutes=number // 2)):  # pairs in the same moment
            tickets.resolve(ticket_id)
    first = tickets.resolved(limit=3)
    second = tickets.resolved(cursor=first.next_cursor, limit=3)
    assert [ticket.id for ticket in first.tickets + second.tickets] == ids[::-1]
    assert second.next_cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "é", "W10=", "bnVsbA==", "WzEsMiwzLDRd", '["a"]'])
def test_a_cursor_nobody_made_starts_over(cursor: str) -> None:
    ticket = opened("U1")
    assert [each.id for each in tickets.unresolved(cursor=cursor).tickets] == [ticket.id]


def test_staff_keep_a_note() -> None:
    ticket = opened("U1")
    assert tickets.keep_note(ticket.id, "電話で謝りました")
    assert now(ticket).note == "電話で謝りました"
