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
    opt_out,
    questions,
    staff_requests,
    withdrawal,
)
from support.listening.classifier import likelihoods
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


EXCHANGES = frozenset(
    {
        State.LOW_COMMENT,
        State.COMMENT,
        State.TESTIMONIAL,
        State.PICTURE,
        State.NAME,
        State.CONSENT,
        State.CSAT,
        State.OTHER_EXCHANGE,
    }
)
"""The bot waits for words or a picture: the customer may want to leave it."""


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
    """To leave the shop, or to have an order or a subscription undone."""
    LEAVE = "leave"
    """Not to go on with what was asked for: 「書くのやめます」."""
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


_ALARMS = tuple(sorted(ALARMS))
ALARM_HEARD = {Kind.DANGER: 0.08, Kind.HARM: 0.08, Kind.DAMAGE: 0.1, Kind.ANGER: 0.15}
ALARM_IN_A_NAME, ALARM_DENIED, WISH_HEARD, HARM_BEFORE_GOODS = 0.8, 0.02, 0.5, 0.35
ALARM_IN_A_WISH = 0.5
WITHDRAWAL_HEARD = 0.9
"""It closes a ticket: 「お手すきのときで結構です」 must not."""
LONGEST_COURTESY = 40
"""Who writes more has something else to say, too."""
"""How likely a kind must be for the model's word to count beside the rules'. Chosen on the parts of the labelled
messages that are only counted: see docs/performance.md."""
FEWEST_ANGRY_LETTERS = 5
"""Of fewer letters too many things can be meant: there the rules say what is angry."""
EVIDENCE = 40
WHOLE, MOST_SENTENCES = 80, 50
"""A message of more letters is looked at by its sentences."""
_SHORT_ANSWERS = frozenset({State.NAME, State.CONSENT, State.OTHER_EXCHANGE})
_MORE_CLOSELY = {Kind.DANGER: "self", Kind.HARM: "harm", Kind.DAMAGE: "damage", Kind.ANGER: "feeling"}


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
    ruled = by_rules(text, said, state)
    if ruled.kind is Kind.DANGER or not said.letters:
        return ruled
    return _with_second_opinion(ruled, text, said, state)


def by_rules(text: str, said: Folded, state: State) -> Heard:
    """What the rules alone say that it is."""
    return _alarm(said, state) or _unalarmed(text, said, state)


def _unalarmed(text: str, said: Folded, state: State) -> Heard:
    return _wish(text, said, state) or _other(text, said)


def _with_second_opinion(ruled: Heard, text: str, said: Folded, state: State) -> Heard:
    """The rules' word, unless the letters of the message speak clearly for an alarm that no rule foresaw, or against
    one; or for a wish or a courtesy in words that no rule knows."""
    likely = _likelihoods(ruled, said, state)
    alarming = sum(likely[kind] for kind in _ALARMS)
    if ruled.kind in (Kind.DAMAGE, Kind.ANGER) and likely[Kind.HARM] > HARM_BEFORE_GOODS:
        return Heard(Kind.HARM, _MORE_CLOSELY[Kind.HARM], ruled.evidence)
    if ruled.is_alarm:
        return ruled if alarming > ALARM_DENIED else _unalarmed(text, said, state)
    kind = max(_ALARMS, key=lambda each: likely[each])
    is_curt = kind is Kind.ANGER and (len(said.letters) < FEWEST_ANGRY_LETTERS or ruled.kind is Kind.STAFF)
    if not is_curt and alarming > _alarm_needed(ruled, kind, state):
        return Heard(kind, _MORE_CLOSELY[kind], said.letters[:EVIDENCE])
    if ruled.kind not in (Kind.OTHER, Kind.QUESTION):
        return ruled
    likeliest = Kind(max(likely, key=lambda each: likely[each]))
    if likely[likeliest] > _wish_needed(likeliest) and _may_be(likeliest, ruled, said, state):
        return Heard(likeliest, evidence=said.letters[:EVIDENCE])
    return ruled


def _alarm_needed(ruled: Heard, kind: Kind, state: State) -> float:
    """How likely an alarm must be: more so where the rules found a wish or a courtesy, and in a short answer."""
    if state in _SHORT_ANSWERS:
        return ALARM_IN_A_NAME
    return ALARM_HEARD[kind] if ruled.kind in (Kind.OTHER, Kind.QUESTION) else ALARM_IN_A_WISH


def _wish_needed(kind: Kind) -> float:
    return WITHDRAWAL_HEARD if kind is Kind.TAKE_BACK else WISH_HEARD


def _likelihoods(ruled: Heard, said: Folded, state: State) -> dict[str, float]:
    """Of the message; of a long one, those of its most alarming sentence."""
    if len(said.letters) <= WHOLE or len(said.sentences) == 1:
        return likelihoods(said.letters, ruled.kind, state)
    each = [likelihoods(sentence, ruled.kind, state) for sentence in said.sentences[:MOST_SENTENCES]]
    return max(each, key=lambda likely: sum(likely[kind] for kind in _ALARMS))


def _may_be(kind: Kind, ruled: Heard, said: Folded, state: State) -> bool:
    """Whether the model's word is enough for that kind there: a withdrawn wish needs somebody who waits, a command
    needs its name, and where words were asked for, only those that say they are none are none."""
    if kind is Kind.TAKE_BACK:
        return state is State.WAITING
    if kind is Kind.LEAVE:
        return state in EXCHANGES | {State.IDLE}
    if state in _SHORT_ANSWERS:
        return False
    if kind in COURTESIES - {Kind.WHAT_TO_WRITE} and (
        ruled.kind is Kind.QUESTION or len(said.letters) > LONGEST_COURTESY
    ):
        return False
    return kind in COURTESIES | {Kind.STAFF, Kind.STOP, Kind.RESUME}


def _alarm(said: Folded, state: State) -> Heard | None:
    if found := danger.danger(said):
        return Heard(Kind.DANGER, *found)
    if found := harm.harm(said):
        return Heard(Kind.HARM, *found)
    if stop := opt_out.stops(said):
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
    if staff_requests.asks_for_staff(text) or staff_requests.asks_for_staff_too(text):
        return Heard(Kind.STAFF, evidence=said.letters)
    if staff_requests.is_urgent(said):
        return Heard(Kind.STAFF, "urgent", said.letters)
    if state is State.WAITING and (words := withdrawal.takes_back(said)):
        return Heard(Kind.TAKE_BACK, withdrawal.SOLVED if withdrawal.is_solved(said) else "", words)
    if state in EXCHANGES | {State.IDLE} and opt_out.leaves(said):
        return Heard(Kind.LEAVE, evidence=said.letters)
    if words := opt_out.resumes(said):
        return Heard(Kind.RESUME, evidence=words)
    if words := opt_out.send_after_all(said):
        return Heard(Kind.RESUME, opt_out.SEND_AFTER_ALL, words)
    if opt_out.ends_something(said):
        return Heard(Kind.END, evidence=said.letters)
    if (command := commands.wished(said)) and not (command == "アンケート" and state is State.STAFF):
        return Heard(Kind.COMMAND, command, said.letters)
    if (did_help := questions.helped(said)) is not None:
        return Heard(Kind.HELPED if did_help else Kind.NOT_HELPED, evidence=said.letters)
    if polite := courtesy.courtesy(said):
        return Heard(Kind(polite), evidence=said.letters)
    return None


def _other(text: str, said: Folded) -> Heard:
    return Heard(
        Kind.QUESTION if questions.asks(text, said) else Kind.OTHER, evidence=said.letters[:EVIDENCE]
    )
