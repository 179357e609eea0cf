"""A question to the shop: よくある質問, an entry tapped, whether it helped; and any text that is no command."""

from bot import line_messages as line
from bot.events import Event, PostbackReceived, TextReceived
from bot.line_messages import Message
from bot.routing import Answer, Routes
from customers.customer import Customer
from handlers import messages as talk
from handlers.people import record_activity
from support import faq, faq_asked, faq_messages, opening_hours, rest
from support.bad_moment_words import words as bad_moment_words
from support.faq_search import Verdict
from support.faq_tables import FaqEntry
from support.faq_words import words
from support.listening import COURTESIES, Kind, hear
from support.listening.folding import fold
from support.listening.questions import wishes
from support.tickets import UPSET, URGENCY, Ticket

routes = Routes()


@routes.on_text("よくある質問", "よくあるご質問", "faq", "質問", "q&a")
def questions_asked_for(event: TextReceived) -> Answer:
    """The whole stock, by subject."""
    record_activity(event)
    return faq_messages.shelves(faq.by_tag())


@routes.on_postback("faq.list")
def shelf_opened(event: PostbackReceived) -> Answer:
    """One subject's entries, a page at a time; without a subject, all of them."""
    record_activity(event)
    by_tag = faq.by_tag()
    tag = event.postback.values.get("t")
    if tag is None or tag not in by_tag:
        return faq_messages.shelves(by_tag)
    return [faq_messages.shelf(tag, by_tag[tag], event.postback.number("p") or 0)]


@routes.on_postback("faq.show")
def question_tapped(event: PostbackReceived) -> Answer:
    """The answer of the entry that was tapped, or that it is no longer there."""
    record_activity(event)
    entry = faq.entry(event.postback.number("e"))
    if entry is None:
        return [line.text(words().entry_gone), *faq_messages.shelves(faq.by_tag())]
    asked_id = faq_asked.picked(event.postback.number("a"), event.conversation_id, entry.id)
    return talk.lead_on(faq_messages.answer(entry, asked_id))


@routes.on_postback("faq.solved")
def answer_helped(event: PostbackReceived) -> Answer:
    """Good to hear."""
    record_activity(event)
    first = faq_asked.settle(event.postback.number("a"), event.conversation_id, solved=True)
    return talk.with_ways_on(words().solved if first else words().said_already)


@routes.on_postback("faq.unsolved")
def answer_did_not_help(event: PostbackReceived) -> Answer:
    """Then a person."""
    record_activity(event)
    asked_id = event.postback.number("a")
    faq_asked.settle(asked_id, event.conversation_id, solved=False)
    return [faq_messages.unsolved(asked_id)]


def answer_to(event: TextReceived) -> Answer:
    """What to say to a text that nobody waited for: a courtesy back, an answer, some titles, a person."""
    heard = hear(event.text)
    if heard.kind in (Kind.HELPED, Kind.NOT_HELPED):
        asked_id = faq_asked.latest_answer(event.conversation_id)
        helped = heard.kind is Kind.HELPED
        faq_asked.settle(asked_id, event.conversation_id, solved=helped)
        return talk.with_ways_on(words().solved) if helped else [faq_messages.unsolved(asked_id)]
    if heard.kind in COURTESIES:
        return courtesy_back(record_activity(event), heard.kind)
    if opening_hours.asks_for_hours(event.text):
        return talk.with_ways_on(opening_hours.answer())
    found = _from_stock(event, event.text)
    if found:
        return talk.lead_on(found)  # entries speak of 「スタッフと話す」 and 「ポイント」: there they are
    return [faq_messages.not_understood(faq_asked.record_unanswered(event.conversation_id, event.text))]


def courtesy_back(customer: Customer, kind: Kind) -> Answer:
    """A short warm word; in the days after a complaint a plain one, with nothing to tap below it."""
    if rest.is_resting(customer.id):
        quiet = bad_moment_words().thanks if kind is Kind.THANKS else bad_moment_words().received
        return [line.text(quiet)]
    return talk.with_ways_on(faq_messages.courtesy(kind))


def help_with(event: Event, comment: str, *, opening: str | None = None) -> list[Message]:
    """Entries that fit what a customer wrote as a comment; nothing when none does."""
    return _from_stock(event, comment, opening)


def answered_meanwhile(event: TextReceived, kind: Kind, ticket: Ticket) -> list[Message]:
    """The answer to a question of somebody who waits for a person, or to a wish where nothing is wrong.

    Titles when the answer is not sure, but not to an angry customer, to whom the bot promised to be quiet.
    """
    if opening_hours.asks_for_hours(event.text):
        return [line.text(opening_hours.answer())]
    asks = kind is Kind.QUESTION
    if not asks and not (kind is Kind.OTHER and ticket.urgency == 0 and wishes(fold(event.text))):
        return []
    decision = faq.understand(event.text)
    entries = faq.entries(decision.entry_ids)
    if not entries or decision.verdict is Verdict.NOTHING_FITS:
        return []
    if decision.verdict is Verdict.ANSWER_OUTRIGHT:
        return _answers(event, entries, event.text)
    if not asks or ticket.urgency == URGENCY[UPSET]:
        return []
    asked_id = faq_asked.record_offered(event.conversation_id, event.text)
    return [faq_messages.offer_titles(entries, words().titles_meanwhile, asked_id, to_staff=False)]


def _from_stock(event: Event, asked: str, opening: str | None = None) -> list[Message]:
    decision = faq.understand(asked)
    entries = faq.entries(decision.entry_ids)
    if not entries or decision.verdict is Verdict.NOTHING_FITS:
        return []
    if decision.verdict is Verdict.ANSWER_OUTRIGHT:
        return _answers(event, entries[:1] if opening else entries, asked)
    asked_id = faq_asked.record_offered(event.conversation_id, asked)
    return [faq_messages.offer_titles(entries, opening, asked_id)]


def _answers(event: Event, entries: list[FaqEntry], asked: str) -> list[Message]:
    """The answer of each entry: of two where two things were asked."""
    return [
        message
        for entry in entries
        for message in faq_messages.answer(
            entry, faq_asked.record_answered(event.conversation_id, entry.id, asked)
        )
    ]
