"""Answers what comes to the second LINE account, which is a person of staff's: everything goes to staff.

No bot answers there: no FAQ, no survey, no points. Danger, injury and anger get the same first advice as on
the main account, 「配信停止」 is honoured, and the question how a ticket was handled can be answered.
"""

from dataclasses import replace

from bot import conversations, localtime
from bot.config import settings
from bot.files import media
from bot.line import messages as line
from bot.queue import support_friends
from bot.routing.events import (
    Followed,
    LocationReceived,
    MediaReceived,
    PostbackReceived,
    StickerReceived,
    TextReceived,
    Unfollowed,
)
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import bad_moments, exchanges, menu, replies, satisfaction, unsent
from handlers.event_customer import Said, get_or_create_customer, record_activity, request_missing_name
from handlers.tickets import hand_over, reply_while_with_staff
from support.listening import ConversationState, MessageKind, hear
from support.satisfaction import ratings
from support.satisfaction.words import words as satisfaction_words
from support.tickets import messages as ticket_messages
from support.tickets import tickets
from support.tickets.second_account_words import words
from support.tickets.tickets import Ticket

routes = Routes()
routes.include(unsent.routes)


@routes.on_event(Followed)
def account_added(event: Followed) -> Answer:
    """Record the friend, and greet."""
    if not support_friends.follow(event.conversation_id, event.occurred_at):
        return []
    request_missing_name(event, get_or_create_customer(event))
    return [line.text(words().greeting.format(shop=settings.current().shop_name))]


@routes.on_event(Unfollowed)
def account_blocked(event: Unfollowed) -> Answer:
    """Record it: everything comes from the main account again."""
    support_friends.leave(event.conversation_id, event.occurred_at)
    return []


@routes.on_event(TextReceived)
def text_received(event: TextReceived) -> Answer:
    """Pass the text to staff, after what must be answered at once."""
    customer = _writer(event)
    is_comment = event.exchange is not None and event.exchange.kind == exchanges.CSAT_COMMENT
    if not is_comment:
        event = replace(event, exchange=None)  # what the bot asked on the main account is answered there
    ticket = tickets.handed_over_ticket_of(customer.id)
    heard = hear(event.text, _state(ticket, is_comment=is_comment))
    if heard.is_alarm or (heard.kind is MessageKind.STAFF and heard.subkind == "urgent"):
        return replies.without_ways_on(bad_moments.answer(event, customer, heard))
    if heard.kind is MessageKind.STOP:
        return menu.messages_declined(event)
    if heard.kind is MessageKind.RESUME and customer.opted_out_at is not None:
        return replies.without_ways_on(menu.messages_resumed(event))
    if is_comment and ticket is None and _stored_as_comment(event, customer):
        return [line.text(satisfaction_words().comment_thanks)]
    return _to_staff(event, customer)


@routes.on_event(StickerReceived, MediaReceived, LocationReceived)
def something_sent(event: StickerReceived | MediaReceived | LocationReceived) -> Answer:
    """Pass a sticker, picture, voice message, file or location to staff."""
    return _to_staff(event, _writer(event))


@routes.on_postback("ticket.ask")
def staff_asked_for(event: PostbackReceived) -> Answer:
    """Hand over, as a text does."""
    return _to_staff(event, _writer(event))


@routes.on_postback("csat.score")
def satisfaction_tapped(event: PostbackReceived) -> Answer:
    """Record how the ticket was handled."""
    return replies.without_ways_on(satisfaction.satisfaction_tapped(event))


@routes.on_postback("csat.again")
def change_asked_for(event: PostbackReceived) -> Answer:
    """Show the choices again."""
    return replies.without_ways_on(satisfaction.change_asked_for(event))


@routes.on_postback("csat.done")
def comment_declined(event: PostbackReceived) -> Answer:
    """The customer leaves no comment."""
    return replies.without_ways_on(satisfaction.comment_declined(event))


@routes.on_event(PostbackReceived)
def other_button_tapped(event: PostbackReceived) -> Answer:
    """Say what this account is for."""
    _writer(event)
    return [line.text(words().button)]


def _writer(event: Said) -> Customer:
    """The customer, who is a friend of this account: they have just written to it."""
    support_friends.follow(event.conversation_id, event.occurred_at)
    return record_activity(event)


def _state(ticket: Ticket | None, *, is_comment: bool) -> ConversationState:
    if ticket is not None:
        return ConversationState.WAITING if ticket.staff_spoke_at is None else ConversationState.STAFF
    return ConversationState.CSAT if is_comment else ConversationState.IDLE


def _stored_as_comment(event: TextReceived, customer: Customer) -> bool:
    """Store the text as the comment on how the ticket was handled, which was asked for just now."""
    exchange = event.exchange
    conversations.stop_waiting(event.conversation_id)
    return exchange is not None and ratings.add_comment(int(exchange.data["ticket"]), customer.id, event.text)


def _to_staff(event: Said, customer: Customer) -> Answer:
    """Join the customer's ticket or open one; the first time, say until when staff answer."""
    if (said := reply_while_with_staff(event, customer)) is not None:
        return replies.without_ways_on(said)
    due = hand_over(event, customer)
    is_further = isinstance(event, MediaReceived) and media.is_further_of_a_set(event.message_id)
    if due is None or is_further:
        return []
    return [ticket_messages.received_on_second(localtime.local(localtime.now()), due)]
