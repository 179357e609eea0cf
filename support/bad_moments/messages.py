"""Messages for danger, injury, damage and anger: what to do first, then who answers and when. Plain texts
without buttons.

The sentences are in `words.py`.
"""

from datetime import datetime, timedelta

from bot import localtime
from bot.line import messages as line
from bot.line.messages import Action, Message
from support.bad_moments.words import words
from support.hours import business_hours
from support.listening import Heard, MessageKind
from support.tickets.tickets import DANGER, Ticket

STEP = timedelta(minutes=15)
"""A promised time is rounded up to the next quarter of an hour."""


def by_when(due_at: datetime) -> str:
    """The promised time in words: 本日15:00."""
    local = localtime.local(due_at)
    over = timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
    rounded = local + (STEP - over) if over else local
    return business_hours.in_words(rounded, localtime.local(localtime.now()))


def by_when_if_ahead(due_at: datetime | None) -> str:
    """The same; empty when that time has passed, which is not promised again."""
    return by_when(due_at) if due_at is not None and due_at > localtime.now() else ""


def first_sentence(heard: Heard, ticket: Ticket) -> list[Message]:
    """The first advice, and that staff answer by the ticket's promised time."""
    due = by_when_if_ahead(ticket.answer_due_at)
    if heard.kind is MessageKind.DANGER:
        spoken = words().danger_other if heard.subkind == "other" else words().danger_self
        return [
            line.text(
                "\n\n".join(
                    [spoken, words().helpline, _answers(words().danger_told, words().danger_late, due)]
                )
            )
        ]
    parts = [_what_to_do(heard), _answers(words().person_answers, words().person_answers_late, due)]
    if heard.kind is MessageKind.HARM:
        parts.insert(0, words().harm_opening)
    return [line.text("\n\n".join(parts))]


def first_aid(harm: str) -> list[Message]:
    """The first aid for that kind of injury alone, for a customer who asks again."""
    return [line.text(str(getattr(words(), harm)))]


def danger_again() -> list[Message]:
    """The answer when a customer in danger writes on; there is always one."""
    return [line.text("\n\n".join([words().danger_again, words().helpline]))]


def say(sentence: str) -> Message:
    """A text message of one sentence."""
    return line.text(sentence)


def reopened(chosen: str, due_at: datetime, change: Action) -> Message:
    """The ticket is reopened with the same assignee; a button to change the choice."""
    return line.text(words().reopened.format(chosen=chosen, due=by_when(due_at)), [change])


def late(ticket: Ticket) -> Message:
    """The apology that the promised time has passed."""
    said = words().late_again if ticket.late_count else words().late
    last = words().helpline if ticket.cause == DANGER else words().late_if_solved
    return line.text(f"{said}\n\n{last}")


def _what_to_do(heard: Heard) -> str:
    if heard.kind is MessageKind.ANGER:
        return words().haste if heard.subkind == "haste" else words().anger
    if heard.kind is MessageKind.STAFF:
        return words().haste
    return str(getattr(words(), heard.subkind))


def _answers(promised: str, late: str, due: str) -> str:
    """Who answers and when; where the promised time has passed, no other is named."""
    return promised.format(due=due) if due else late
