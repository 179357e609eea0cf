"""Decides which tickets a list holds and what each line of it says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.inbox import PENDING, InboxEvent
from console import staff
from console.words import gettext
from support import latest_words, tickets
from support.tickets import Ticket

VIEWS = ("open", "mine", "unassigned", "resolved")
PAGE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    ticket: Ticket
    name: str
    last_words: str
    cause: str
    assignee: str | None
    waiting_since: datetime | None
    """None while it is the customer's turn."""
    closing: bool
    """Staff resolved it a moment ago and the worker has yet to act."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the list, and where it goes on."""

    rows: list[Row]
    next_cursor: str | None
    waiting_count: int
    open_count: int


def view_of(wanted: str | None) -> str:
    """The filter a link named; a strange one is the ordinary one."""
    return wanted if wanted in VIEWS else VIEWS[0]


def page(view: str, staff_id: int, cursor: str | None) -> QueuePage:
    """Those who wait longest first; what is done, latest first."""
    if view == "resolved":
        found = tickets.resolved(cursor=cursor, limit=PAGE_LENGTH)
    else:
        found = tickets.unresolved(
            assignee_id=staff_id if view == "mine" else None,
            only_unassigned=view == "unassigned",
            cursor=cursor,
            limit=PAGE_LENGTH,
        )
    counts = tickets.count_by_state()
    waiting_count, open_count = counts[tickets.WAITING], counts[tickets.OPEN]
    return QueuePage(_rows(found.tickets), found.next_cursor, waiting_count, waiting_count + open_count)


def cause_in_words(cause: str) -> str:
    """Why the ticket was opened."""
    return {
        tickets.DETRACTOR: gettext("低い評価"),
        tickets.ASKED: gettext("スタッフ希望"),
        tickets.FALLBACK: gettext("答えられなかった質問"),
        tickets.UPSET: gettext("お困り・お怒り"),
        tickets.FAQ_FAILED: gettext("FAQで解決せず"),
    }.get(cause, cause)


def is_closing(ticket: Ticket) -> bool:
    """Whether staff resolved it and the worker has yet to act."""
    return ticket.state != tickets.RESOLVED and ticket.conversation_id in _closing([ticket])


def _rows(found: list[Ticket]) -> list[Row]:
    names = staff.names()
    words = latest_words.of([ticket.conversation_id for ticket in found])
    closing = _closing(found)
    return [
        Row(
            ticket=ticket,
            name=ticket.customer.display_name,
            last_words=words.get(ticket.conversation_id, ""),
            cause=cause_in_words(ticket.cause),
            assignee=names.get(ticket.assignee_id) if ticket.assignee_id else None,
            waiting_since=ticket.since_at if ticket.state == tickets.WAITING else None,
            closing=ticket.state != tickets.RESOLVED and ticket.conversation_id in closing,
        )
        for ticket in found
    ]


def _closing(found: list[Ticket]) -> set[int]:
    query: Any = InboxEvent.select(InboxEvent.conversation).where(
        InboxEvent.state == PENDING,
        InboxEvent.source == "ticket.resolved",
        InboxEvent.conversation.in_([ticket.conversation_id for ticket in found]),
    )
    return {conversation_id for (conversation_id,) in query.tuples()} if found else set()
