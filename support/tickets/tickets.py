"""Tickets: opened, handed over to staff, assigned, snoozed, resolved, reopened; and who has a customer's chat.

A customer has at most one unresolved ticket. It is `waiting` while the customer waits for staff, and `open` once
staff have answered. In a low score's case the bot has the chat until the handover. Also: `queues.py`, `messages.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import peewee

from bot import localtime
from bot.conversations import Conversation
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer
from support.alerts import alerts
from support.hours import business_hours
from support.hours import settings as hours_settings
from support.tickets import settings as ticket_settings

OPEN, WAITING, RESOLVED = "open", "waiting", "resolved"
UNRESOLVED = (WAITING, OPEN)

DETRACTOR, ASKED, FALLBACK, UPSET, FAQ_FAILED = "detractor", "asked", "fallback", "upset", "faq_failed"
DAMAGE, HARM, DANGER, CONTACT = "damage", "harm", "danger", "contact"
CAUSES = (DETRACTOR, ASKED, FALLBACK, UPSET, FAQ_FAILED, DAMAGE, HARM, DANGER, CONTACT)
"""Why it was opened: a low score, the customer's request, a text not understood, anger, a FAQ answer that did
not help, damaged goods, an injury, danger to life, an answer to a message that staff sent unasked."""
URGENCY = {UPSET: 1, DAMAGE: 1, HARM: 2, DANGER: 3}
"""The urgency of a ticket by its cause; 0 for other causes."""


class Ticket(Model):
    """One request or problem of one customer, for staff."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE", backref="+")
    conversation_id: int
    state = peewee.CharField(16, default=WAITING)
    cause = peewee.CharField(32)
    cause_key = peewee.CharField(150, unique=True)
    """What opened it (`survey-answer:184`, an event's id): the same key never opens two."""
    assignee_id = peewee.IntegerField(null=True)
    note = peewee.TextField(default="")
    """What is known since it was opened; not shown to the customer. Staff's notes are in `notes.py`."""
    opened_at = UtcDateTimeField()
    since_at = UtcDateTimeField()
    """Since when it has been in its state; for a waiting ticket, since when the customer waits."""
    first_response_at = UtcDateTimeField(null=True)
    resolved_at = UtcDateTimeField(null=True)
    resolved_by_id = peewee.IntegerField(null=True)
    due_at = UtcDateTimeField(null=True)
    """By when the first answer was promised; None for tickets from before there were promises."""
    answer_due_at = UtcDateTimeField(null=True)
    """By when the present wait was promised to end; valid while the ticket waits."""
    urgency = peewee.SmallIntegerField(default=0)
    """The highest of URGENCY that the customer's words came to."""
    heard = peewee.CharField(default="")
    """The kinds of alarming words the customer has had a first answer to, so that none is sent twice."""
    late_count = peewee.SmallIntegerField(default=0)
    """How many apologies for lateness were sent in this wait; `late_at` is the time of the last."""
    late_at = UtcDateTimeField(null=True)
    snoozed_until = UtcDateTimeField(null=True)
    """Snoozed until then, unless the customer writes first."""
    woken_at = UtcDateTimeField(null=True)
    """When the clock last ended a snooze; the alert for a long wait counts from then."""
    alarmed_at = UtcDateTimeField(null=True)
    """When staff were alerted that this wait is too long: once for each wait."""
    staff_spoke_at = UtcDateTimeField(null=True)
    handed_over_at = UtcDateTimeField(null=True)
    """Since when staff have the chat or the customer waits for them; None while the bot has it."""
    closed_notice_at = UtcDateTimeField(column_name="told_closed_at", null=True)
    """When the customer was last sent the notice that staff are away."""

    @property
    def first_response_time(self) -> timedelta | None:
        """From opening to staff's first answer; None while there is none."""
        return self.first_response_at - self.opened_at if self.first_response_at else None


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
    due_at = promise(cause)
    values = {
        "customer": customer_id,
        "conversation": conversation_id,
        "state": WAITING,
        "cause": cause,
        "cause_key": cause_key,
        "note": note,
        "assignee_id": assignee_id,
        "handed_over_at": now if handed_over else None,
        "staff_spoke_at": staff_spoke_at,
        "opened_at": now,
        "since_at": now,
        "due_at": due_at,
        "answer_due_at": due_at,
        "urgency": URGENCY.get(cause, 0),
    }
    made = database.insert_once(Ticket, **values)
    if made is not None:
        alerts.opened(made, assignee_id, URGENCY.get(cause, 0))
        return Opened(Ticket(id=made, **values), is_new=True)
    there = open_ticket_of(customer_id) or Ticket.get(Ticket.cause_key == cause_key)
    return Opened(there, is_new=False)


def promise(cause: str) -> datetime:
    """By when an answer to a ticket of that cause is due if the customer begins to wait now, in UTC."""
    local = localtime.local(localtime.now())
    return business_hours.due_after(
        hours_settings.hours(), local, ticket_settings.promised(cause)
    ).astimezone(UTC)


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
    return _set(waits, handed_over_at=now, since_at=now)


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
    return (
        found is not None
        and found.state == OPEN
        and _move(
            ticket_id, (OPEN,), state=WAITING, answer_due_at=promise(found.cause), late_count=0, late_at=None
        )
    )


def record_staff_answer(ticket_id: int, staff_id: int) -> bool:
    """Staff answered: the ticket waits for the customer. The first answer is timed, and assigns an unassigned ticket.
    Call it for every answer; True when this was the first."""
    now = localtime.now()
    was_first = _set((Ticket.id == ticket_id) & Ticket.first_response_at.is_null(), first_response_at=now)
    _set((Ticket.id == ticket_id) & Ticket.assignee_id.is_null(), assignee_id=staff_id)
    _set(Ticket.id == ticket_id, staff_spoke_at=now, alarmed_at=None)
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


def snooze(ticket_id: int, until: datetime) -> bool:
    """Snooze it. False when it is resolved."""
    return _set((Ticket.id == ticket_id) & Ticket.state.in_(UNRESOLVED), snoozed_until=until)


def wake(ticket_id: int) -> bool:
    """End the snooze. False when it was not snoozed."""
    return _set((Ticket.id == ticket_id) & Ticket.snoozed_until.is_null(False), snoozed_until=None)


def record_closed_notice(ticket_id: int) -> None:
    """Record that the customer was sent the notice that staff are away."""
    _set(Ticket.id == ticket_id, closed_notice_at=localtime.now())


def resolve(ticket_id: int, staff_id: int | None = None) -> bool:
    """Resolve it. False when it was already."""
    done = {"state": RESOLVED, "resolved_at": localtime.now(), "resolved_by_id": staff_id}
    return _move(ticket_id, UNRESOLVED, snoozed_until=None, **done)


def reopen(ticket_id: int) -> bool:
    """Reopen it. False when it is unresolved, or the customer has another unresolved ticket."""
    try:
        with database.savepoint():
            again = {"resolved_at": None, "resolved_by_id": None, "late_count": 0, "late_at": None}
            return _move(ticket_id, (RESOLVED,), state=WAITING, answer_due_at=promise(UPSET), **again)
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


erasure.blanked(Ticket, {"note": "", "heard": ""})
