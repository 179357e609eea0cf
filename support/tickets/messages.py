"""Messages when a chat is handed over to staff and when it comes back. Sentences are in `words.py`."""

from datetime import datetime

from bot.line import messages as line
from bot.line.messages import Message
from support.hours import settings
from support.hours.business_hours import in_words, is_open, next_opening
from support.tickets import second_account_words
from support.tickets.words import words


def ticket_opened(local: datetime, due: str) -> Message:
    """The next steps, which depend on whether staff are there at that moment; `due` is the promised time in words."""
    return line.text(_by_hours(local, words().ticket_opened, words().ticket_opened_after_hours, due))


def already_waiting(local: datetime) -> Message:
    """Staff have the request already."""
    return line.text(_by_hours(local, words().already_waiting, words().already_waiting_after_hours))


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
    if is_open(hours, local):
        return within.format(due=due)
    opening = next_opening(hours, local)
    opens_at = in_words(opening, local) if opening else words().no_opening_known
    return outside.format(opens_at=opens_at, due=due)
