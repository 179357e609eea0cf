"""A question to the shop: よくある質問, an entry tapped, whether it helped; and any text that is no command."""

from bot.line import messages as line
from bot.line.messages import Message
from bot.routing.events import Event, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import replies
from handlers.event_customer import record_activity
from support.bad_moments import quiet_period, urgency
from support.bad_moments.words import words as bad_moment_words
from support.faq import entries as faq_entries
from support.faq import messages, questions_asked
from support.faq.search import FaqVerdict
from support.faq.tables import FaqEntry
from support.faq.words import words
from support.hours import opening_hours
from support.listening import COURTESIES, MessageKind, hear
from support.listening.folding import fold
from support.listening.questions import wishes
from support.tickets.tickets import Ticket

routes = Routes()


@routes.on_text("よくある質問", "よくあるご質問", "faq", "質問", "q&a")
def questions_asked_for(event: TextReceived) -> Answer:
    """The whole stock, by subject."""
    record_activity(event)
    return messages.shelves(faq_entries.by_tag())


@routes.on_postback("faq.list")
def shelf_opened(event: PostbackReceived) -> Answer:
    """One subject's entries, a page at a time; without a subject, all of them."""
    record_activity(event)
    by_tag = faq_entries.by_tag()
    tag = event.postback.values.get("t")
    if tag is None or tag not in by_tag:
        return messages.shelves(by_tag)
    return [messages.shelf(tag, by_tag[tag], event.postback.number("p") or 0)]


@routes.on_postback("faq.show")
def question_tapped(event: PostbackReceived) -> Answer:
    """The answer of the entry that was tapped, or that it is no longer there."""
    record_activity(event)
    entry = faq_entries.entry(event.postback.number("e"))
    if entry is None:
        return [line.text(words().entry_gone), *messages.shelves(faq_entries.by_tag())]
    asked_id = questions_asked.record_pick(event.postback.number("a"), event.conversation_id, entry.id)
    return replies.lead_on(messages.answer(entry, asked_id))


@routes.on_postback("faq.solved")
def answer_helped(event: PostbackReceived) -> Answer:
    """Good to hear."""
    record_activity(event)
    first = questions_asked.settle(event.postback.number("a"), event.conversation_id, solved=True)
    return replies.with_ways_on(words().solved if first else words().said_already)


@routes.on_postback("faq.unsolved")
def answer_did_not_help(event: PostbackReceived) -> Answer:
    """Then a person."""
    record_activity(event)
    asked_id = event.postback.number("a")
    questions_asked.settle(asked_id, event.conversation_id, solved=False)
    return [messages.unsolved(asked_id)]


def answer_to(event: TextReceived) -> Answer:
    """What to say to a text that nobody waited for: a courtesy back, an answer, some titles, a person."""
    heard = hear(event.text)
    if heard.kind in (MessageKind.HELPED, MessageKind.NOT_HELPED):
        asked_id = questions_asked.latest_answer(event.conversation_id)
        helped = heard.kind is MessageKind.HELPED
        questions_asked.settle(asked_id, event.conversation_id, solved=helped)
        return replies.with_ways_on(words().solved) if helped else [messages.unsolved(asked_id)]
    if heard.kind in COURTESIES:
        return courtesy_back(record_activity(event), heard.kind, event.text)
    if opening_hours.asks_for_hours(event.text):
        return replies.with_ways_on(opening_hours.answer())
    found = _from_stock(event, event.text)
    if found:
        return replies.lead_on(found)  # entries speak of 「スタッフと話す」 and 「ポイント」: there they are
    return [messages.not_understood(questions_asked.record_unanswered(event.conversation_id, event.text))]


def courtesy_back(customer: Customer, kind: MessageKind, said: str) -> Answer:
    """A short warm word; in the days after a complaint a plain one, with nothing to tap below it."""
    if quiet_period.is_resting(customer.id):
        quiet = bad_moment_words().thanks if kind is MessageKind.THANKS else bad_moment_words().received
        return [line.text(quiet)]
    return replies.with_ways_on(messages.courtesy(kind, said))


def help_with(event: Event, comment: str, *, opening: str | None = None) -> list[Message]:
    """Entries that fit what a customer wrote as a comment; nothing when none does."""
    return _from_stock(event, comment, opening)


def answered_meanwhile(event: TextReceived, kind: MessageKind, ticket: Ticket) -> list[Message]:
    """The answer to a question of somebody who waits for a person, or to a wish that is no redress.

    Titles when the answer is not sure, but not to an angry customer, to whom the bot promised to be quiet.
    """
    if opening_hours.asks_for_hours(event.text):
        return [line.text(opening_hours.answer())]
    asks = kind is MessageKind.QUESTION
    is_angry = urgency.is_angry(ticket)
    if not asks and (is_angry or kind is not MessageKind.OTHER or not wishes(fold(event.text))):
        return []
    decision = faq_entries.understand(event.text)
    entries = faq_entries.entries(decision.entry_ids)
    if not entries or decision.verdict is FaqVerdict.NOTHING_FITS:
        return []
    if decision.verdict is FaqVerdict.ANSWER_OUTRIGHT:
        return _answers(event, entries, event.text)
    if not asks or is_angry:
        return []
    asked_id = questions_asked.record_offered(event.conversation_id, event.text)
    return [messages.offer_titles(entries, words().titles_meanwhile, asked_id, to_staff=False)]


def _from_stock(event: Event, asked: str, opening: str | None = None) -> list[Message]:
    decision = faq_entries.understand(asked)
    entries = faq_entries.entries(decision.entry_ids)
    if not entries or decision.verdict is FaqVerdict.NOTHING_FITS:
        return []
    if decision.verdict is FaqVerdict.ANSWER_OUTRIGHT:
        return _answers(event, entries[:1] if opening else entries, asked)
    asked_id = questions_asked.record_offered(event.conversation_id, asked)
    return [messages.offer_titles(entries, opening, asked_id)]


def _answers(event: Event, entries: list[FaqEntry], asked: str) -> list[Message]:
    """The answer of each entry: of two where two things were asked."""
    return [
        message
        for entry in entries
        for message in messages.answer(
            entry, questions_asked.record_answered(event.conversation_id, entry.id, asked)
        )
    ]
