"""Answers 「対応はいかがでしたか？」: a choice tapped or changed, and the comment after it."""

from datetime import timedelta

from bot import conversations
from bot.config import shop
from bot.line import messages as line
from bot.routing import event_kinds
from bot.routing.events import InternalEvent, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from handlers import chat_words, exchanges, questions, replies, unasked
from handlers.event_customer import (
    get_or_create_customer,
    record_activity,
    record_customer_message,
    staff_have_the_chat,
)
from handlers.tickets import staff_asked_for
from journeys.sending.message_kinds import Kind
from support.bad_moments import messages as bad_moment_messages
from support.bad_moments import quiet_period, urgency
from support.faq import messages as faq_messages
from support.listening import COURTESIES, ConversationState, MessageKind, hear
from support.listening.staff_requests import asks_for_staff_too
from support.satisfaction import messages as satisfaction_messages
from support.satisfaction import ratings
from support.satisfaction.ratings import SATISFIED_FROM, Tap
from support.satisfaction.settings import SatisfactionRules
from support.satisfaction.words import words
from support.tickets import promises, tickets
from support.tickets.tickets import UPSET

routes = Routes()

REOPENS_BELOW = 3
"""Scores below this (いまひとつ, 良くない) reopen the ticket with the same assignee."""


@routes.on_postback("csat.score")
def satisfaction_tapped(event: PostbackReceived) -> Answer:
    """Record one of the five choices; a later one within the time allowed replaces it."""
    customer = record_activity(event)
    ticket_id, score = event.postback.number("t"), event.postback.number("s")
    if ticket_id is None or score is None:
        return replies.with_ways_on(chat_words.words().old_button)
    tap = ratings.rate(ticket_id, customer.id, score)
    if tap is None:
        return replies.with_ways_on(chat_words.words().old_button)
    if tap is Tap.TOO_LATE:
        return replies.with_ways_on(words().too_late)
    lasting = timedelta(minutes=shop.get(SatisfactionRules).comment_minutes)
    conversations.wait_for(
        event.conversation_id, exchanges.CSAT_COMMENT, lasting, ticket=ticket_id, score=score
    )
    if score < REOPENS_BELOW and (ticket := tickets.find(ticket_id)) and urgency.reopen(ticket):
        chosen, due_at = satisfaction_messages.label(score), promises.due(UPSET)
        tickets.record_closed_notice(ticket_id)
        return [bad_moment_messages.reopened(chosen, due_at, satisfaction_messages.change(ticket_id))]
    if score >= REOPENS_BELOW and tap is Tap.CORRECTION:
        urgency.close_again(ticket_id)
    return [satisfaction_messages.thanks(ticket_id, score)]


@routes.on_internal_event(event_kinds.SATISFACTION_DUE)
def quiet_period_ended(event: InternalEvent) -> Answer:
    """Ask how a complaint was handled, once its quiet period is over; not while another ticket is open, and
    not to customers who declined messages."""
    customer, ticket_id = get_or_create_customer(event), int(event.data["ticket_id"])
    if not quiet_period.is_resting(customer.id):
        said = [satisfaction_messages.question(ticket_id)]
        unasked.say(customer, said, kind=Kind.SATISFACTION, cause=event.event_id)
    return []


@routes.on_postback("csat.again")
def change_asked_for(event: PostbackReceived) -> Answer:
    """Show the five choices again, while the choice may be changed."""
    customer, ticket_id = record_activity(event), event.postback.number("t")
    conversations.stop_waiting(event.conversation_id)
    if ticket_id is None or not ratings.may_correct(ticket_id, customer.id):
        return replies.with_ways_on(words().too_late)
    return [satisfaction_messages.question(ticket_id)]


@routes.on_postback("csat.done")
def comment_declined(event: PostbackReceived) -> Answer:
    """The customer leaves no comment."""
    record_activity(event)
    conversations.stop_waiting(event.conversation_id)
    return replies.with_ways_on(words().without_comment)


@routes.on_awaited(exchanges.CSAT_COMMENT)
def comment_received(event: TextReceived) -> Answer:
    """Store the comment after the choice and thank once; a dissatisfied customer is offered staff again."""
    exchange, customer = event.exchange, record_activity(event)
    if exchange is None:
        return []
    conversations.stop_waiting(event.conversation_id)
    with_staff = staff_have_the_chat(record_customer_message(customer))
    heard = hear(event.text, ConversationState.CSAT)
    if heard.kind in COURTESIES and not with_staff:
        return replies.with_ways_on(words().without_comment)
    stored = ratings.add_comment(int(exchange.data["ticket"]), customer.id, event.text)
    if with_staff:
        return []
    if not stored:
        return questions.answer_to(event)
    if asks_for_staff_too(event.text):
        return [line.text(words().comment_thanks), *staff_asked_for(event)]
    if int(exchange.data["score"]) < SATISFIED_FROM:
        return replies.lead_on([faq_messages.staff_offer(words().comment_thanks, UPSET)])
    helpful = questions.help_with(event, event.text) if heard.kind is MessageKind.QUESTION else []
    return replies.lead_on([line.text(words().comment_thanks), *helpful])
