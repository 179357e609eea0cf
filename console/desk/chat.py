"""Lays a transcript out as a chat: by day, side and state; and suggests FAQ entries that may help to answer.

The transcript is `support/transcript/`'s; media is `media.py`'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot import localtime
from bot.conversations import Conversation
from bot.routing.routes import is_command
from console.auth import staff_accounts
from console.desk import ticket_lists
from console.shell import media
from support.faq import entries
from support.faq.tables import FaqEntry
from support.listening.staff_requests import asks_for_staff
from support.text import clauses
from support.tickets import of_customers
from support.tickets.tickets import Ticket
from support.transcript import transcript
from support.transcript.transcript import Line

LINES_SHOWN = 60
LINES_AFTER = 20
TEXTS_ASKED = 3
CLAUSES_ASKED = 16
"""Each takes the model of meaning's time; the latest count."""
MOST_ENTRIES = 4
MOST_FOUND = 6


Days = list[tuple[date, list[Line]]]


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong to one earlier ticket of the customer, or, without one, to the ticket shown and to the bot."""

    past: Ticket | None
    days: Days
    line_count: int
    is_open: bool
    """Whether a line that was searched for is among them."""


@dataclass(frozen=True, slots=True)
class Chat:
    """The part of one chat that is shown."""

    days: Days
    sections: list[Section]
    older_cursor: str | None
    newest_cursor: str | None
    """The cursor of the last line that is shown."""
    pieces: dict[str, media.Piece]
    """Media from customers, by LINE's message ids."""
    staff_names: dict[int, str]
    assignee: str | None
    blocked: bool
    closing: bool
    waiting: str
    before: str | None = None
    """The cursor before which these lines are; None for the latest."""
    at: int | None = None
    """The inbox id of the line that a search found, which is among these."""
    sought_cursor: str | None = None


def of(ticket: Ticket, before: str | None = None, at: int | None = None) -> Chat:
    """The latest lines of the ticket's chat, those before a cursor, or those about a line, on the shop's dates."""
    sought = transcript.cursor_of(ticket.conversation_id, at) if at else None
    if sought:
        later = transcript.since(ticket.conversation_id, sought, limit=LINES_AFTER)
        end = later[-1].cursor if later else sought
        before = end if transcript.since(ticket.conversation_id, end, limit=1) else None
    page = transcript.page(ticket.conversation_id, before=before, limit=LINES_SHOWN)
    names = staff_accounts.names()
    return Chat(
        days=_by_day(page.lines),
        sections=_sections(ticket, page.lines, sought),
        older_cursor=page.older_cursor,
        newest_cursor=page.lines[-1].cursor if page.lines else None,
        pieces=media.pieces([line.message_id for line in page.lines if line.message_id]),
        staff_names=names,
        assignee=names.get(ticket.assignee_id) if ticket.assignee_id else None,
        blocked=Conversation.get_by_id(ticket.conversation_id).blocked_at is not None,
        closing=ticket_lists.is_closing(ticket),
        waiting=ticket_lists.waiting_in_words(),
        before=before,
        at=at if sought else None,
        sought_cursor=sought,
    )


def _by_day(lines: Iterable[Line]) -> Days:
    days = groupby(lines, key=lambda line: localtime.local_date(line.at))
    return [(day, list(those)) for day, those in days]


def _sections(ticket: Ticket, lines: Sequence[Line], sought: str | None) -> list[Section]:
    """The lines in order, each earlier ticket's together."""
    if not lines:
        return []
    earlier = of_customers.resolved_between(ticket.customer_id, ticket.id, lines[0].at, lines[-1].at)

    def past_of(line: Line) -> Ticket | None:
        return next((each for each in earlier if each.opened_at <= line.at <= each.resolved_at), None)

    sections = []
    for past, found in groupby(lines, key=past_of):
        those = list(found)
        is_sought = any(line.cursor == sought for line in those)
        sections.append(Section(past, _by_day(those), len(those), is_sought))
    return sections


def fitting_faq(chat: Chat) -> list[FaqEntry]:
    """FAQ entries that match every clause of the messages that staff have not answered, most certain first; where all
    are answered, of the latest.

    Commands to the bot and calls for a person are left out. The order is by certainty, not time, so that a
    later aside does not hide a complaint.
    """
    lines = [line for _, lines in chat.days for line in lines]
    answered = max((number for number, line in enumerate(lines) if line.who == transcript.STAFF), default=-1)
    open_texts = _texts(lines[answered + 1 :]) or _texts(lines)[-TEXTS_ASKED:]
    asked = dict.fromkeys(clause for text in open_texts for clause in _clauses(text))
    matches = [match for each in list(asked)[-CLAUSES_ASKED:] for match in entries.search(each).matches]
    surest_first = sorted(matches, key=lambda match: match.sureness, reverse=True)
    return entries.entries(list(dict.fromkeys(match.entry_id for match in surest_first))[:MOST_ENTRIES])


def _texts(lines: list[Line]) -> list[str]:
    written = (line.text for line in lines if line.who == transcript.CUSTOMER and line.kind == "text")
    return [text for text in written if not is_command(text) and not asks_for_staff(text)]


def _clauses(text: str) -> tuple[str, ...]:
    """The clauses that ask for something, and the message as a whole."""
    return (text, *clauses.asked(text).clauses)


def customer_texts(chat: Chat) -> list[str]:
    """What the customer wrote in the part that is shown, oldest first."""
    lines = [line for _, lines in chat.days for line in lines]
    return [line.text for line in lines if line.who == transcript.CUSTOMER and line.kind == "text"]


def found_faq(words: str) -> list[FaqEntry]:
    """The FAQ entries nearest to what staff search for."""
    return entries.nearest(words, MOST_FOUND) if words else []
