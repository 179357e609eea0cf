"""Sends the follow-up that staff chose to have sent by itself, on its day, unless the customer wrote meanwhile.

The message is a planned one: once for each follow-up, in working hours, under the name of who chose it. What cannot be
sent stays with staff as a reminder at the top of their lists.
"""

import json
from datetime import timedelta

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.line.messages import Message
from bot.queue import inbox
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import unasked
from handlers.event_customer import get_or_create_customer
from journeys.sending.limits import QUIET_HOURS
from journeys.sending.message_kinds import Kind
from journeys.sending.release import Postponed
from journeys.sending.tables import SENT, PlannedMessage
from support.bad_moments import follow_ups
from support.hours import business_hours, settings
from support.tickets import tickets, waiting_tickets
from support.tickets.words import words

routes = Routes()

CHUNK = 200
SENT_WITHIN = timedelta(days=3)
"""What could not be sent by then is left to staff."""


def put_due() -> int:
    """Put the follow-ups that are due into their conversations; how many."""
    found = waiting_tickets.follow_ups_due(CHUNK)
    if not found:
        return 0
    with write_transaction():
        return sum(_put(ticket) for ticket in found)


def _put(ticket: tickets.Ticket) -> int:
    chat: Conversation = Conversation.get_by_id(ticket.conversation_id)
    due_at = ticket.follow_up_due_at or localtime.now()
    return inbox.put(
        event_kinds.FOLLOW_UP_DUE,
        f"follow-up:{ticket.id}:{due_at.timestamp():.0f}",
        chat.key,
        {"ticket_id": ticket.id},
        line_user_id=chat.line_user_id,
    )


@routes.on_internal_event(event_kinds.FOLLOW_UP_DUE)
def follow_up_due(event: InternalEvent) -> Answer:
    """Plan the message, unless it was taken back or may not be sent any more."""
    customer, ticket = get_or_create_customer(event), tickets.find(int(event.data["ticket_id"]))
    if ticket is None or ticket.follow_up_by_id is None or ticket.follow_up_due_at is None:
        return []
    tickets.end_sending_follow_up(ticket.id)
    if follow_ups.may_be_sent(ticket, customer):
        unasked.say(
            customer,
            [line.text(ticket.follow_up or words().follow_up)],
            kind=Kind.FOLLOW_UP,
            cause=event.event_id,
            data={"ticket_id": ticket.id, "staff_id": ticket.follow_up_by_id},
            expires_at=localtime.now() + SENT_WITHIN,
        )
    return []


def message_now(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """The message, in working hours, unless staff or the customer did something about it meanwhile."""
    ticket = tickets.find(json.loads(row.data)["ticket_id"])
    if ticket is None or ticket.follow_up_due_at is None or not follow_ups.may_be_sent(ticket, customer):
        return None
    if not business_hours.is_open(settings.hours(), localtime.local(localtime.now())):
        raise Postponed(QUIET_HOURS)
    said: list[Message] = json.loads(row.messages)
    return said


def settled(row: PlannedMessage) -> None:
    """It was sent: staff need not be reminded any more."""
    if row.state == SENT:
        tickets.record_followed_up(json.loads(row.data)["ticket_id"])
