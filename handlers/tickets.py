"""スタッフと話す: a ticket is opened, the customer writes to it, staff answer it, staff close it."""

from dataclasses import replace

from bot import conversations, localtime, outbox, shop, spare_tokens
from bot import line_messages as line
from bot.events import Happening, PostbackReceived, TextReceived
from bot.line_messages import Message
from bot.routing import Answer, on_happening, on_postback, on_text, on_text_that
from customers import customer as customers
from customers.customer import Customer
from handlers import messages as talk
from handlers.people import customer_of, staff_have_the_chat
from handlers.progress import late_wish, rank_messages
from support import (
    business_hours,
    cases,
    faq_asked,
    messages,
    rules,
    satisfaction,
    satisfaction_messages,
    tickets,
)
from support.listening.staff_words import asks_for_staff
from support.rules import SatisfactionRules
from support.tickets import ASKED, CAUSES, Ticket


@on_text_that(asks_for_staff)
def person_wished_for(event: TextReceived) -> Answer:
    """In words of their own. Once staff have spoken, those are for them, and the bot does not talk in between."""
    customer = customer_of(event)
    ticket = tickets.handed_over_ticket_of(customer.id)
    if ticket is not None and ticket.staff_spoke_at is not None:
        return said_to_staff(customer) or []
    return staff_asked_for(event)


@on_text("スタッフと話す", "スタッフ")
@on_postback("ticket.ask")
def staff_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Open a ticket, whatever else was going on; never blocked by a search."""
    customer = customer_of(event)
    conversations.stop_waiting(event.conversation_id)
    wished = event.postback.values.get("c", ASKED) if isinstance(event, PostbackReceived) else ASKED
    opened = tickets.open_ticket(
        customer.id,
        event.conversation_id,
        cause=wished if wished in CAUSES else ASKED,
        cause_key=f"asked:{event.event_id}",
    )
    begins_now = tickets.hand_chat_over(opened.ticket.id) or opened.is_new
    if begins_now:
        tapped = event.postback.number("a") if isinstance(event, PostbackReceived) else None
        faq_asked.escalated(event.conversation_id, opened.ticket.id, tapped)
    tickets.customer_wrote(opened.ticket.id)
    local = localtime.local(localtime.now())
    if not business_hours.is_open(rules.hours(), local):
        tickets.told_closed(opened.ticket.id)
    return [messages.ticket_opened(local) if begins_now else messages.already_waiting(local)]


def said_to_staff(customer: Customer) -> Answer | None:
    """What to answer to words that are for staff: nothing, or once in a closing time that nobody is there now.

    None while the bot has the chat.
    """
    if not staff_have_the_chat(customer):
        return None
    ticket = tickets.open_ticket_of(customer.id)
    local = localtime.local(localtime.now())
    spoken_at = (ticket.told_closed_at, ticket.staff_spoke_at) if ticket else ()
    if ticket is None or not business_hours.may_tell_closed(rules.hours(), local, *spoken_at):
        return []
    tickets.told_closed(ticket.id)
    return [messages.already_waiting(local)]


@on_happening("staff.replied")
def staff_replied(event: Happening) -> Answer:
    """A person's answer goes out as they wrote it: free with the customer's last token while that lives."""
    ticket_id, staff_id = int(event.data["ticket_id"]), int(event.data["staff_id"])
    tickets.first_response(ticket_id, staff_id)
    conversations.stop_waiting(event.conversation_id)  # what the customer writes next is an answer to them
    token = spare_tokens.newest(event.conversation_id)
    if token is not None:
        event = replace(event, reply_token=token.reply_token, received_at=token.received_at)
    outbox.reply(event, [messages.say(str(event.data["text"]))], staff_id=staff_id)
    return []


@on_happening("ticket.resolved")
def ticket_resolved(event: Happening) -> Answer:
    """The matter is done; the bot has the chat again and says so, once, and how it went is asked. A rise that waited
    for it is told now."""
    ticket_id = int(event.data["ticket_id"])
    if not tickets.resolve(ticket_id, int(event.data["staff_id"])):
        return []
    ticket, customer = tickets.find(ticket_id), customer_of(event)
    if ticket is None:
        return []
    wish = late_wish(customer, ticket.opened_at)
    if not cases.was_a_talk(ticket):
        return talk.lead_on(wish)  # a case without a word of the customer's to a person: to them nothing ends
    if not customers.can_be_pushed(customer):
        return talk.lead_on([messages.ticket_closed()])
    said = [messages.ticket_closed(), *wish, *rank_messages(customer.id)]
    asked = _how_it_went(ticket)
    return talk.lead_on([*said[: line.MOST_MESSAGES - len(asked)], *asked])


def _how_it_went(ticket: Ticket) -> list[Message]:
    asks = shop.get(SatisfactionRules).asks and satisfaction.ask(ticket)
    return [satisfaction_messages.question(ticket.id)] if asks else []
