"""Sends what staff write to a customer who has not bought for a while, when the customer's limits allow.

The queue is `journeys/contacts/`; staff press send in the console, which stores `contact.send_requested`. What the
customer answers is brought to them by `contact_answers.py`.
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
from handlers.event_customer import get_or_create_customer
from journeys.contacts import contacts
from journeys.sending.limits import OPTED_OUT
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import SENT, PlannedMessage

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
        cause=contacts.cause_of(contact_id, attempt),
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


def answered_otherwise(customer: Customer) -> int | None:
    """The customer answers with what opens a ticket by itself, since it is urgent or asks for staff: count it as an
    answer. Who wrote to them, if anybody did lately."""
    contact = contacts.awaiting_answer(customer.id)
    if contact is None:
        return None
    contacts.record_answered(contact.id)
    return contact.staff_id
