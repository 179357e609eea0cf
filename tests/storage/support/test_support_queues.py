"""The ticket queues: contents, order, pages that leave nobody out; and notices of tickets that wait too long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import peewee
import pytest

from bot import conversations, localtime
from bot.db import database
from customers.people import customer as customers
from support.tickets import notes, queues, tags, tickets, waiting_tickets
from support.tickets.severity import Placement, placement
from support.tickets.tickets import ASKED, DETRACTOR, UPSET, Ticket

NOON = datetime(2026, 10, 5, 3, tzinfo=UTC)
"""A Monday, noon in Tokyo: staff are there."""
ME, OTHER = 7, 8


@pytest.fixture(autouse=True)
def transaction(any_database: peewee.Database) -> Iterator[None]:
    with database.write_transaction(), localtime.fixed(NOON):
        yield


def opened(name: str, minutes_ago: int = 0, cause: str = ASKED) -> int:
    conversation_id = conversations.ensure(name, name)
    customer_id = customers.get_or_create_by_line_user(name, conversation_id).id
    with localtime.fixed(NOON - timedelta(minutes=minutes_ago)):
        return tickets.open_ticket(customer_id, conversation_id, cause=cause, cause_key=name).ticket.id


def shown(name: str, **more: str) -> list[str]:
    """Whose tickets are in the queue, page by page of two."""
    names: list[str] = []
    cursor = None
    while True:
        page = queues.page(name, ME, cursor=cursor, limit=2, **more)
        names += [str(ticket.customer.line_user_id) for ticket in page.tickets]
        cursor = page.next_cursor
        if cursor is None:
            return names


def test_who_waits_longest_comes_first_and_those_we_await_last() -> None:
    made = {name: opened(name, 60 - number) for number, name in enumerate(["U1", "U2", "U3", "U4", "U5"])}
    tickets.record_staff_answer(made["U1"], OTHER)
    tickets.record_staff_answer(made["U3"], OTHER)
    with localtime.fixed(NOON + timedelta(hours=1)):
        tickets.record_customer_message(made["U3"])
    tickets.resolve(made["U5"])
    assert shown(queues.ALL) == ["U2", "U4", "U3", "U1"]
    assert shown(queues.LONGEST) == ["U2", "U4", "U3"]
    assert shown(queues.RESOLVED) == ["U5"]
    assert queues.waiting_count() == 3


def test_mine_and_nobodys() -> None:
    made = {name: opened(name, 9) for name in ("U1", "U2", "U3")}
    tickets.assign(made["U1"], ME)
    tickets.assign(made["U2"], OTHER)
    assert shown(queues.MINE) == ["U1"]
    assert shown(queues.UNASSIGNED) == ["U3"]


def test_at_risk_is_what_is_due_soonest_without_a_reply() -> None:
    """An upset customer is promised a reply in four working hours, a detractor in 24, the others in eight."""
    opened("calm today", 60)
    opened("upset lately", 60, UPSET)
    opened("upset before", 110, UPSET)
    opened("since Friday", 60 * 24 * 3 + 120)  # eight hours from Friday ten o'clock: Monday eleven
    opened("detractor", 120, DETRACTOR)
    with localtime.fixed(NOON + timedelta(hours=1, minutes=30)):
        assert shown(queues.AT_RISK) == ["since Friday", "upset before", "upset lately"]
        tickets.record_staff_answer(Ticket.get(Ticket.cause_key == "since Friday").id, ME)
        assert shown(queues.AT_RISK) == ["upset before", "upset lately"]


def test_what_is_put_aside_has_a_queue_of_its_own_next_first() -> None:
    made = {name: opened(name) for name in ("U1", "U2", "U3")}
    tickets.assign(made["U1"], ME)
    tickets.snooze(made["U1"], NOON + timedelta(hours=5))
    tickets.snooze(made["U2"], NOON + timedelta(hours=1))
    assert shown(queues.SNOOZED) == ["U2", "U1"]
    assert shown(queues.ALL) == ["U3"]
    assert shown(queues.MINE) == []
    with localtime.fixed(NOON + timedelta(hours=2)):
        assert waiting_tickets.anything_to_wake()
        assert waiting_tickets.wake_due(100) == 1
        assert shown(queues.SNOOZED) == ["U1"]
        assert not waiting_tickets.anything_to_wake()


def test_the_newest_note_for_me_comes_first_until_i_have_seen_it() -> None:
    made = {name: opened(name) for name in ("U1", "U2", "U3", "U4")}
    for minutes, name in enumerate(("U1", "U2", "U3")):
        with localtime.fixed(NOON + timedelta(minutes=minutes)):
            notes.add(made[name], OTHER, "見てください", [ME])
    notes.add(made["U4"], ME, "自分で書いたメモ", [OTHER])
    assert shown(queues.MENTIONED) == ["U3", "U2", "U1"]
    assert notes.mark_seen(made["U2"], ME)
    assert shown(queues.MENTIONED) == ["U3", "U1"]
    with localtime.fixed(NOON + timedelta(minutes=9)):
        notes.add(made["U2"], OTHER, "もう一度お願いします", [ME])
    assert shown(queues.MENTIONED) == ["U2", "U3", "U1"]


@pytest.mark.parametrize("few", [0, queues.FEW])
def test_a_tag_of_few_or_of_many_narrows_any_queue(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "FEW", few)
    made = {name: opened(name) for name in ("U1", "U2", "U3")}
    for name in ("U1", "U3"):
        assert tags.add(made[name], "＃返品")
    assert not tags.add(made["U1"], "返品"), "it is on already"
    assert not tags.add(made["U2"], " # ")
    tickets.resolve(made["U3"])
    assert shown(queues.ALL, tag="返品") == ["U1"]
    assert shown(queues.RESOLVED, tag="返品") == ["U3"]
    assert tags.of_tickets(list(made.values())) == {made["U1"]: ["返品"], made["U3"]: ["返品"]}
    assert tags.remove(made["U1"], "返品")
    assert shown(queues.ALL, tag="返品") == []
    assert tags.lately_used() == ["返品"]


def test_every_queue_is_counted_as_it_is_shown() -> None:
    made = {name: opened(name, 60 * 24 * 4) for name in ("U1", "U2", "U3", "U4")}
    tickets.assign(made["U1"], ME)
    tickets.snooze(made["U2"], NOON + timedelta(hours=1))
    notes.add(made["U3"], OTHER, "@私", [ME])
    tickets.resolve(made["U4"])
    counts = queues.counts(ME)
    assert counts == {name: len(shown(name)) for name in queues.QUEUES if name != queues.RESOLVED}
    assert set(counts.values()) == {1, 2, 3}


def test_counting_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        opened(f"U{number}")
    monkeypatch.setattr(queues, "COUNTED", 3)
    assert queues.waiting_count() == queues.counts(ME)[queues.ALL] == 3


def test_what_is_resolved_pages_the_latest_first() -> None:
    ids = [opened(f"U{number}") for number in range(5)]
    for number, ticket_id in enumerate(ids):
        with localtime.fixed(NOON + timedelta(minutes=number // 2)):  # pairs in the same moment
            tickets.resolve(ticket_id)
    assert shown(queues.RESOLVED) == ["U4", "U3", "U2", "U1", "U0"]


@pytest.mark.parametrize("name", queues.QUEUES)
@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "W10=", "bnVsbA==", "WzEsMiwzLDRd", '["a"]', "WyJhIiwiYiIsImMiXQ=="]
)
def test_a_cursor_nobody_made_starts_over(name: str, cursor: str) -> None:
    opened("U1", 60 * 24 * 9)
    assert len(queues.page(name, ME, cursor=cursor).tickets) == (
        1 if name in {queues.ALL, queues.UNASSIGNED, queues.LONGEST, queues.AT_RISK} else 0
    )


def test_a_wait_too_long_is_reported_once_a_wait() -> None:
    long, short = opened("long", 130), opened("short", 100)
    aside = opened("aside", 500)
    tickets.snooze(aside, NOON + timedelta(hours=1))
    tickets.assign(long, ME)
    before = NOON - timedelta(minutes=120)

    assert waiting_tickets.too_long(before, 10) == [long]
    assert waiting_tickets.raise_alarm([long], unassign=True) == 1
    assert Ticket.get_by_id(long).assignee_id is None
    assert (waiting_tickets.too_long(before, 10), waiting_tickets.alarmed_count()) == ([], 1)
    assert waiting_tickets.raise_alarm([long], unassign=True) == 0, "twice at once is once"

    tickets.record_staff_answer(long, ME)
    assert waiting_tickets.alarmed_count() == 0
    tickets.record_customer_message(long)
    assert waiting_tickets.too_long(NOON + timedelta(minutes=1), 10) == [short, long], "another wait"


def test_who_put_it_aside_has_the_time_for_an_answer_anew() -> None:
    ticket_id = opened("U1", 500)
    tickets.snooze(ticket_id, NOON)
    waiting_tickets.wake_due(10)
    assert waiting_tickets.too_long(NOON - timedelta(minutes=1), 10) == []
    assert waiting_tickets.too_long(NOON, 10) == [ticket_id]


def test_notes_are_stored_in_their_order_with_their_author() -> None:
    ticket_id = opened("U1")
    assert notes.add(ticket_id, ME, " 電話で謝りました ")
    assert notes.add(ticket_id, OTHER, "了解です", [ME])
    assert not notes.add(ticket_id, ME, " \n ")
    assert notes.add(ticket_id, OTHER, "了解です"), "a double click is one note"
    assert [(note.staff_id, note.body) for note in notes.of_ticket(ticket_id)] == [
        (ME, "電話で謝りました"),
        (OTHER, "了解です"),
    ]
    assert notes.is_asked(ticket_id, ME) and not notes.is_asked(ticket_id, OTHER)
    assert notes.mark_seen(ticket_id, ME) and not notes.mark_seen(ticket_id, ME)


def placement_of(ticket: Ticket) -> Placement:
    return placement(
        ticket.severity,
        localtime.now(),
        waits=ticket.state == tickets.WAITING,
        due_at=ticket.answer_due_at,
        follow_up=ticket.follow_up_due_at is not None,
    )


def test_harm_comes_before_broken_promises_those_before_anger_and_a_low_score_before_the_rest() -> None:
    opened("asked today", 30)
    opened("asked before", 60)
    opened("low score", 1, DETRACTOR)
    opened("angry", 2, UPSET)
    opened("injured", 3, tickets.HARM)
    opened("in danger", 0, tickets.DANGER)
    opened("promised for Monday eleven", 60 * 24 * 3 + 120)
    opened("angry since Friday", 60 * 24 * 3 + 1, UPSET)
    answered, follow_up = opened("answered", 500), opened("to follow up", 20)
    tickets.record_staff_answer(answered, ME)
    tickets.record_staff_answer(follow_up, ME)
    tickets.snooze(follow_up, NOON + timedelta(minutes=1), "その後いかがですか？")
    with localtime.fixed(NOON + timedelta(minutes=2)):
        assert waiting_tickets.wake_due(100) == 1
        assert shown(queues.ALL) == [
            "in danger",
            "injured",
            "angry since Friday",
            "promised for Monday eleven",
            "angry",
            "low score",
            "to follow up",
            "asked before",
            "asked today",
            "answered",
        ]
        assert shown(queues.LONGEST) == [
            name for name in shown(queues.ALL) if name not in ("to follow up", "answered")
        ]
        found = queues.page(queues.ALL, ME).tickets
    order = list(Placement)
    assert [order.index(placement_of(each)) for each in found] == sorted(
        order.index(placement_of(each)) for each in found
    ), "the rule and the list's indexes agree"


def test_a_promise_that_passes_while_somebody_reads_leaves_nobody_out_and_shows_nobody_twice() -> None:
    for number in range(5):
        opened(f"U{number}", 10 - number)
    first = queues.page(queues.ALL, ME, limit=2)
    with localtime.fixed(NOON + timedelta(days=3)):
        rest = queues.page(queues.ALL, ME, cursor=first.next_cursor, limit=9)
    assert [each.cause_key for each in (*first.tickets, *rest.tickets)] == ["U0", "U1", "U2", "U3", "U4"]


def test_a_reminder_ends_when_the_customer_writes() -> None:
    made = opened("U1", 20)
    tickets.record_staff_answer(made, ME)
    tickets.snooze(made, NOON + timedelta(days=1), "")
    tickets.record_customer_message(made)
    found = Ticket.get_by_id(made)
    assert (found.snoozed_until, found.follow_up, found.follow_up_due_at) == (None, None, None)
