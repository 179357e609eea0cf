"""The customer an event is about, what a message of theirs changes, and whether staff have the chat."""

from bot import localtime
from bot.line.messages import Message
from bot.queue import outbox
from bot.routing.events import (
    Event,
    InternalEvent,
    LocationReceived,
    MediaReceived,
    PostbackReceived,
    StickerReceived,
    TextReceived,
)
from customers.people import active_days
from customers.people import customer as customers
from customers.people.customer import Customer
from support.tickets import tickets
from support.tickets.tickets import Ticket

Said = TextReceived | PostbackReceived | StickerReceived | MediaReceived | LocationReceived
"""What a customer does in the chat."""


def get_or_create_customer(event: Event) -> Customer:
    """The customer behind it, made when they are new. LINE's events without a user never reach a handler.

    What the shop or the clock does is no sign of life: it makes nobody seen, and nobody reachable.
    """
    if event.user_id is None:
        raise ValueError(f"event {event.event_id} is nobody's")
    return customers.get_or_create_by_line_user(
        event.user_id, event.conversation_id, seen=not isinstance(event, InternalEvent)
    )


def record_activity(event: Said) -> Customer:
    """The customer who wrote or tapped, made when they are new; the day counts for them, and LINE is asked for their
    name where it is not known. Each of these is done once, however often it is called."""
    customer = get_or_create_customer(event)
    active_days.record_message_day(customer, localtime.local_date(event.occurred_at))
    if not customer.display_name:
        _ask_for_name(event)
    return customer


def record_customer_message(customer: Customer) -> Ticket | None:
    """The customer's ticket that is not resolved, if any, which now waits for an answer of staff."""
    ticket = tickets.open_ticket_of(customer.id)
    if ticket is not None:
        tickets.record_customer_message(ticket.id)
    return ticket


def staff_have_the_chat(ticket: Ticket | None) -> bool:
    """Whether the chat is handed over: then the bot does not talk over the staff, who read it in the transcript."""
    return ticket is not None and ticket.handed_over_at is not None


def reply_or_push(
    customer: Customer, said: list[Message], *, cause: str, conversation_id: int | None
) -> list[Message]:
    """What to answer in the event's own conversation; in another one it is pushed. Nothing to whom may not be
    written to unasked."""
    if not said or not customers.can_be_pushed(customer):
        return []
    if conversation_id == customer.conversation_id or customer.conversation_id is None:
        return said
    outbox.push(customer.conversation_id, said, cause=cause)
    return []


def _ask_for_name(event: Event) -> None:
    """Somebody whose name we never learnt (they added the shop before the bot came): ask LINE once."""
    cause = f"seen:{event.user_id}"
    if not outbox.was_requested(event.conversation_id, cause):
        outbox.request_profile(event, cause)
