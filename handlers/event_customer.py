"""Finds or creates the customer an event belongs to, records activity, and checks whether staff have the chat."""

from bot import localtime
from bot.line.channels import MAIN
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
"""The events in which a customer does something in the chat."""


def get_or_create_customer(event: Event) -> Customer:
    """The event's customer, created when new. ValueError when the event has no LINE user.

    Only events of the main LINE account count as a sign that the customer can be reached; those of the second
    one, the shop or the clock do not.
    """
    if event.user_id is None:
        raise ValueError(f"event {event.event_id} is nobody's")
    seen = event.channel == MAIN and not isinstance(event, InternalEvent)
    return customers.get_or_create_by_line_user(event.user_id, event.conversation_id, seen=seen)


def record_activity(event: Said) -> Customer:
    """The customer who wrote or tapped, created when new; records the day as active and requests an unknown
    name from LINE. Safe to call several times for one event."""
    customer = get_or_create_customer(event)
    active_days.record_message_day(customer, localtime.local_date(event.occurred_at))
    request_missing_name(event, customer)
    return customer


def record_customer_message(customer: Customer) -> Ticket | None:
    """The customer's unresolved ticket, if any, after marking it as waiting for an answer of staff."""
    ticket = tickets.open_ticket_of(customer.id)
    if ticket is not None:
        tickets.record_customer_message(ticket.id)
    return ticket


def staff_have_the_chat(ticket: Ticket | None) -> bool:
    """Whether the chat is handed over to staff: then the bot does not answer."""
    return ticket is not None and ticket.handed_over_at is not None


def request_missing_name(event: Event, customer: Customer) -> None:
    """Request the profile of a customer whose name is unknown (they added the shop before the bot did), once from
    each account."""
    if customer.display_name:
        return
    cause = f"seen:{event.user_id}" if event.channel == MAIN else f"seen-by-{event.channel}:{event.user_id}"
    if not outbox.was_requested(event.conversation_id, cause):
        outbox.request_profile(event, cause)
