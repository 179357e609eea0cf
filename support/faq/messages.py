"""The FAQ's messages on LINE: cards whose buttons stay tappable after later messages.

The sentences are in `words.py`. Postbacks: `faq.show` e; `faq.solved` and `faq.unsolved` e, a; `faq.list`
with t (a tag) and p (its page) or nothing; `ticket.ask` c (the cause). e is an entry, a the record of the
question; a also goes with `faq.show` and `ticket.ask` where a question in the customer's own words led to the
card.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.line import messages as line
from bot.line.message_limits import BUBBLES, CAROUSEL_BYTES
from bot.line.messages import Component, Message
from support.faq import card as faq_card
from support.faq.words import greeting_like, words
from support.listening import MessageKind
from support.listening.folding import fold
from support.tickets.tickets import ASKED, FALLBACK, FAQ_FAILED

MOST_TOPICS = BUBBLES
TITLES_ON_A_CARD = 5
TITLES_ON_A_PAGE = 10
LONGEST_TITLE = 50  # characters: longer titles would bring a full carousel near LINE's limit of bytes


class Titled(Protocol):
    """What a list needs of an entry."""

    id: int
    question: str


class Answered(Titled, Protocol):
    """What an answer needs of an entry."""

    card: str

    @property
    def spoken_answer(self) -> str: ...


def answer(entry: Answered, asked_id: int) -> list[Message]:
    """The entry's answer, and buttons to say whether it helped. An answer with an address is sent as text,
    since addresses in a card cannot be tapped. The shop's own card goes first, with the answer as its text in
    notifications."""
    buttons = [
        line.button(_settle(words().solved_button, "faq.solved", entry.id, asked_id)),
        line.button(_settle(words().unsolved_button, "faq.unsolved", entry.id, asked_id), "secondary"),
    ]
    spoken = entry.spoken_answer
    question = line.words(entry.question, weight="bold", size="sm")
    card = faq_card.read(entry.card)
    if card is not None:
        return [line.flex(spoken, card), line.flex(entry.question, line.bubble([question], buttons))]
    if "://" in spoken:
        return [line.text(spoken), line.flex(entry.question, line.bubble([question], buttons))]
    return [line.flex(spoken, line.bubble([question, line.words(spoken, size="sm")], buttons))]


def offer_titles(
    entries: Sequence[Titled], opening: str | None, asked_id: int, *, to_staff: bool = True
) -> Message:
    """Up to three titles to tap, and a button to staff, unless the customer waits for staff already."""
    asked = opening or words().titles_opening
    rows = [_title(entry, a=asked_id) for entry in entries[:3]]
    past = [line.button(_staff(words().none_of_these_button, FALLBACK, a=asked_id), "link")]
    return line.flex(asked, line.bubble([line.words(asked, size="sm"), *rows], past if to_staff else []))


def topics(by_tag: Mapping[str, Sequence[Titled]]) -> list[Message]:
    """よくある質問: a card for each tag with its first titles."""
    if not by_tag:
        return [_card(words().faq_empty, [line.button(_staff(words().staff_button, ASKED))])]
    count = len(by_tag) if len(by_tag) <= MOST_TOPICS else MOST_TOPICS - 1
    while line.json_bytes(cards := _cards(by_tag, count)) > CAROUSEL_BYTES and count:
        count -= 1
    return [line.text(words().faq_opening), line.flex(words().faq_button, cards)]


def _cards(by_tag: Mapping[str, Sequence[Titled]], count: int) -> Component:
    """A card for each of the first `count` tags, and one that lists the others."""
    tags = list(by_tag)
    cards = [_topic_card(tag, by_tag[tag], 0, TITLES_ON_A_CARD) for tag in tags[:count]]
    return line.carousel([*cards, _other_topics(tags[count:])] if tags[count:] else cards)


def topic_page(tag: str, entries: Sequence[Titled], page: int = 0) -> Message:
    """One tag's titles, a page at a time; a page past the end is the last."""
    page = min(page, max(0, len(entries) - 1) // TITLES_ON_A_PAGE)
    return line.flex(tag or words().faq_button, _topic_card(tag, entries, page, TITLES_ON_A_PAGE))


def unsolved(asked_id: int | None = None) -> Message:
    """The answer did not help: offer staff."""
    asked = {} if asked_id is None else {"a": asked_id}
    return _card(words().unsolved, [line.button(_staff(words().staff_button, FAQ_FAILED, **asked))])


def not_understood(asked_id: int) -> Message:
    """Nothing fits: say so, and offer staff and the FAQ."""
    return _card(words().not_understood, _staff_and_faq(FALLBACK, a=asked_id))


def staff_offer(sentence: str, cause: str) -> Message:
    """The given sentence with a button to staff."""
    return _card(sentence, [line.button(_staff(words().staff_button, cause))])


def courtesy(kind: MessageKind, said: str = "") -> str:
    """The reply to a greeting (in the customer's own words), thanks, a nod or small talk."""
    by_kind = {
        MessageKind.GREETING: words().greeting_back.format(greeting=greeting_like(fold(said).letters)),
        MessageKind.THANKS: words().thanks_back,
        MessageKind.NOD: words().nod_back,
        MessageKind.CHITCHAT: words().small_talk_back,
    }
    return by_kind.get(kind, words().courtesy)


def _card(sentence: str, buttons: list[Component]) -> Message:
    return line.flex(sentence, line.bubble([line.words(sentence, size="sm")], buttons))


def _staff_and_faq(cause: str, **asked: int) -> list[Component]:
    return [
        line.button(_staff(words().staff_button, cause, **asked)),
        line.button(line.postback(words().faq_button, "faq.list", words().faq_button), "secondary"),
    ]


def _staff(label: str, cause: str, **asked: int) -> line.Action:
    return line.postback(label, "ticket.ask", words().staff_button, c=cause, **asked)


def _settle(label: str, kind: str, entry_id: int, asked_id: int) -> line.Action:
    return line.postback(label, kind, label, e=entry_id, a=asked_id)


def _title(entry: Titled, **asked: int) -> Component:
    """A whole question to tap, since a button would cut it at twenty characters."""
    title = line.cut(entry.question, LONGEST_TITLE)
    return _row(title, line.postback(title, "faq.show", title, e=entry.id, **asked))


def _row(sentence: str, action: line.Action) -> Component:
    return line.row(
        [
            line.words(sentence, size="sm", color=line.LINK, flex=1),
            line.words("›", size="sm", color=line.FAINT, flex=0, wrap=False),
        ],
        action=action,
        paddingAll="10px",
        backgroundColor="#F2F5F3",
        cornerRadius="8px",
        alignItems="center",
    )


def _topic_card(tag: str, entries: Sequence[Titled], page: int, size: int) -> dict[str, object]:
    start = page * size
    heading = line.words(tag or words().faq_button, weight="bold", size="md")
    rows = [_title(entry) for entry in entries[start : start + size]]
    more = []
    if len(entries) > start + size:
        # A card in the carousel is shorter than a page: its button opens the first page, not the second.
        following = page + 1 if size == TITLES_ON_A_PAGE else 0
        label = words().faq_more_button
        more = [
            line.button(
                line.postback(label, "faq.list", f"{tag} {label}".strip(), t=tag, p=following), "link"
            )
        ]
    return line.bubble([heading, *rows], more)


def _other_topics(tags: Sequence[str]) -> dict[str, object]:
    heading = line.words(words().faq_other_shelves, weight="bold", size="md")
    rows = [_row(tag, line.postback(tag, "faq.list", tag, t=tag, p=0)) for tag in tags[:TITLES_ON_A_PAGE]]
    return line.bubble([heading, *rows])
