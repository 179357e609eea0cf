"""Classifies a message by its text and the state of the conversation, combining the rules and the classifier. Pure.

First danger, injury, damage and anger, which must not be missed. Then requests, which count in any state. The
rest is a courtesy, a question, or words whose meaning depends on the state.
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


class ConversationState(StrEnum):
    """What the bot waits for, or who has the chat."""

    IDLE = "idle"
    ASKED = "asked"
    """The survey was sent and not answered."""
    LOW_COMMENT = "low_comment"
    COMMENT = "comment"
    TESTIMONIAL = "testimonial"
    PICTURE = "picture"
    NAME = "name"
    CONSENT = "consent"
    CSAT = "csat"
    OTHER_EXCHANGE = "other_exchange"
    WAITING = "waiting"
    """The customer waits for staff, who have not written yet."""
    STAFF = "staff"
    """Staff have written and have the chat."""


EXCHANGES = frozenset(
    {
        ConversationState.LOW_COMMENT,
        ConversationState.COMMENT,
        ConversationState.TESTIMONIAL,
        ConversationState.PICTURE,
        ConversationState.NAME,
        ConversationState.CONSENT,
        ConversationState.CSAT,
        ConversationState.OTHER_EXCHANGE,
    }
)
"""States in which the bot waits for words or a picture, which the customer may want to leave."""


class MessageKind(StrEnum):
    """The kind of a message."""

    DANGER = "danger"
    HARM = "harm"
    DAMAGE = "damage"
    ANGER = "anger"
    STAFF = "staff"
    STOP = "stop"
    RESUME = "resume"
    END = "end"
    """To leave the shop, or to cancel an order or a subscription."""
    LEAVE = "leave"
    """Not to go on with what was asked for: 「書くのやめます」."""
    WITHDRAW = "take_back"
    COMMAND = "command"
    THANKS = "thanks"
    GREETING = "greeting"
    NOD = "nod"
    CHITCHAT = "small_talk"
    LATER = "later"
    NOTHING = "nothing"
    WHAT_TO_WRITE = "what_to_write"
    HELPED = "helped"
    NOT_HELPED = "not_helped"
    QUESTION = "question"
    OTHER = "other"


SHORT_NAME = 4
"""Letters up to which a text may be a nickname, whatever it resembles."""
ALARMS = frozenset({MessageKind.DANGER, MessageKind.HARM, MessageKind.DAMAGE, MessageKind.ANGER})
"""These are passed to staff at once, whatever the bot waits for."""
COURTESIES = frozenset(
    {
        MessageKind.THANKS,
        MessageKind.GREETING,
        MessageKind.NOD,
        MessageKind.CHITCHAT,
        MessageKind.LATER,
        MessageKind.NOTHING,
        MessageKind.WHAT_TO_WRITE,
    }
)
"""These are stored neither as a comment nor as a testimonial, and earn nothing."""


_ALARMS = tuple(sorted(ALARMS))
# What the classifier's probability must exceed to count beside the rules. Chosen on the labelled messages that are used
# for counting only: see docs/performance.md.
ALARM_HEARD = {
    MessageKind.DANGER: 0.15,
    MessageKind.HARM: 0.1,
    MessageKind.DAMAGE: 0.1,
    MessageKind.ANGER: 0.15,
}
"""All alarms together, by the likeliest of them, where the rules found a question or nothing."""
ALARM_IN_A_WISH = 0.5
"""The same where the rules found a request or a courtesy."""
ALARM_IN_A_NAME = 0.8
"""The same where a short answer is expected, such as a nickname."""
ALARM_DENIED = 0.02
"""All alarms together: an alarm of the rules stands only above it."""
DANGER_FIRST = 0.45
"""Danger to life then goes before every other kind."""
HARM_BEFORE_GOODS = 0.35
"""Harm then goes before damage and anger."""
WISH_HEARD = 0.5
"""A request or a courtesy."""
WITHDRAWAL_HEARD = 0.9
"""A withdrawal resolves a ticket: 「お手すきのときで結構です」 must not count as one."""

LONGEST_COURTESY = 40
"""Letters; a longer message says more than a courtesy."""
FEWEST_ANGRY_LETTERS = 5
"""Fewer letters are too ambiguous for the classifier: there only the rules recognise anger."""
EVIDENCE = 40
WHOLE, MOST_SENTENCES = 80, 50
"""A longer message is classified sentence by sentence."""
_SHORT_ANSWERS = frozenset(
    {ConversationState.NAME, ConversationState.CONSENT, ConversationState.OTHER_EXCHANGE}
)
_MORE_CLOSELY = {
    MessageKind.DANGER: "self",
    MessageKind.HARM: "harm",
    MessageKind.DAMAGE: "damage",
    MessageKind.ANGER: "feeling",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """The kind of a message, its subkind, and the words that show it."""

    kind: MessageKind
    subkind: str = ""
    evidence: str = ""

    @property
    def is_alarm(self) -> bool:
        """Whether staff must get it at once."""
        return self.kind in ALARMS


def hear(text: str, state: ConversationState = ConversationState.IDLE) -> Heard:
    """The kind of the message. Reads 5,000 letters of it, in time proportional to its length."""
    text = text[:LONGEST]
    said = fold(text)
    ruled = by_rules(text, said, state)
    if ruled.kind is MessageKind.DANGER or not said.letters:
        return ruled
    return _with_second_opinion(ruled, text, said, state)


def by_rules(text: str, said: Folded, state: ConversationState) -> Heard:
    """The kind by the rules alone."""
    return _alarm(said, state) or _unalarmed(text, said, state)


def _unalarmed(text: str, said: Folded, state: ConversationState) -> Heard:
    return _wish(text, said, state) or _shown(said, state) or _other(text, said)


def _with_second_opinion(ruled: Heard, text: str, said: Folded, state: ConversationState) -> Heard:
    """The rules' result, unless the classifier clearly finds an alarm no rule found, or speaks against one;
    or finds a request or courtesy in words that no rule knows."""
    likely = _likelihoods(ruled, said, state)
    alarming = sum(likely[kind] for kind in _ALARMS)
    if likely[MessageKind.DANGER] > (ALARM_IN_A_NAME if state in _SHORT_ANSWERS else DANGER_FIRST):
        return Heard(MessageKind.DANGER, _MORE_CLOSELY[MessageKind.DANGER], said.letters[:EVIDENCE])
    if ruled.kind in (MessageKind.DAMAGE, MessageKind.ANGER) and likely[MessageKind.HARM] > HARM_BEFORE_GOODS:
        return Heard(MessageKind.HARM, _MORE_CLOSELY[MessageKind.HARM], ruled.evidence)
    if ruled.is_alarm:
        return ruled if alarming > ALARM_DENIED else _unalarmed(text, said, state)
    kind = max(_ALARMS, key=lambda each: likely[each])
    is_curt = kind is MessageKind.ANGER and (
        len(said.letters) < FEWEST_ANGRY_LETTERS or ruled.kind is MessageKind.STAFF
    )
    if not is_curt and alarming > _alarm_needed(ruled, kind, state):
        return Heard(kind, _MORE_CLOSELY[kind], said.letters[:EVIDENCE])
    if ruled.kind not in (MessageKind.OTHER, MessageKind.QUESTION):
        return ruled
    likeliest = MessageKind(max(likely, key=lambda each: likely[each]))
    if likely[likeliest] > _wish_needed(likeliest) and _may_be(likeliest, ruled, said, state):
        return Heard(likeliest, evidence=said.letters[:EVIDENCE])
    return ruled


def _alarm_needed(ruled: Heard, kind: MessageKind, state: ConversationState) -> float:
    """The probability an alarm must reach: higher where the rules found a request or a courtesy, and in a
    short answer."""
    if state in _SHORT_ANSWERS:
        return ALARM_IN_A_NAME
    return ALARM_HEARD[kind] if ruled.kind in (MessageKind.OTHER, MessageKind.QUESTION) else ALARM_IN_A_WISH


def _wish_needed(kind: MessageKind) -> float:
    return WITHDRAWAL_HEARD if kind is MessageKind.WITHDRAW else WISH_HEARD


def _likelihoods(ruled: Heard, said: Folded, state: ConversationState) -> dict[str, float]:
    """Of the message; of a long one, those of its most alarming sentence."""
    if len(said.letters) <= WHOLE or len(said.sentences) == 1:
        return likelihoods(said.letters, ruled.kind, state)
    each = [likelihoods(sentence, ruled.kind, state) for sentence in said.sentences[:MOST_SENTENCES]]
    return max(each, key=lambda likely: sum(likely[kind] for kind in _ALARMS))


def _may_be(kind: MessageKind, ruled: Heard, said: Folded, state: ConversationState) -> bool:
    """Whether the classifier alone is enough for that kind: a withdrawal needs a customer who waits, a
    command its name, and where words were asked for, only a message that clearly is none of them counts as
    none."""
    if kind is MessageKind.WITHDRAW:
        return state is ConversationState.WAITING and not withdrawal.wishes_otherwise(said)
    if kind is MessageKind.LEAVE:
        return state in EXCHANGES | {ConversationState.IDLE}
    if state in _SHORT_ANSWERS:
        return False
    if kind in COURTESIES - {MessageKind.WHAT_TO_WRITE} and (
        ruled.kind is MessageKind.QUESTION or len(said.letters) > LONGEST_COURTESY
    ):
        return False
    return kind in COURTESIES | {MessageKind.STAFF, MessageKind.STOP, MessageKind.RESUME}


def _alarm(said: Folded, state: ConversationState) -> Heard | None:
    if found := danger.danger(said):
        return Heard(MessageKind.DANGER, *found)
    if found := harm.harm(said):
        return Heard(MessageKind.HARM, *found)
    if stop := opt_out.stops(said):
        return Heard(MessageKind.STOP, evidence=stop)
    if state is ConversationState.NAME and len(said.letters) <= SHORT_NAME:
        return None
    if found := damage.damage(said):
        return Heard(MessageKind.DAMAGE, *found)
    waits = state in {ConversationState.WAITING, ConversationState.STAFF}
    if found := anger.anger(said, waits=waits):
        return Heard(MessageKind.ANGER, *found)
    return None


def _wish(text: str, said: Folded, state: ConversationState) -> Heard | None:
    if staff_requests.asks_for_staff(text) or staff_requests.asks_for_staff_too(text):
        return Heard(MessageKind.STAFF, evidence=said.letters)
    if staff_requests.is_urgent(said):
        return Heard(MessageKind.STAFF, "urgent", said.letters)
    if state is ConversationState.WAITING and (words := withdrawal.withdraws(said)):
        return Heard(MessageKind.WITHDRAW, withdrawal.SOLVED if withdrawal.is_solved(said) else "", words)
    if state in EXCHANGES | {ConversationState.IDLE} and opt_out.leaves(said):
        return Heard(MessageKind.LEAVE, evidence=said.letters)
    if words := opt_out.resumes(said):
        return Heard(MessageKind.RESUME, evidence=words)
    if words := opt_out.send_after_all(said):
        return Heard(MessageKind.RESUME, opt_out.SEND_AFTER_ALL, words)
    if opt_out.ends_something(said):
        return Heard(MessageKind.END, evidence=said.letters)
    if (command := commands.wished(said)) and not (
        command == "アンケート" and state is ConversationState.STAFF
    ):
        return Heard(MessageKind.COMMAND, command, said.letters)
    if (did_help := questions.helped(said)) is not None:
        return Heard(MessageKind.HELPED if did_help else MessageKind.NOT_HELPED, evidence=said.letters)
    if polite := courtesy.courtesy(said):
        return Heard(MessageKind(polite), evidence=said.letters)
    return None


def _shown(said: Folded, state: ConversationState) -> Heard | None:
    """Something of the bot's to be shown, in free words; while words of another kind are awaited, those come first."""
    if state not in (ConversationState.IDLE, ConversationState.ASKED, ConversationState.WAITING):
        return None
    command = commands.asked_to_show(said)
    return Heard(MessageKind.COMMAND, command, said.letters) if command else None


def _other(text: str, said: Folded) -> Heard:
    return Heard(
        MessageKind.QUESTION if questions.asks(text, said) else MessageKind.OTHER,
        evidence=said.letters[:EVIDENCE],
    )
