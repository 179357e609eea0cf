"""What a message is, from its text and where the conversation stands. The only place that says so. Pure.

First what must never be missed: a life, a body, the goods, anger. Then wishes, which count in any state. What is left
is courtesy, a question, or words of which the state decides what they are.
"""

from dataclasses import dataclass
from enum import StrEnum

from support.listening import (
    anger,
    commands,
    courtesy,
    damage,
    danger,
    harm,
    questions,
    staff_words,
    stopping,
    taking_back,
)
from support.listening.folding import LONGEST, Folded, fold


class State(StrEnum):
    """What the bot waits for, or who has the chat."""

    IDLE = "idle"
    ASKED = "asked"
    """The one question was put and not answered."""
    LOW_COMMENT = "low_comment"
    COMMENT = "comment"
    TESTIMONIAL = "testimonial"
    PICTURE = "picture"
    NAME = "name"
    CONSENT = "consent"
    CSAT = "csat"
    OTHER_EXCHANGE = "other_exchange"
    WAITING = "waiting"
    """The customer waits for a person who has not spoken yet."""
    STAFF = "staff"
    """A person has spoken and has the chat."""


class Kind(StrEnum):
    """What a message is."""

    DANGER = "danger"
    HARM = "harm"
    DAMAGE = "damage"
    ANGER = "anger"
    STAFF = "staff"
    STOP = "stop"
    RESUME = "resume"
    END = "end"
    TAKE_BACK = "take_back"
    COMMAND = "command"
    THANKS = "thanks"
    GREETING = "greeting"
    NOD = "nod"
    SMALL_TALK = "small_talk"
    LATER = "later"
    NOTHING = "nothing"
    WHAT_TO_WRITE = "what_to_write"
    HELPED = "helped"
    NOT_HELPED = "not_helped"
    QUESTION = "question"
    OTHER = "other"


SHORT_NAME = 4
"""So short a text may be a nickname, whatever it sounds like."""
ALARMS = frozenset({Kind.DANGER, Kind.HARM, Kind.DAMAGE, Kind.ANGER})
"""These go to a person at once, whatever the bot waits for."""
COURTESIES = frozenset(
    {
        Kind.THANKS,
        Kind.GREETING,
        Kind.NOD,
        Kind.SMALL_TALK,
        Kind.LATER,
        Kind.NOTHING,
        Kind.WHAT_TO_WRITE,
    }
)
"""These are no comment, no testimonial, and earn nothing."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message is, more closely, and the words that say so."""

    kind: Kind
    subkind: str = ""
    evidence: str = ""

    @property
    def is_alarm(self) -> bool:
        """Whether a person must have it at once."""
        return self.kind in ALARMS


def hear(text: str, state: State = State.IDLE) -> Heard:
    """What the message is. Reads 5,000 letters of it, in time proportional to its length."""
    text = text[:LONGEST]
    said = fold(text)
    return _alarm(said, state) or _wish(text, said, state) or _other(text, said)


def _alarm(said: Folded, state: State) -> Heard | None:
    if found := danger.danger(said):
        return Heard(Kind.DANGER, *found)
    if found := harm.harm(said):
        return Heard(Kind.HARM, *found)
    if stop := stopping.stops(said):
        return Heard(Kind.STOP, evidence=stop)
    if state is State.NAME and len(said.letters) <= SHORT_NAME:
        return None
    if found := damage.damage(said):
        return Heard(Kind.DAMAGE, *found)
    waits = state in {State.WAITING, State.STAFF}
    if found := anger.anger(said, waits=waits):
        return Heard(Kind.ANGER, *found)
    return None


def _wish(text: str, said: Folded, state: State) -> Heard | None:
    if staff_words.asks_for_staff(text) or staff_words.asks_for_staff_too(text):
        return Heard(Kind.STAFF, evidence=said.letters)
    if staff_words.is_urgent(said):
        return Heard(Kind.STAFF, "urgent", said.letters)
    if state is State.WAITING and (words := taking_back.takes_back(said)):
        return Heard(Kind.TAKE_BACK, evidence=words)
    if words := stopping.resumes(said):
        return Heard(Kind.RESUME, evidence=words)
    if stopping.ends_something(said):
        return Heard(Kind.END, evidence=said.letters)
    if (command := commands.wished(said)) and not (command == "アンケート" and state is State.STAFF):
        return Heard(Kind.COMMAND, command, said.letters)
    if (did_help := questions.helped(said)) is not None:
        return Heard(Kind.HELPED if did_help else Kind.NOT_HELPED, evidence=said.letters)
    if polite := courtesy.courtesy(said):
        return Heard(Kind(polite), evidence=said.letters)
    return None


def _other(text: str, said: Folded) -> Heard:
    return Heard(Kind.QUESTION if questions.asks(text, said) else Kind.OTHER, evidence=said.letters[:40])
