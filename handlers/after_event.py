"""Sends a customer's planned messages: along with the reply to what they did, which is free, or as one push.

Which may be sent is in `journeys/sending/limits.py`; planning one is `unasked.py`.
"""

from bot import localtime, log, outages
from bot.conversations import Conversation
from bot.db import conflicts
from bot.line.messages import MOST_MESSAGES, Message
from bot.queue import outbox
from bot.routing import event_kinds
from bot.routing.events import Event, InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import planned_content, recipient_facts, replies
from journeys.links import units
from journeys.sending import waiting
from journeys.sending.message_kinds import QUESTION_KINDS
from journeys.sending.release import Call, Release
from journeys.sending.settings import may_push_now
from journeys.sending.tables import PlannedMessage
from support.bad_moments import quiet_period

routes = Routes()


def finish(event: Event, answer: Answer) -> Answer:
    """Add to a reply what waits for one, and send both; the answer as it is where nothing is added.

    There is nothing to add to when the event has no reply token, when the handler answers nothing or has asked
    something, with a ticket, and in the quiet period after a complaint.
    """
    room = MOST_MESSAGES - len(answer)
    if event.reply_token is None or not answer or room < 1:
        return answer
    rows = waiting.waiting_in(event.conversation_id)
    if not rows:
        return answer
    try:
        with outbox.savepoint():
            return _with_riders(event, answer, rows, room)
    except Exception as error:  # a fault here must not cost the answer
        if conflicts.is_conflict(error) or outages.classify(error) is not None:
            raise
        log.exception("nothing could go along with a reply", event_id=event.event_id)
        return answer


def _with_riders(event: Event, answer: Answer, rows: list[PlannedMessage], room: int) -> Answer:
    if _has_asked(event.conversation_id) or quiet_period.is_resting(rows[0].customer_id):
        return answer
    release = release_of(rows)
    call = release.along_with_a_reply(room)
    if not call.rows:
        return answer
    release.settle(call, outbox.reply(event, _together(answer, call.messages)))
    return []


@routes.on_internal_event(event_kinds.MESSAGES_DUE)
def messages_due(event: InternalEvent) -> Answer:
    """Push what has reached its deadline, with whatever else may come along."""
    rows = waiting.waiting_in(event.conversation_id)
    if not rows:
        return []
    release = release_of(rows)
    call = release.as_a_push()
    if call.from_second_account:
        sent = outbox.push_individually(
            event.conversation_id,
            call.messages,
            cause=call.rows[0].cause,
            staff_id=call.staff_id,
            by_day_only=may_push_now(),
        )
        release.settle(call, sent)
    elif call.rows:
        said = call.messages if _is_plain(call) else replies.lead_on(call.messages)
        sent = outbox.push(
            event.conversation_id,
            said,
            cause=call.rows[0].cause,
            aggregation_unit=units.unit_of_call(call.rows),
            by_day_only=may_push_now(),
            staff_id=call.staff_id,
        )
        release.settle(call, sent)
    return []


def _is_plain(call: Call) -> bool:
    """Whether the menu's buttons would disturb: in a bad moment, from a person, and below a question, which has its
    own choices."""
    if call.staff_id is not None or any(row.kind in QUESTION_KINDS for row in call.rows):
        return True
    return quiet_period.is_resting(call.rows[0].customer_id)


def release_of(rows: list[PlannedMessage]) -> Release:
    """The decisions about these waiting rows of one customer; nothing is written before one is used."""
    customer: Customer = Customer.get_by_id(rows[0].customer_id)
    facts = recipient_facts.of_customer(customer)

    def render(row: PlannedMessage) -> list[Message] | None:
        return planned_content.render(row, customer)

    return Release(rows, facts, render, planned_content.settled)


def _has_asked(conversation_id: int) -> bool:
    """Whether the bot waits for the customer's answer to a question."""
    chat: Conversation = Conversation.get_by_id(conversation_id)
    is_open = chat.exchange_until is not None and chat.exchange_until > localtime.now()
    return chat.exchange_kind is not None and is_open


def _together(answer: Answer, riders: list[Message]) -> list[Message]:
    """The answer and what rides on it. LINE shows the quick replies of one message only: the riders' go before
    the answer's."""
    if any("quickReply" in each for each in riders):
        answer = replies.without_quick_replies(answer)
    return [*answer, *riders]
