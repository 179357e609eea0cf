"""Who an event is about: the customer behind a conversation."""

from bot.conversations import Conversation
from bot.events import Event
from customers import customer as customers
from customers.customer import Customer


def customer_of(event: Event) -> Customer:
    """The customer who did this; made on first sight. LINE's events without a user never reach a handler."""
    if event.user_id is None:
        raise ValueError(f"event {event.event_id} is nobody's")
    return customers.of_line_user(event.user_id, event.conversation_id)


def conversation_key_of(customer: Customer) -> str | None:
    """The key under which events for that customer queue; None while they are not on LINE."""
    if customer.conversation_id is None:
        return None
    key: str = Conversation.get_by_id(customer.conversation_id).key
    return key
