"""Puts together what is said at a bad moment: what to do first, then who answers and when. Plain texts, no chips."""

from datetime import datetime, timedelta

from bot import localtime
from bot.line import messages as line
from bot.line.messages import Action, Message
from support.bad_moments.words import words
from support.hours import business_hours
from support.listening import Heard, MessageKind
from support.tickets.tickets import DANGER, Ticket

STEP = timedelta(minutes=15)
"""A promised moment is said to the next quarter of an hour."""


def by_when(due_at: datetime) -> str:
    """The promised moment as one says it: 本日15:00."""
    local = localtime.local(due_at)
    over = timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
    rounded = local + (STEP - over) if over else local
    return business_hours.in_words(rounded, localtime.local(localtime.now()))


def first_sentence(heard: Heard, ticket: Ticket) -> list[Message]:
    """What the customer hears first, and that a person answers by the ticket's promised moment."""
    due = by_when(ticket.answer_due_at or localtime.now())
    if heard.kind is MessageKind.DANGER:
        spoken = words().danger_other if heard.subkind == "other" else words().danger_self
        return [line.text("\n\n".join([spoken, words().helpline, words().danger_told.format(due=due)]))]
    parts = [_what_to_do(heard), words().person_answers.format(due=due)]
    if heard.kind is MessageKind.HARM:
        parts.insert(0, words().harm_opening)
    return [line.text("\n\n".join(parts))]


def first_aid(harm: str) -> list[Message]:
    """What to do after that kind of harm, alone: the customer asks once more."""
    return [line.text(str(getattr(words(), harm)))]


def danger_again() -> list[Message]:
    """Somebody in danger writes on: never silence."""
    return [line.text("\n\n".join([words().danger_again, words().helpline]))]


def say(sentence: str) -> Message:
    """One of the sentences of `words.py`, alone."""
    return line.text(sentence)


def reopened(chosen: str, due_at: datetime, change: Action) -> Message:
    """The chat goes on with the same person; below it the way to choose otherwise."""
    return line.text(words().reopened.format(chosen=chosen, due=by_when(due_at)), [change])


def late(ticket: Ticket) -> Message:
    """The promise is broken, said honestly."""
    said = words().late_again if ticket.late_count else words().late
    last = words().helpline if ticket.cause == DANGER else words().late_if_solved
    return line.text(f"{said}\n\n{last}")


def _what_to_do(heard: Heard) -> str:
    if heard.kind is MessageKind.ANGER:
        return words().haste if heard.subkind == "haste" else words().anger
    if heard.kind is MessageKind.STAFF:
        return words().haste
    return str(getattr(words(), heard.subkind))
