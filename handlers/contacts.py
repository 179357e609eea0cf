"""Sends what staff write to a customer who has not bought for a while, and brings the customer's answer to them.

The queue is `journeys/contacts/`; staff press send in the console, which stores `contact.send_requested`.
"""

import json
from datetime import timedelta

from bot import conversations, localtime
from bot.line import messages as line
from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import unasked
from handlers.event_customer import Said, get_or_create_customer
from handlers.tickets import after_hours_notice
from journeys.contacts import contacts
from journeys.contacts.tables import Contact
from journeys.sending.limits import OPTED_OUT
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import SENT, PlannedMessage
from support.tickets import tickets

routes = Routes()

SENT_WITHIN = timedelta(days=3)
"""A message that the customer's limits hold longer is not sent; the customer is in the queue again."""


@routes.on_internal_event(event_kinds.CONTACT_SEND_REQUESTED)
def send_requested(event: InternalEvent) -> Answer:
    """Plan the message, which waits for quiet hours and the customer's limits as any other."""
    contact_id, attempt = int(event.data["contact_id"]), int(event.data["attempt"])
    is_planned = unasked.say(
        get_or_create_customer(event),
        [line.text(str(event.data["text"]))],
        kind=Kind.CONTACT,
        cause=f"contact:{contact_id}:{attempt}",
        data={"contact_id": contact_id, "attempt": attempt, "staff_id": int(event.data["staff_id"])},
        expires_at=localtime.now() + SENT_WITHIN,
    )
    if not is_planned:
        contacts.record_not_sent(contact_id, attempt, OPTED_OUT)
    return []


def message_now(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """The message, unless the customer bought in the meantime."""
    contact = contacts.find(json.loads(row.data)["contact_id"])
    if contact is None or customer.last_purchased_on != contact.purchased_on:
        return None
    said: list[Message] = json.loads(row.messages)
    return said


def settled(row: PlannedMessage) -> None:
    """The message was sent or given up. The customer's next text answers the person who wrote, not a question
    that the bot asked before."""
    data = json.loads(row.data)
    if row.state != SENT:
        contacts.record_not_sent(data["contact_id"], data["attempt"], row.reason)
        return
    contacts.record_sent(data["contact_id"], data["attempt"], row.settled_at or localtime.now())
    conversations.stop_waiting(row.conversation_id)


def answered(event: Said, customer: Customer) -> Answer | None:
    """Bring what the customer says to the person who wrote to them; None when nobody did lately.

    Opens a ticket of that person's, once for each contact: the bot is silent until it is resolved.
    """
    contact = contacts.awaiting_answer(customer.id)
    if contact is None or not contacts.record_answered(contact.id):
        return None
    opened = tickets.open_ticket(
        customer.id,
        event.conversation_id,
        cause=tickets.CONTACT,
        cause_key=f"contact:{contact.id}",
        note=contact.text,
        assignee_id=contact.staff_id,
        staff_spoke_at=contact.contacted_at,
    )
    conversations.stop_waiting(event.conversation_id)
    return after_hours_notice(opened.ticket)


def record_answer_elsewhere(customer: Customer) -> Contact | None:
    """The customer's answer opens a ticket by itself, because it is urgent or asks for staff: count it."""
    contact = contacts.awaiting_answer(customer.id)
    if contact is not None:
        contacts.record_answered(contact.id)
    return contact
