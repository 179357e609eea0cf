"""Decides how a transcript reads as a chat: days, sides, states; and which FAQ entries would help to answer."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot import localtime
from bot.conversations import Conversation
from bot.routing.routes import is_command
from console.auth import staff_accounts
from console.desk import media, ticket_lists
from support.faq import entries
from support.faq.tables import FaqEntry
from support.listening.staff_requests import asks_for_staff
from support.tickets import tickets
from support.tickets.tickets import Ticket
from support.transcript import transcript
from support.transcript.transcript import Line

LINES_SHOWN = 60
LINES_AFTER = 20
TEXTS_ASKED = 3
MOST_ENTRIES = 4
MOST_FOUND = 6


@dataclass(frozen=True, slots=True)
class Chat:
    """What is to be seen of one chat."""

    days: list[tuple[date, list[Line]]]
    older_cursor: str | None
    newest_cursor: str | None
    """The place of the last line that is shown."""
    pieces: dict[str, media.Piece]
    """What customers sent, by LINE's ids of the messages."""
    staff_names: dict[int, str]
    assignee: str | None
    blocked: bool
    closing: bool
    waiting_count: int
    before: str | None = None
    """The cursor before which these lines stand; None for the latest."""
    at: int | None = None
    """The inbox's number of the line that was sought, which is among these."""
    sought_cursor: str | None = None


def of(ticket: Ticket, before: str | None = None, at: int | None = None) -> Chat:
    """The latest lines of the ticket's chat, or those before a cursor or about a line, by the shop's days."""
    sought = transcript.cursor_of(ticket.conversation_id, at) if at else None
    if sought:
        later = transcript.since(ticket.conversation_id, sought, limit=LINES_AFTER)
        end = later[-1].cursor if later else sought
        before = end if transcript.since(ticket.conversation_id, end, limit=1) else None
    page = transcript.page(ticket.conversation_id, before=before, limit=LINES_SHOWN)
    days = groupby(page.lines, key=lambda line: localtime.local_date(line.at))
    names = staff_accounts.names()
    return Chat(
        days=[(day, list(lines)) for day, lines in days],
        older_cursor=page.older_cursor,
        newest_cursor=page.lines[-1].cursor if page.lines else None,
        pieces=media.pieces([line.message_id for line in page.lines if line.message_id]),
        staff_names=names,
        assignee=names.get(ticket.assignee_id) if ticket.assignee_id else None,
        blocked=Conversation.get_by_id(ticket.conversation_id).blocked_at is not None,
        closing=ticket_lists.is_closing(ticket),
        waiting_count=tickets.count_waiting(),
        before=before,
        at=at if sought else None,
        sought_cursor=sought,
    )


def fitting_faq(chat: Chat) -> list[FaqEntry]:
    """FAQ entries that fit what the customer wrote last: words that call the bot or a person ask nothing of the FAQ.

    The surest first, whenever it was written: a complaint is not hidden by a later aside.
    """
    lines = [line for _, lines in chat.days for line in lines]
    written = (line.text for line in lines if line.who == transcript.CUSTOMER and line.kind == "text")
    texts = [text for text in written if not is_command(text) and not asks_for_staff(text)]
    matches = [match for text in texts[-TEXTS_ASKED:] for match in entries.search(text).matches]
    surest_first = sorted(matches, key=lambda match: match.sureness, reverse=True)
    return entries.entries(list(dict.fromkeys(match.entry_id for match in surest_first))[:MOST_ENTRIES])


def found_faq(words: str) -> list[FaqEntry]:
    """The entries nearest to what staff look for."""
    return entries.nearest(words, MOST_FOUND) if words else []
