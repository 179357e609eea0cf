"""Tickets: opened, handed over to staff, assigned, snoozed, resolved, reopened; and who has a customer's chat.

A customer has at most one unresolved ticket. It is `waiting` while the customer waits for staff, and `open` once
staff have answered. In a low score's case the bot has the chat until the handover. Also: `queues.py`, `messages.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import peewee

from bot import localtime
from bot.db import database
from customers.people.customer import Customer
from support.alerts import alerts
from support.tickets import case_assignment, promises, tags
from support.tickets.severity import severity
from support.tickets.tables import ASKED as ASKED
from support.tickets.tables import CAUSES as CAUSES
from support.tickets.tables import CHANGE as CHANGE
from support.tickets.tables import CONTACT as CONTACT
from support.tickets.tables import DAMAGE as DAMAGE
from support.tickets.tables import DANGER as DANGER
from support.tickets.tables import DETRACTOR as DETRACTOR
from support.tickets.tables import ERASURE as ERASURE
from support.tickets.tables import FALLBACK as FALLBACK
from support.tickets.tables import FAQ_FAILED as FAQ_FAILED
from support.tickets.tables import HARM as HARM
from support.tickets.tables import OPEN as OPEN
from support.tickets.tables import RESOLVED as RESOLVED
from support.tickets.tables import UNRESOLVED as UNRESOLVED
from support.tickets.tables import UPSET as UPSET
from support.tickets.tables import URGENCY as URGENCY
from support.tickets.tables import WAITING as WAITING
from support.tickets.tables import Ticket as Ticket

LONGEST_FOLLOW_UP = 2000


@dataclass(frozen=True, slots=True)
class Opened:
    """The customer's ticket. `is_new` is False when it existed already."""

    ticket: Ticket
    is_new: bool


class Chat(StrEnum):
    """Who has a customer's chat."""

    BOT = "bot"
    """Staff do not have it, and never had it."""
    WAITING = "waiting"
    """The customer waits for staff; the bot does not answer."""
    STAFF = "staff"
    """Staff have it; the bot does not answer."""
    RESOLVED = "resolved"
    """Staff had it, and the bot has it again."""


def open_ticket(
    customer_id: int,
    conversation_id: int,
    *,
    cause: str,
    cause_key: str,
    note: str = "",
    assignee_id: int | None = None,
    handed_over: bool = True,
    staff_spoke_at: datetime | None = None,
) -> Opened:
    """Open a ticket, or return the customer's unresolved one, or the one that the same key opened before.

    With `handed_over`, staff have the chat from now on; `staff_spoke_at` is when they wrote to the customer before
    it. Raises ValueError for a cause that is not one of CAUSES.
    """
    database.require_transaction()
    if cause not in CAUSES:
        raise ValueError(f"{cause!r} is no cause of a ticket; known: {', '.join(CAUSES)}")
    now = localtime.now()
    due_at = promises.due(cause)
    whose = case_assignment.last_assignee(customer_id) if assignee_id is None else assignee_id
    values = {
        "customer": customer_id,
        "conversation": conversation_id,
        "state": WAITING,
        "cause": cause,
        "cause_key": cause_key,
        "note": note,
        "assignee_id": whose,
        "handed_over_at": now if handed_over else None,
        "staff_spoke_at": staff_spoke_at,
        "opened_at": now,
        "since_at": now,
        "due_at": due_at,
        "answer_due_at": due_at,
        "urgency": URGENCY.get(cause, 0),
        "severity": severity(cause, URGENCY.get(cause, 0)),
    }
    made = database.insert_once(Ticket, **values)
    if made is not None:
        tags.carry(customer_id, made)
        alerts.opened(made, whose, URGENCY.get(cause, 0))
        return Opened(Ticket(id=made, **values), is_new=True)
    there = open_ticket_of(customer_id) or Ticket.get(Ticket.cause_key == cause_key)
    return Opened(there, is_new=False)


def open_ticket_of(customer_id: int) -> Ticket | None:
    """The customer's unresolved ticket; while there is one, nothing is sent to them unasked."""
    theirs = Ticket.select().where(Ticket.customer == customer_id, Ticket.state != RESOLVED)
    found: Ticket | None = theirs.first()
    return found


def handed_over_ticket_of(customer_id: int) -> Ticket | None:
    """The same if staff have the chat or the customer waits for them: then the bot does not answer."""
    found = open_ticket_of(customer_id)
    return found if found is not None and found.handed_over_at is not None else None


def last_resolved_at(customer_id: int) -> datetime | None:
    """When the last of the customer's tickets that staff took over was resolved; None without one."""
    theirs = (Ticket.customer == customer_id) & Ticket.handed_over_at.is_null(False)
    resolved: datetime | None = Ticket.resolved_at.python_value(
        Ticket.select(peewee.fn.MAX(Ticket.resolved_at)).where(theirs).scalar()
    )
    return resolved


def handed_over_among(customer_ids: Iterable[int]) -> set[int]:
    """Of these customers, those whose chat staff have, or who wait for staff."""
    theirs = Ticket.customer.in_(list(customer_ids)) & Ticket.state.in_(UNRESOLVED)
    rows = Ticket.select(Ticket.customer).where(theirs, Ticket.handed_over_at.is_null(is_null=False))
    return {ticket.customer_id for ticket in rows}


def hand_chat_over(ticket_id: int) -> bool:
    """Hand the chat over: the customer waits for staff from now on. False when it is handed over already."""
    now = localtime.now()
    waits = (Ticket.id == ticket_id) & Ticket.handed_over_at.is_null() & Ticket.state.in_(UNRESOLVED)
    found = Ticket.get_or_none(waits)
    if found is None:
        return False
    due_at = promises.of_new_wait(found.answer_due_at, found.cause, found.severity)
    return _set(waits, handed_over_at=now, since_at=now, answer_due_at=due_at)


def who_has_the_chat(customer_id: int) -> Chat:
    """Whether the bot or staff have the chat, or the customer waits for staff; and whether staff had it last."""
    handed_over = (Ticket.customer == customer_id) & Ticket.handed_over_at.is_null(False)
    newest = Ticket.select(Ticket.state).where(handed_over).order_by(Ticket.id.desc())
    states = {ticket.state for ticket in (handed_over_ticket_of(customer_id), newest.first()) if ticket}
    known = {WAITING: Chat.WAITING, OPEN: Chat.STAFF, RESOLVED: Chat.RESOLVED}
    return next((chat for state, chat in known.items() if state in states), Chat.BOT)


def find(ticket_id: int) -> Ticket | None:
    """The ticket with its customer, or None."""
    query: Any = Ticket.select(Ticket, Customer).join(Customer)
    found: Ticket | None = query.where(Ticket.id == ticket_id).first()
    return found


def record_customer_message(ticket_id: int) -> bool:
    """The customer wrote: the ticket waits for staff, a snooze ends, and staff who have the chat are alerted. False
    when it was waiting already, or is resolved."""
    wake(ticket_id)
    found = Ticket.get_or_none(Ticket.id == ticket_id, Ticket.state.in_(UNRESOLVED))
    if found is not None and found.handed_over_at is not None:
        alerts.customer_wrote(ticket_id, found.assignee_id, found.urgency)
    if found is None or found.state != OPEN:
        return False
    due_at = promises.due(found.cause, found.severity)
    return _move(ticket_id, (OPEN,), state=WAITING, answer_due_at=due_at, late_count=0, late_at=None)


def record_staff_answer(ticket_id: int, staff_id: int) -> bool:
    """Staff answered: the ticket waits for the customer. The first answer is timed, and assigns an unassigned ticket.
    Call it for every answer; True when this was the first."""
    now = localtime.now()
    was_first = _set((Ticket.id == ticket_id) & Ticket.first_response_at.is_null(), first_response_at=now)
    _set((Ticket.id == ticket_id) & Ticket.assignee_id.is_null(), assignee_id=staff_id)
    ended = {"follow_up": None, "follow_up_due_at": None}
    _set((Ticket.id == ticket_id), staff_spoke_at=now, alarmed_at=None, **ended)
    hand_chat_over(ticket_id)
    _move(ticket_id, (WAITING,), state=OPEN)
    return was_first


def assign(ticket_id: int, staff_id: int | None) -> bool:
    """Assign it to that person, or to nobody. False when there is no such ticket."""
    return _set(Ticket.id == ticket_id, assignee_id=staff_id)


def reassign(ticket_id: int, from_id: int | None, to_id: int | None) -> bool:
    """The same, if the assignee is still `from_id`: of two who take it at once, only one succeeds."""
    whose = Ticket.assignee_id.is_null() if from_id is None else Ticket.assignee_id == from_id
    return _set((Ticket.id == ticket_id) & whose, assignee_id=to_id)


def snooze(ticket_id: int, until: datetime, follow_up: str | None = None) -> bool:
    """Snooze it; with `follow_up`, remind staff then that the customer has not answered, with what they mean to
    write. False when it is resolved."""
    unresolved = (Ticket.id == ticket_id) & Ticket.state.in_(UNRESOLVED)
    return _set(unresolved, snoozed_until=until, follow_up=follow_up, follow_up_due_at=None)


def wake(ticket_id: int) -> bool:
    """End the snooze and the reminder to follow up. False when there was neither."""
    asleep = Ticket.snoozed_until.is_null(False) | Ticket.follow_up.is_null(False)
    ended = dict.fromkeys(("snoozed_until", "follow_up", "follow_up_due_at"))
    return _set((Ticket.id == ticket_id) & asleep, **ended)


def record_closed_notice(ticket_id: int) -> None:
    """Record that the customer was sent the notice that staff are away."""
    _set(Ticket.id == ticket_id, closed_notice_at=localtime.now())


def resolve(ticket_id: int, staff_id: int | None = None) -> bool:
    """Resolve it. False when it was already."""
    done = {"state": RESOLVED, "resolved_at": localtime.now(), "resolved_by_id": staff_id}
    ended = dict.fromkeys(("snoozed_until", "follow_up", "follow_up_due_at"))
    return _move(ticket_id, UNRESOLVED, **ended, **done)


def reopen(ticket_id: int) -> bool:
    """Reopen it. False when it is unresolved, or the customer has another unresolved ticket."""
    try:
        with database.savepoint():
            again = dict.fromkeys(("resolved_at", "resolved_by_id", "late_at", "withdrawn_at")) | {
                "late_count": 0
            }
            return _move(ticket_id, (RESOLVED,), state=WAITING, answer_due_at=promises.due(UPSET), **again)
    except peewee.IntegrityError:
        return False


def latest_by_customer(customer_ids: Sequence[int]) -> dict[int, int]:
    """The id of each customer's latest ticket, of those who have one."""
    return _latest(Ticket.customer, customer_ids)


def latest_by_conversation(conversation_ids: Sequence[int]) -> dict[int, int]:
    """The same by conversation."""
    return _latest(Ticket.conversation, conversation_ids)


def count_waiting() -> int:
    """How many tickets wait for staff, without snoozed ones."""
    unresolved = Ticket.state != peewee.SQL("'resolved'")  # a literal, so that the partial index is used
    return int(
        Ticket.select().where(unresolved, Ticket.state == WAITING, Ticket.snoozed_until.is_null()).count()
    )


def _latest(whose: Any, ids: Sequence[int]) -> dict[int, int]:
    query: Any = Ticket.select(whose, peewee.fn.MAX(Ticket.id)).where(whose.in_(list(ids))).group_by(whose)
    return dict(query.tuples()) if ids else {}


def _move(ticket_id: int, expected: Sequence[str], **columns: Any) -> bool:
    """Change the state if it is one of those expected: of two people who press at once, only one succeeds."""
    return _set(
        (Ticket.id == ticket_id) & Ticket.state.in_(list(expected)),
        since_at=localtime.now(),
        alarmed_at=None,
        **columns,
    )


def _set(condition: Any, **columns: Any) -> bool:
    database.require_transaction()
    return bool(Ticket.update(**columns).where(condition).execute() == 1)
