"""What is shown of the ticket beside its chat: state, assignee, due time, snooze, tags and notes.

What staff change there is `ticket_work.py`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import localtime
from console.auth import staff_accounts
from console.auth.staff_accounts import Staff
from console.shell.translation import gettext
from support.bad_moments import follow_ups
from support.hours import settings
from support.satisfaction import ratings
from support.satisfaction.ratings import Satisfaction
from support.tickets import notes as ticket_notes
from support.tickets import snoozing, tickets
from support.tickets import tags as ticket_tags
from support.tickets import words as ticket_words
from support.tickets.notes import TicketNote
from support.tickets.tickets import Chat, Ticket


@dataclass(frozen=True, slots=True)
class TicketState:
    """Who is answering the customer: the bot or staff."""

    words: str
    other_ticket_id: int | None
    """Another, unresolved ticket of the same customer, when this one is resolved."""


@dataclass(frozen=True, slots=True)
class TicketSidebar:
    """The sidebar of one ticket."""

    people: list[Staff]
    """The people it can be assigned to."""
    names: dict[int, str]
    snooze_until: list[tuple[str, str, datetime]]
    """Snooze options: the value, its label, and the moment it means."""
    tags: list[str]
    known_tags: list[str]
    notes: Sequence[TicketNote]
    is_asked: bool
    """Whether an unread note mentions the person viewing."""
    satisfaction: Satisfaction | None
    may_follow_up: bool
    """Whether a follow-up may be sent to the customer by itself."""
    follow_up_words: str
    """What it says where staff write nothing."""


def of(ticket: Ticket, person: Staff) -> TicketSidebar:
    """The sidebar of that ticket for that person."""
    everyone = staff_accounts.all_staff()
    tags = ticket_tags.of_tickets([ticket.id]).get(ticket.id, [])
    return TicketSidebar(
        people=[each for each in everyone if each.is_active],
        names={each.id: each.name for each in everyone},
        snooze_until=_snooze_choices(),
        tags=tags,
        known_tags=[tag for tag in ticket_tags.lately_used() if tag not in tags],
        notes=ticket_notes.of_customer(ticket.customer_id),
        is_asked=ticket_notes.is_asked(ticket.id, person.id),
        satisfaction=ratings.of_ticket(ticket.id),
        may_follow_up=follow_ups.may_be_sent(ticket, ticket.customer),
        follow_up_words=ticket_words.words().follow_up,
    )


def state_of(ticket: Ticket) -> TicketState:
    """Who is answering the customer now."""
    current = tickets.open_ticket_of(ticket.customer_id)
    words = _state(tickets.who_has_the_chat(ticket.customer_id), current)
    return TicketState(words, current.id if current and current.id != ticket.id else None)


def _state(chat: Chat, current: Ticket | None) -> str:
    if current is not None and current.handed_over_at is None:
        return gettext("自動応答がお答えしています。こちらから送ると、スタッフの番になります。")
    return {
        Chat.BOT: gettext("自動応答がお答えしています。"),
        Chat.WAITING: gettext("お客様がお返事を待っています。自動応答は止まっています。"),
        Chat.STAFF: gettext("スタッフが対応しています。自動応答は止まっています。"),
        Chat.RESOLVED: gettext("対応は終わり、自動応答に戻っています。"),
    }[chat]


def _snooze_choices() -> list[tuple[str, str, datetime]]:
    local, hours = localtime.local(localtime.now()), settings.hours()
    words = {
        snoozing.HOUR: gettext("1時間後"),
        snoozing.TOMORROW: gettext("明日の営業開始"),
        snoozing.NEXT_WEEK: gettext("来週の営業開始"),
    }
    choices = [(choice, said, snoozing.until(choice, hours, local)) for choice, said in words.items()]
    # On a Sunday tomorrow is also next week: the nearer option is enough.
    different = {
        until: (choice, said, until) for choice, said, until in reversed(choices) if until is not None
    }
    return [*different.values()][::-1]
