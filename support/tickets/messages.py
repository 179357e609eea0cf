"""Messages when a chat is handed over to staff and when it comes back. Sentences are in `words.py`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.line import messages as line
from bot.line.messages import Action, Message
from support.hours import settings
from support.hours.business_hours import in_words, is_open, next_opening
from support.tickets import second_account_words
from support.tickets import settings as settings_of_tickets
from support.tickets.severity import Severity
from support.tickets.tables import ASKED, Ticket
from support.tickets.words import words


def ticket_opened(local: datetime, due: str, ways: Sequence[Action] = ()) -> Message:
    """The next steps, which depend on whether staff are there at that moment, and how long it takes; `due` is the
    promised time in words."""
    within, outside = words().ticket_opened, words().ticket_opened_after_hours
    return line.text(_by_hours(local, within, outside, due), list(ways))


def already_waiting(local: datetime, ways: Sequence[Action] = ()) -> Message:
    """Staff have the request already."""
    said = _by_hours(local, words().already_waiting, words().already_waiting_after_hours)
    return line.text(said, list(ways))


def ways_while_waiting(ticket: Ticket) -> list[Action]:
    """What a customer who waits may do meanwhile: take the request back, or ask the FAQ. Nothing for the angry and the
    injured, and once staff have written."""
    if ticket.severity >= Severity.ANGER or ticket.staff_spoke_at is not None:
        return []
    return [withdraw(ticket.id), line.say("よくある質問")]


def withdraw(ticket_id: int) -> Action:
    """The button that takes the request back."""
    label = words().withdraw_button
    return line.postback(label, "ticket.withdraw", label, t=ticket_id)


def ticket_closed() -> Message:
    """Staff are done, and the bot answers again."""
    return line.text(words().ticket_closed)


def received_on_second(local: datetime, due: str) -> Message:
    """A message to the second account has reached staff; `due` is the promised time in words."""
    say = second_account_words.words()
    return line.text(_by_hours(local, say.received, say.received_after_hours, due))


def closed_on_second() -> Message:
    """Staff are done, on the second account, where no bot answers."""
    return line.text(second_account_words.words().closed)


def invitation(basic_id: str) -> Message:
    """A button that adds the second account."""
    say = second_account_words.words()
    button = line.button(line.open_uri(say.invitation_button, line.chat(basic_id)), "secondary")
    return line.flex(say.invitation, line.bubble([line.words(say.invitation)], [button]))


def _by_hours(local: datetime, within: str, outside: str, due: str = "") -> str:
    hours = settings.hours()
    working = _in_hours(settings_of_tickets.promised(ASKED))
    if is_open(hours, local):
        return within.format(due=due, within=working)
    opening = next_opening(hours, local)
    opens_at = in_words(opening, local) if opening else words().no_opening_known
    return outside.format(opens_at=opens_at, due=due, within=working)


def _in_hours(working: timedelta) -> str:
    return words().hours.format(hours=f"{working / timedelta(hours=1):g}")
