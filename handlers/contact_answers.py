"""Brings what a customer answers to a message that a member of staff wrote unasked to that person, not to the FAQ."""

from bot import conversations
from bot.routing.routes import Answer
from customers.people.customer import Customer
from handlers.event_customer import Said
from handlers.tickets import after_hours_notice
from journeys.contacts import contacts
from support.tickets import tickets


def answer(event: Said, customer: Customer) -> Answer | None:
    """The answer to what the customer says to whoever wrote to them; None when nobody did lately.

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
        assignee_id=contact.staff_id,
        staff_spoke_at=contact.contacted_at,
    )
    conversations.stop_waiting(event.conversation_id)
    return after_hours_notice(opened.ticket)
