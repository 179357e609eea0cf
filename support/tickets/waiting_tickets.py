"""Finds tickets that wait for staff, by promise and too long, and ends snoozes that are over.

Works in chunks, so that no write holds the lock for long; run by `handlers/ticket_jobs.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import SQL, Case, Value, fn

from bot import localtime
from bot.db.database import require_transaction
from support.tickets.tickets import HARM, UNRESOLVED, URGENCY, WAITING, Ticket

_AWAKE: Any = (Ticket.state != SQL("'resolved'")) & Ticket.snoozed_until.is_null()
"""A literal, so that the partial indexes of the queues are used."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many customers wait for staff, and since when the one who has waited longest; None when nobody waits."""

    count: int
    oldest_at: datetime | None


def waiting() -> Waiting:
    """Who waits for staff now, without snoozed tickets."""
    row: Any = (
        Ticket.select(fn.COUNT(Ticket.id), fn.MIN(Ticket.since_at))
        .where(_AWAKE, Ticket.state == WAITING)
        .tuples()
        .first()
    )
    count, oldest_at = row
    return Waiting(int(count), Ticket.since_at.python_value(oldest_at) if count else None)


def waiting_since(moment: datetime) -> int:
    """How many of those who wait began to wait after that moment."""
    return int(Ticket.select().where(_AWAKE, Ticket.state == WAITING, Ticket.since_at > moment).count())


def waiting_customers() -> Any:
    """Query of the customers who wait for staff, without snoozed tickets."""
    return Ticket.select(Ticket.customer).where(_AWAKE, Ticket.state == WAITING)


def promised_by(moment: datetime, limit: int) -> list[Ticket]:
    """Tickets whose customers wait and were promised an answer by that moment, the earliest promise first."""
    promised = (Ticket.state == SQL("'waiting'")) & (Ticket.answer_due_at <= moment)
    query = Ticket.select().where(promised, Ticket.snoozed_until.is_null())
    return list(query.order_by(Ticket.answer_due_at, Ticket.id).limit(limit))


def promised_between(after: datetime, until: datetime, limit: int) -> list[Ticket]:
    """Tickets that wait, with an answer promised between these moments, the earliest first."""
    promised = (Ticket.state == SQL("'waiting'")) & Ticket.answer_due_at.between(after, until)
    query = Ticket.select().where(promised, Ticket.snoozed_until.is_null())
    return list(query.order_by(Ticket.answer_due_at, Ticket.id).limit(limit))


def gravest() -> Ticket | None:
    """The ticket of a customer who waits and wrote of danger to life or of harm; the gravest, then the longest
    waiting. None when nobody did."""
    grave = _AWAKE & (Ticket.state == WAITING) & (Ticket.urgency >= URGENCY[HARM])
    found: Ticket | None = (
        Ticket.select().where(grave).order_by(Ticket.urgency.desc(), Ticket.since_at).first()
    )
    return found


def too_long(since_before: datetime, limit: int) -> list[int]:
    """Tickets waiting since that moment or longer for which staff were not alerted yet, the longest waiting first."""
    query: Any = (
        Ticket.select(Ticket.id)
        .where(Ticket.state == WAITING, Ticket.since_at <= since_before, Ticket.handed_over_at.is_null(False))
        .where(Ticket.alarmed_at.is_null(), Ticket.snoozed_until.is_null())
        .where(Ticket.woken_at.is_null() | (Ticket.woken_at <= since_before))
        .order_by(Ticket.since_at, Ticket.id)
        .limit(limit)
        .tuples()
    )
    return [ticket_id for (ticket_id,) in query]


def raise_alarm(ticket_ids: list[int], *, unassign: bool) -> int:
    """Record that staff are alerted of these waits, and unassign the tickets if the shop's rule says so; how many."""
    require_transaction()
    columns: dict[str, Any] = {"alarmed_at": localtime.now()}
    if unassign:
        columns["assignee_id"] = None
    still = Ticket.id.in_(ticket_ids) & (Ticket.state == WAITING) & Ticket.alarmed_at.is_null()
    return int(Ticket.update(columns).where(still).execute())


def alarmed_count() -> int:
    """How many waits staff were alerted of are still going on."""
    alarmed = Ticket.alarmed_at.is_null(False) & (Ticket.state == WAITING)
    return int(Ticket.select().where(alarmed, Ticket.snoozed_until.is_null()).count())


def overdue_count() -> int:
    """How many cases for low scores staff have not written to within the promised time; the bot still has the
    chat."""
    promised = Ticket.first_response_at.is_null() & (Ticket.due_at < localtime.now())
    untouched = promised & Ticket.handed_over_at.is_null() & Ticket.snoozed_until.is_null()
    return int(Ticket.select().where(Ticket.state != SQL("'resolved'"), untouched).count())


def wake_due(limit: int) -> int:
    """End snoozes that are over; how many."""
    require_transaction()
    due = Ticket.snoozed_until <= localtime.now()
    some = Ticket.select(Ticket.id).where(due, Ticket.state.in_(UNRESOLVED)).limit(limit)
    now = localtime.now()
    reminded = Case(None, [(Ticket.follow_up.is_null(False), Value(now, converter=Ticket.woken_at.db_value))])
    woken: dict[str, Any] = {"snoozed_until": None, "woken_at": now, "follow_up_due_at": reminded}
    return int(Ticket.update(woken).where(Ticket.id.in_(some)).execute())


def follow_ups_due(limit: int) -> list[Ticket]:
    """Tickets whose follow-up is to be sent by itself now, the earliest first."""
    due = Ticket.follow_up_by_id.is_null(False) & (Ticket.follow_up_due_at <= localtime.now())
    return list(Ticket.select().where(due).order_by(Ticket.follow_up_due_at).limit(limit))


def anything_to_wake() -> bool:
    """Whether any snooze is over; takes no lock."""
    return bool(Ticket.select().where(Ticket.snoozed_until <= localtime.now()).exists())
