"""A question to the shop: よくある質問, an entry tapped, whether it helped; and any text that is no command."""

from bot.events import Event, PostbackReceived, TextReceived
from bot.line_messages import Message
from bot.routing import Answer, on_postback, on_text
from handlers import messages as talk
from handlers.people import customer_of
from support import faq, faq_asked, messages, opening_hours, tone
from support.faq_search import Verdict
from support.words import words


@on_text("よくある質問", "よくあるご質問", "faq", "質問", "q&a")
def questions_asked_for(event: TextReceived) -> Answer:
    """The whole stock, by subject."""
    customer_of(event)
    return messages.shelves(faq.by_tag())


@on_postback("faq.list")
def shelf_opened(event: PostbackReceived) -> Answer:
    """One subject's entries, a page at a time; without a subject, all of them."""
    customer_of(event)
    by_tag = faq.by_tag()
    tag = event.postback.values.get("t")
    if tag is None or tag not in by_tag:
        return messages.shelves(by_tag)
    return [messages.shelf(tag, by_tag[tag], event.postback.number("p") or 0)]


@on_postback("faq.show")
def question_tapped(event: PostbackReceived) -> Answer:
    """The answer of the entry that was tapped, or that it is no longer there."""
    customer_of(event)
    entry = faq.entry(event.postback.number("e"))
    if entry is None:
        return [messages.say(words().entry_gone), *messages.shelves(faq.by_tag())]
    asked_id = faq_asked.picked(event.postback.number("a"), event.conversation_id, entry.id)
    return talk.lead_on(messages.answer(entry, asked_id))


@on_postback("faq.solved")
def answer_helped(event: PostbackReceived) -> Answer:
    """Good to hear."""
    customer_of(event)
    first = faq_asked.settle(event.postback.number("a"), event.conversation_id, solved=True)
    return talk.with_ways_on(words().solved if first else words().said_already)


@on_postback("faq.unsolved")
def answer_did_not_help(event: PostbackReceived) -> Answer:
    """Then a person."""
    customer_of(event)
    asked_id = event.postback.number("a")
    faq_asked.settle(asked_id, event.conversation_id, solved=False)
    return [messages.unsolved(asked_id)]


def answer_to(event: TextReceived) -> Answer:
    """What the stock has to say to a text: an answer, some titles, or a person. To the angry, the person first."""
    if tone.wants_a_human_first(event.text):
        return [messages.human_first()]
    if (helped := tone.it_helped(event.text)) is not None:
        asked_id = faq_asked.latest_answer(event.conversation_id)
        faq_asked.settle(asked_id, event.conversation_id, solved=helped)
        return talk.with_ways_on(words().solved) if helped else [messages.unsolved(asked_id)]
    if tone.is_courtesy(event.text) or _is_wordless(event.text):
        return talk.with_ways_on(words().courtesy)
    if opening_hours.asks_for_hours(event.text):
        return talk.with_ways_on(opening_hours.answer())
    found = _from_stock(event, event.text)
    if found:
        return talk.lead_on(found)  # entries speak of 「スタッフと話す」 and 「ポイント」: there they are
    return [messages.not_understood(faq_asked.record_unanswered(event.conversation_id, event.text))]


def _is_wordless(text: str) -> bool:
    """Only emoji, marks or blanks, and nothing asked: a nod, as a sticker is one."""
    return not any(letter.isalnum() for letter in text) and not {"?", "？"} & set(text)


def help_with(event: Event, comment: str, *, opening: str | None = None) -> list[Message]:
    """Entries that fit what a customer wrote as a comment; nothing when none does, or a person is wanted first."""
    return [] if tone.wants_a_human_first(comment) else _from_stock(event, comment, opening)


def _from_stock(event: Event, asked: str, opening: str | None = None) -> list[Message]:
    decision = faq.understand(asked)
    entries = faq.entries(decision.entry_ids)
    if not entries or decision.verdict is Verdict.NOTHING_FITS:
        return []
    if decision.verdict is Verdict.ANSWER_OUTRIGHT:
        return [
            message
            for entry in (entries[:1] if opening else entries)  # two where two things were asked
            for message in messages.answer(
                entry, faq_asked.record_answered(event.conversation_id, entry.id, asked)
            )
        ]
    asked_id = faq_asked.record_offered(event.conversation_id, asked)
    return [messages.offer_titles(entries, opening, asked_id)]
