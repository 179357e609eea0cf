"""The queues of tickets: which tickets are in each, their order, and how many.

Every part of a queue has its own index, and counts go no further than COUNTED, so that a page stays fast with any
number of tickets. The order is `severity.py`'s.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee

from bot import localtime
from bot.config import shop
from bot.db.database import UtcDateTimeField
from bot.text.cleaning import read_json
from customers.people.customer import Customer
from support.tickets.notes import TicketMention
from support.tickets.settings import Promises
from support.tickets.severity import Severity
from support.tickets.tables import Ticket
from support.tickets.tags import TicketTag

ALL, MINE, UNASSIGNED, LONGEST, AT_RISK = "all", "mine", "unassigned", "waiting", "at_risk"
SNOOZED, MENTIONED, RESOLVED = "snoozed", "mentioned", "resolved"
QUEUES = (ALL, MINE, UNASSIGNED, LONGEST, AT_RISK, SNOOZED, MENTIONED, RESOLVED)
COUNTED = 1000
FEW = 500
"""Of a tag with no more uses than this the tickets are looked up; of any other, each ticket of the list is asked."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Literals, not bound values: only then do both databases use the partial index.
_IS_RESOLVED = Ticket.state == peewee.SQL("'resolved'")
_UNRESOLVED = Ticket.state != peewee.SQL("'resolved'")
_AWAKE = _UNRESOLVED & Ticket.snoozed_until.is_null()
_WAITS = Ticket.state == peewee.SQL("'waiting'")
_ANSWERED = Ticket.state == peewee.SQL("'open'")


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets with their customers, and the cursor of the next page (None at the end)."""

    tickets: list[Ticket]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a list, which one index gives in order: which tickets it holds, as of a moment, and its order:
    fields, with True for descending."""

    order: tuple[tuple[Any, bool], ...]
    holds: Callable[[datetime], Any] = lambda _: peewee.SQL("1 = 1")


@dataclass(frozen=True, slots=True)
class _Queue:
    """Which tickets it holds, for a person, and its parts, one after the other."""

    holds: Callable[[int], Any]
    parts: tuple[_Part, ...]
    of_mentions: bool = False


_BY_PROMISE = ((Ticket.answer_due_at, False), (Ticket.id, False))
_BY_AGE = ((Ticket.since_at, False), (Ticket.id, False))


def _waiting(severity: Severity, *, overdue: bool | None = None) -> _Part:
    """Who waits, of that severity; with `overdue`, only those whose promised time has passed, or has not."""

    def holds(now: datetime) -> Any:
        theirs = _WAITS & (Ticket.severity == int(severity)) & Ticket.answer_due_at.is_null(False)
        if overdue is None:
            return theirs
        return theirs & (Ticket.answer_due_at <= now if overdue else Ticket.answer_due_at > now)

    return _Part(_BY_PROMISE, holds)


_TURN_OF_STAFF = (
    _waiting(Severity.DANGER),
    _waiting(Severity.HARM),
    *(_waiting(each, overdue=True) for each in (Severity.ANGER, Severity.LOW_SCORE, Severity.OTHER)),
    _waiting(Severity.ANGER, overdue=False),
    _waiting(Severity.LOW_SCORE, overdue=False),
)
_TURN_OF_STAFF_LATER = (
    _waiting(Severity.OTHER, overdue=False),
    _Part(_BY_AGE, lambda _: _WAITS & Ticket.answer_due_at.is_null()),
)
_BY_TURN = (
    *_TURN_OF_STAFF,
    _Part(
        ((Ticket.follow_up_due_at, False), (Ticket.id, False)),
        lambda _: _ANSWERED & Ticket.follow_up_due_at.is_null(False),
    ),
    *_TURN_OF_STAFF_LATER,
    _Part(_BY_AGE, lambda _: _ANSWERED & Ticket.follow_up_due_at.is_null()),
)
"""The order of `severity.Placement`, each part by the promised time."""

_QUEUES = {
    ALL: _Queue(lambda _: _AWAKE, _BY_TURN),
    MINE: _Queue(lambda staff_id: _AWAKE & (Ticket.assignee_id == staff_id), _BY_TURN),
    UNASSIGNED: _Queue(lambda _: _AWAKE & Ticket.assignee_id.is_null(), _BY_TURN),
    LONGEST: _Queue(lambda _: _AWAKE & _WAITS, (*_TURN_OF_STAFF, *_TURN_OF_STAFF_LATER)),
    AT_RISK: _Queue(lambda _: _at_risk(), (_Part(_BY_PROMISE),)),
    SNOOZED: _Queue(
        lambda _: _UNRESOLVED & Ticket.snoozed_until.is_null(False),
        (_Part(((Ticket.snoozed_until, False), (Ticket.id, False))),),
    ),
    MENTIONED: _Queue(
        lambda staff_id: (TicketMention.staff_id == staff_id) & TicketMention.seen_at.is_null(),
        (_Part(((TicketMention.mentioned_at, True), (Ticket.id, True))),),
        of_mentions=True,
    ),
    RESOLVED: _Queue(lambda _: _IS_RESOLVED, (_Part(((Ticket.since_at, True), (Ticket.id, True))),)),
}


def page(
    name: str, staff_id: int, *, tag: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page:
    """One page of a queue as that person sees it; with a tag, only tickets that have it.

    Each part is asked in turn until the page is full, so that no more rows are read than are shown. A later page is
    as of the moment of the first one, so that a promise that passes meanwhile leaves nobody out.
    """
    queue = _QUEUES[name]
    start = _read_cursor(cursor, queue) or _Start(0, None, localtime.now())
    tagged = _tagged(tag) if tag else None
    rows: list[tuple[int, Any]] = []
    for number, part in enumerate(queue.parts[start.part :], start.part):
        after = start.places if number == start.part else None
        query = _part_query(queue, part, staff_id, start.as_of)
        if tagged is not None:
            query = query.where(tagged)
        if after is not None:
            query = query.where(_beyond(part, after))
        ordered = query.order_by(*(field.desc() if down else field for field, down in part.order))
        rows += [(number, each) for each in ordered.limit(limit + 1 - len(rows))]
        if len(rows) > limit:
            break
    more = _cursor(*rows[limit - 1], queue, start.as_of) if len(rows) > limit else None
    return Page([each for _, each in rows[:limit]], more)


def _part_query(queue: _Queue, part: _Part, staff_id: int, now: datetime) -> Any:
    query: Any = Ticket.select(Ticket, Customer).join(Customer)
    if queue.of_mentions:
        query = query.select_extend(TicketMention).switch(Ticket)
        query = query.join(TicketMention, on=TicketMention.ticket == Ticket.id, attr="mention")
    return query.where(queue.holds(staff_id), part.holds(now))


def _tagged(tag: str) -> Any:
    """Condition: it has that tag. A tag of many tickets is asked for along the list, until the page is full."""
    uses: Any = TicketTag.select(TicketTag.ticket).where(TicketTag.tag == tag)
    ids = [ticket_id for (ticket_id,) in uses.limit(FEW + 1).tuples()]
    if len(ids) <= FEW:
        return Ticket.id.in_(ids)
    return peewee.fn.EXISTS(uses.where(TicketTag.ticket == Ticket.id))


def counts(staff_id: int) -> dict[str, int]:
    """How many are in each queue but the resolved, as that person sees it; COUNTED means that many or more."""
    return {name: _count(queue, staff_id) for name, queue in _QUEUES.items() if name != RESOLVED}


def waiting_count() -> int:
    """How many tickets wait for staff, without snoozed ones; COUNTED means that many or more."""
    return _count(_QUEUES[LONGEST], 0)


def _count(queue: _Queue, staff_id: int) -> int:
    model: Any = TicketMention if queue.of_mentions else Ticket
    return int(model.select(model.id).where(queue.holds(staff_id)).limit(COUNTED).count())


def _at_risk() -> Any:
    """Condition: nobody has answered, and the promised time is near or past."""
    soon = localtime.now() + timedelta(hours=shop.get(Promises).at_risk_hours)
    return _WAITS & (Ticket.answer_due_at <= soon)


def _beyond(part: _Part, places: list[Any]) -> Any:
    """Condition: after those places in the part's order."""
    beyond: Any = None
    for (field, down), place in reversed(list(zip(part.order, places, strict=True))):
        further = field < place if down else field > place
        beyond = further if beyond is None else further | ((field == place) & beyond)
    return beyond


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a page begins: in which part, after which places in its order, and as of which moment."""

    part: int
    places: list[Any] | None
    as_of: datetime


def _cursor(number: int, ticket: Any, queue: _Queue, as_of: datetime) -> str:
    places = [getattr(_row_of(ticket, field), field.name) for field, _ in queue.parts[number].order]
    plain = [_micros(each) if isinstance(each, datetime) else each for each in places]
    return base64.urlsafe_b64encode(json.dumps([number, _micros(as_of), *plain]).encode()).decode()


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _row_of(ticket: Any, field: Any) -> Any:
    return ticket.mention if field.model is TicketMention else ticket


def _read_cursor(cursor: str | None, queue: _Queue) -> _Start | None:
    """What a cursor stands for; None, the beginning, when it is invalid or another queue's."""
    try:
        number, as_of, *plain = read_json(base64.urlsafe_b64decode(cursor or ""))
        if not isinstance(number, int) or not 0 <= number < len(queue.parts):
            return None
        order = queue.parts[number].order
        places = [_place(field, each) for (field, _), each in zip(order, plain, strict=True)]
        return _Start(number, places, _EPOCH + timedelta(microseconds=int(as_of)))
    except (binascii.Error, ValueError, TypeError, OverflowError):
        return None


def _place(field: Any, plain: object) -> Any:
    if not isinstance(plain, str if isinstance(field, peewee.CharField) else int):
        raise TypeError(f"no {field.name}: {plain!r}")
    return _EPOCH + timedelta(microseconds=int(plain)) if isinstance(field, UtcDateTimeField) else plain
