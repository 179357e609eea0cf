"""Answers questions from the FAQ: the list, an entry tapped, whether it helped, and any text that is no command.

The search is in `support/faq/`.
"""

from collections.abc import Iterable

from bot.line import messages as line
from bot.line.messages import Message
from bot.routing.events import Event, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import orders_asked, replies
from handlers.event_customer import record_activity
from support.bad_moments import quiet_period, urgency
from support.bad_moments.words import words as bad_moment_words
from support.faq import entries as faq_entries
from support.faq import messages, questions_asked
from support.faq.delivery import asks_where_it_is
from support.faq.search import FaqVerdict
from support.faq.tables import FaqEntry
from support.faq.words import words
from support.hours import opening_hours
from support.listening import COURTESIES, MessageKind, hear
from support.listening.folding import fold
from support.listening.questions import wishes
from support.tickets.severity import Severity
from support.tickets.tickets import Ticket

routes = Routes()


@routes.on_text("よくある質問", "よくあるご質問", "faq", "質問", "q&a")
def questions_asked_for(event: TextReceived) -> Answer:
    """Show all FAQ entries, by topic."""
    record_activity(event)
    return messages.topics(faq_entries.by_tag())


@routes.on_postback("faq.list")
def topic_tapped(event: PostbackReceived) -> Answer:
    """Show one topic's entries, a page at a time; without a topic, the list of topics."""
    record_activity(event)
    by_tag = faq_entries.by_tag()
    tag = event.postback.values.get("t")
    if tag is None or tag not in by_tag:
        return messages.topics(by_tag)
    return [messages.topic_page(tag, by_tag[tag], event.postback.number("p") or 0)]


@routes.on_postback("faq.show")
def question_tapped(event: PostbackReceived) -> Answer:
    """Show the answer of the tapped entry, or say that it is no longer there."""
    record_activity(event)
    entry = faq_entries.entry(event.postback.number("e"))
    if entry is None:
        return [line.text(words().entry_gone), *messages.topics(faq_entries.by_tag())]
    asked_id = questions_asked.record_pick(event.postback.number("a"), event.conversation_id, entry.id)
    return replies.lead_on(_with_own_order(event, messages.answer(entry, asked_id), [entry.question]))


@routes.on_postback("faq.solved")
def answer_helped(event: PostbackReceived) -> Answer:
    """The customer tapped that the answer helped."""
    record_activity(event)
    first = questions_asked.settle(event.postback.number("a"), event.conversation_id, solved=True)
    return replies.with_ways_on(words().solved if first else words().said_already)


@routes.on_postback("faq.unsolved")
def answer_did_not_help(event: PostbackReceived) -> Answer:
    """The customer tapped that the answer did not help: offer staff."""
    record_activity(event)
    asked_id = event.postback.number("a")
    questions_asked.settle(asked_id, event.conversation_id, solved=False)
    return [messages.unsolved(asked_id)]


def answer_to(event: TextReceived) -> Answer:
    """The reply to a text that no exchange waited for: a courtesy, an answer, some titles, or a way to staff."""
    heard = hear(event.text)
    if heard.kind in (MessageKind.HELPED, MessageKind.NOT_HELPED):
        asked_id = questions_asked.latest_answer(event.conversation_id)
        helped = heard.kind is MessageKind.HELPED
        questions_asked.settle(asked_id, event.conversation_id, solved=helped)
        return replies.with_ways_on(words().solved) if helped else [messages.unsolved(asked_id)]
    if heard.kind in COURTESIES:
        return courtesy_reply(record_activity(event), heard.kind, event.text)
    if opening_hours.asks_for_hours(event.text):
        return replies.with_ways_on(opening_hours.answer())
    found = _faq_answer(event, event.text)
    if found:
        return replies.lead_on(
            found
        )  # the answers mention 「スタッフと話す」 and 「ポイント」: show those buttons
    asked_id = questions_asked.record_unanswered(event.conversation_id, event.text)
    return _with_own_order(event, [messages.not_understood(asked_id)], [event.text])


def courtesy_reply(customer: Customer, kind: MessageKind, said: str) -> Answer:
    """A short friendly reply to `said`; in the days after a complaint a plain one without buttons."""
    if quiet_period.is_resting(customer.id):
        quiet = bad_moment_words().thanks if kind is MessageKind.THANKS else bad_moment_words().received
        return [line.text(quiet)]
    return replies.with_ways_on(messages.courtesy(kind, said))


def help_with(event: Event, comment: str, *, opening: str | None = None) -> list[Message]:
    """FAQ answers or titles that fit a comment; none when nothing fits."""
    return _faq_answer(event, comment, opening)


def answer_while_waiting(event: TextReceived, kind: MessageKind, ticket: Ticket) -> list[Message]:
    """The answer to a question of a customer who waits for staff, or to a request that asks for no redress; staff get
    the message all the same.

    When the answer is not certain, titles are offered. An angry customer was promised that the bot stops, and an
    injured one gets no answers but a person's.
    """
    asks = kind is MessageKind.QUESTION
    if urgency.is_angry(ticket) or ticket.severity >= Severity.HARM:
        return []
    if opening_hours.asks_for_hours(event.text):
        return [line.text(opening_hours.answer())]
    if not asks and (kind is not MessageKind.OTHER or not wishes(fold(event.text))):
        return []
    decision = faq_entries.understand(event.text)
    entries = faq_entries.entries(decision.entry_ids)
    if not entries or decision.verdict is FaqVerdict.NOTHING_FITS:
        return []
    if decision.verdict is FaqVerdict.ANSWER_OUTRIGHT:
        said = _answers(event, entries, event.text)
        return _with_own_order(event, said, [entry.question for entry in entries])
    if not asks:
        return []
    asked_id = questions_asked.record_offered(event.conversation_id, event.text)
    return [messages.offer_titles(entries, words().titles_meanwhile, asked_id, to_staff=False)]


def certain_answer(event: TextReceived) -> list[Message]:
    """The FAQ's answer to the text where it is certain; none otherwise."""
    decision = faq_entries.understand(event.text)
    if decision.verdict is not FaqVerdict.ANSWER_OUTRIGHT:
        return []
    return _answers(event, faq_entries.entries(decision.entry_ids)[:1], event.text)


def _faq_answer(event: Event, asked: str, opening: str | None = None) -> list[Message]:
    decision = faq_entries.understand(asked)
    entries = faq_entries.entries(decision.entry_ids)
    if not entries or decision.verdict is FaqVerdict.NOTHING_FITS:
        return []
    if decision.verdict is FaqVerdict.ANSWER_OUTRIGHT:
        said = _answers(event, entries[:1] if opening else entries, asked)
        return said if opening else _with_own_order(event, said, [entry.question for entry in entries])
    asked_id = questions_asked.record_offered(event.conversation_id, asked)
    offer = [messages.offer_titles(entries, opening, asked_id)]
    return offer if opening else _with_own_order(event, offer, [asked])


def _answers(event: Event, entries: list[FaqEntry], asked: str) -> list[Message]:
    """The answer of each entry; two where two things were asked."""
    return [
        message
        for entry in entries
        for message in messages.answer(
            entry, questions_asked.record_answered(event.conversation_id, entry.id, asked)
        )
    ]


def _with_own_order(event: Event, said: list[Message], questions: Iterable[str]) -> list[Message]:
    """Before an answer about deliveries, the state of the customer's own order of late; otherwise the answer
    alone."""
    if len(said) >= line.MOST_MESSAGES or not any(asks_where_it_is(question) for question in questions):
        return said
    customer = customers.find_by_line_user(event.user_id) if event.user_id else None
    state = orders_asked.state_of_latest(customer) if customer is not None else None
    return [state, *said] if state is not None else said
