"""Answers the comment after a score: stores it, thanks once, answers a question in it, and lets the customer
rewrite it.

Scores are answered in `score_answered.py`; storage is in `surveys/nps/answers.py`.
"""

from datetime import timedelta

from bot import conversations
from bot.conversations import Exchange
from bot.line.messages import Message
from bot.routing.events import TextReceived
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import exchanges, questions, replies
from handlers.event_customer import record_activity, record_customer_message, staff_have_the_chat
from handlers.progress import rank_messages, store_comment
from handlers.tickets import staff_asked_for
from rewards.ledger import ledger
from rewards.ledger.entries import LedgerEntry
from support.faq import messages as faq_messages
from support.listening import COURTESIES, ConversationState, MessageKind, hear
from support.listening.staff_requests import asks_for_staff_too
from support.tickets import tickets
from surveys.nps import answers
from surveys.nps import messages as survey_messages
from surveys.nps.segments import Segment
from surveys.nps.words import words

routes = Routes()


@routes.on_awaited(exchanges.NPS_COMMENT)
def comment_received(event: TextReceived) -> Answer:
    """Store the comment and answer it. While staff have the chat, it is stored without an answer."""
    if event.exchange is None:
        return []
    customer = record_activity(event)
    if not staff_have_the_chat(record_customer_message(customer)):
        return _answer_to_comment(event, customer, event.exchange)
    if event.text.strip():
        conversations.stop_waiting(event.conversation_id)
        store_comment(customer.id, int(event.exchange.data["answer"]), event.text)
    return []


def _answer_to_comment(event: TextReceived, customer: Customer, exchange: Exchange) -> Answer:
    """Thank for the comment, once; a detractor also gets FAQ answers that fit and a way to staff. A greeting
    or thanks is not stored as a comment."""
    answer_id = int(exchange.data["answer"])
    if not event.text.strip():
        return [survey_messages.awaiting(survey_messages.say(words().nothing_written))]
    kind = hear(event.text, ConversationState.COMMENT).kind
    if kind in COURTESIES:
        return _courtesy_for_a_comment(event, customer, kind, answer_id)
    conversations.stop_waiting(event.conversation_id)
    stored = store_comment(customer.id, answer_id, event.text)
    if stored is None:
        return questions.answer_to(event)
    if exchange.data.get("again") and not asks_for_staff_too(event.text):
        return _rewritable([survey_messages.say(words().rewritten)])
    return thanks_for_words(event, customer, *stored, event.text)


def thanks_for_words(
    event: TextReceived,
    customer: Customer,
    answer: answers.SurveyAnswer | None,
    entry: LedgerEntry | None,
    said: str,
) -> list[Message]:
    """Thanks, the points, and FAQ answers that may help; a detractor also gets a button to staff."""
    earned = entry.points if entry else 0
    balance = ledger.balance_with(entry) if entry else 0
    is_low = answer is not None and answer.segment == Segment.DETRACTOR
    template = words().detractor_comment_thanks if is_low else words().comment_thanks
    thanks = survey_messages.thanks_for_comment(template, earned, balance)
    if asks_for_staff_too(said):
        return [thanks, *staff_asked_for(event)]
    if is_low:
        helpful = questions.help_with(event, said, opening=words().faq_may_help)
        return _rewritable([thanks, *helpful, staff_at_hand()])
    asks = hear(said).kind is MessageKind.QUESTION
    helpful = questions.help_with(event, said, opening=words().faq_may_help) if asks else []
    return _rewritable([thanks, *helpful, *rank_messages(customer.id)])


def _courtesy_for_a_comment(
    event: TextReceived, customer: Customer, kind: MessageKind, answer_id: int
) -> Answer:
    """「はい」 and 「ありがとう」 are not stored as a comment: answer briefly and ask again.
    「特にありません」 and 「あとで」 end the exchange."""
    answer = answers.latest_of(customer.id)
    is_low = answer is not None and answer.id == answer_id and answer.segment == Segment.DETRACTOR
    if kind in (MessageKind.NOTHING, MessageKind.LATER):
        conversations.stop_waiting(event.conversation_id)
        later = words().any_time if kind is MessageKind.LATER else words().nothing_to_add
        return [survey_messages.say(later)] if is_low else replies.with_ways_on(later)
    if kind is MessageKind.WHAT_TO_WRITE:
        return [survey_messages.awaiting(survey_messages.say(words().what_to_write))]
    return [survey_messages.awaiting(survey_messages.say(words().go_on_low if is_low else words().go_on))]


@routes.on_text("書き直す", "書きなおす", "かきなおす")
def rewrite_asked_for(event: TextReceived) -> Answer:
    """Wait for a text that replaces the latest comment, while the score can be corrected too
    (`correction_minutes`)."""
    answer = answers.latest_of(record_activity(event).id)
    if answer is None or not answer.comment:
        return replies.with_ways_on(words().nothing_to_rewrite)
    if answers.time_to_rewrite(answer) <= timedelta():
        return replies.with_ways_on(words().too_late_to_rewrite)
    conversations.wait_for(
        event.conversation_id,
        exchanges.NPS_COMMENT,
        answers.time_to_rewrite(answer),
        answer=answer.id,
        again=True,
    )
    return [survey_messages.awaiting(survey_messages.say(words().rewrite_prompt))]


def _rewritable(said: list[Message]) -> list[Message]:
    return survey_messages.rewritable(replies.lead_on(said))


def staff_at_hand() -> Message:
    return faq_messages.staff_offer(words().staff_can_help, tickets.DETRACTOR)
