"""Classifies every text before the exchange that waits for it: complaints, requests, typed button labels, commands.

Not used for a text that is exactly a command. What is none of these goes on to the open exchange, or to
`fallback.py`. The classifier is `support/listening/hearing.py`.
"""

from bot.line.postbacks import decode
from bot.queue import offered_actions
from bot.routing.events import PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes, command, dispatch
from customers.people.customer import Customer
from handlers import (
    bad_moments,
    changes_asked,
    contacts,
    erasure_asked,
    exchanges,
    fallback,
    menu,
    score_answered,
    testimonials,
    tickets,
)
from handlers.event_customer import record_activity
from journeys.contacts import contacts as contact_store
from support.listening import EXCHANGES, ConversationState, Heard, MessageKind, hear, typed_label
from support.listening.opt_out import SEND_AFTER_ALL
from support.tickets.tickets import Ticket, handed_over_ticket_of

routes = Routes()

_STATES = {
    exchanges.NPS_COMMENT: ConversationState.COMMENT,
    exchanges.TESTIMONIAL_BODY: ConversationState.TESTIMONIAL,
    exchanges.TESTIMONIAL_PICTURE: ConversationState.PICTURE,
    exchanges.TESTIMONIAL_NAME: ConversationState.NAME,
    exchanges.TESTIMONIAL_CONSENT: ConversationState.CONSENT,
    exchanges.CSAT_COMMENT: ConversationState.CSAT,
}


def state_of(event: TextReceived, ticket: Ticket | None, customer: Customer) -> ConversationState:
    """The state of the conversation, as the classifier takes it. It is with staff also where the customer answers
    what a member of staff wrote to them unasked, before there is a ticket."""
    if ticket is not None:
        return ConversationState.WAITING if ticket.staff_spoke_at is None else ConversationState.STAFF
    if event.exchange is None:
        is_answer = contact_store.awaiting_answer(customer.id) is not None
        return ConversationState.STAFF if is_answer else ConversationState.IDLE
    return _STATES.get(event.exchange.kind, ConversationState.OTHER_EXCHANGE)


def _says_something(text: str) -> bool:
    return bool(text.strip())


@routes.on_text_that(_says_something)
def text_classified(event: TextReceived) -> Answer | None:
    """Answer what is urgent or a clear request; None leaves the text to the open exchange."""
    customer = record_activity(event)
    ticket = handed_over_ticket_of(customer.id)
    state = state_of(event, ticket, customer)
    heard = hear(event.text, state)
    if ticket is None and (scored := score_answered.score_written(event, heard)) is not None:
        return scored
    if heard.is_alarm or (heard.kind is MessageKind.STAFF and heard.subkind == "urgent"):
        contacts.answered_otherwise(customer)
        return bad_moments.answer(event, customer, heard)
    if (
        state is not ConversationState.STAFF
        and heard.kind is not MessageKind.WITHDRAW
        and (tapped := _typed_label(event, heard)) is not None
    ):
        return tapped
    if (
        state is ConversationState.IDLE
        and (answered := testimonials.request_answered(event, heard)) is not None
    ):
        return answered
    if (wished := erasure_asked.answer(event, customer, heard, state, ticket)) is not None:
        return wished
    if (change := changes_asked.answer(event, customer, heard, state, ticket)) is not None:
        return change
    return _request(event, customer, heard, state)


def _request(
    event: TextReceived, customer: Customer, heard: Heard, state: ConversationState
) -> Answer | None:
    match heard.kind:
        case MessageKind.STOP:
            return menu.messages_declined(event)
        case MessageKind.RESUME if customer.opted_out_at is not None or not _may_mean_something_else(
            event, heard
        ):
            return menu.messages_resumed(event)
        case MessageKind.STAFF if state is not ConversationState.STAFF and tickets.asks_only_for_staff(event):
            return tickets.staff_asked_for(event)
        case MessageKind.END if state not in (ConversationState.WAITING, ConversationState.STAFF):
            return fallback.handle_as_free_text(event)
        case MessageKind.LEAVE if state in EXCHANGES:
            return command("やめる", event)
        case MessageKind.COMMAND if state is not ConversationState.STAFF:
            return command(heard.subkind, event)
        case _:
            return None


def _may_mean_something_else(event: TextReceived, heard: Heard) -> bool:
    """「定期便の再開」 and 「やっぱり送って」 may be about an order, unless the customer had opted out of
    messages."""
    return heard.subkind == SEND_AFTER_ALL or "再開" in event.text


def _typed_label(event: TextReceived, heard: Heard) -> Answer | None:
    """The label of an offered button, typed, counts as a tap; so does its beginning, if only one begins so."""
    if len(event.text) > typed_label.LONGEST:
        return None
    found = typed_label.choice(
        event.text, offered_actions.actions(event.conversation_id), is_open=heard.kind is MessageKind.OTHER
    )
    if found is None:
        return None
    if found.data:
        return dispatch(_as_tap(event, found.data))
    return None if found.text == event.text or not found.text else command(found.text, event)


def _as_tap(event: TextReceived, data: str) -> PostbackReceived:
    return PostbackReceived(
        event_id=event.event_id,
        conversation_id=event.conversation_id,
        user_id=event.user_id,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        reply_token=event.reply_token,
        exchange=event.exchange,
        postback=decode(data),
    )
