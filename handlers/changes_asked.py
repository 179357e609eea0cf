"""Turns a wish to change an address, a delivery or a subscription into a ticket, and asks once for all staff need.

The request is recognised by `support/listening/changes.py`. A certain FAQ answer comes along: the customer may be able
to change it by themselves.
"""

from datetime import timedelta

from bot import localtime
from bot.line import messages as line
from bot.routing.events import TextReceived
from bot.routing.routes import Answer
from customers.orders import purchases, shipments
from customers.orders.purchases import PAID
from customers.people.customer import Customer
from handlers import questions, tickets
from support.bad_moments import messages as bad_moment_messages
from support.changes import messages, requests
from support.listening import ConversationState, Heard, MessageKind, changes
from support.listening.folding import fold
from support.tickets import messages as ticket_messages
from support.tickets.severity import Severity
from support.tickets.tickets import CHANGE, Ticket, handed_over_ticket_of

MOST_ORDERS = 3
LATELY = timedelta(days=60)
"""An older order without a parcel was sent by a way that is not reported."""
_MAY_BE = {
    *(MessageKind.QUESTION, MessageKind.OTHER, MessageKind.END, MessageKind.LEAVE, MessageKind.RESUME),
    MessageKind.STOP,
}
"""What a request for a change may be taken for otherwise."""
_STATES = {ConversationState.IDLE, ConversationState.ASKED, ConversationState.WAITING}


def answer(
    event: TextReceived, customer: Customer, heard: Heard, state: ConversationState, ticket: Ticket | None
) -> Answer | None:
    """Open a ticket and ask for what staff need; None when no change is asked for, or the bot should be silent."""
    if heard.kind not in _MAY_BE or state not in _STATES or not _may_ask(ticket):
        return None
    kind = changes.change_asked(fold(event.text))
    if not kind or (heard.kind is MessageKind.STOP and kind != changes.SUBSCRIPTION):
        return None
    is_complete = changes.has_details(kind, event.text)
    tickets.hand_over(event, customer, CHANGE)
    opened = handed_over_ticket_of(customer.id)
    if opened is None:
        return None
    requests.record(opened, kind, event.text, is_complete=is_complete)
    orders, due = _orders_to_send(customer), bad_moment_messages.by_when_if_ahead(opened.answer_due_at)
    actions = [ticket_messages.withdraw(opened.id)]
    form = messages.form(kind, orders, due, is_complete=is_complete, actions=actions)
    return [*questions.certain_answer(event)[: line.MOST_MESSAGES - 1], form]


def _may_ask(ticket: Ticket | None) -> bool:
    """Not of somebody who was asked already, nor of the angry or injured, to whom the bot is silent."""
    return ticket is None or (not ticket.asked_change and ticket.severity < Severity.ANGER)


def _orders_to_send(customer: Customer) -> list[str]:
    """The numbers of the customer's latest orders of which nothing was dispatched."""
    found = [each for each in purchases.latest_of(customer, MOST_ORDERS) if each.state == PAID]
    parcels = shipments.of_orders([each.order_number for each in found])
    lately = localtime.today() - LATELY
    return [
        each.order_number
        for each in found
        if each.ordered_on >= lately
        and not any(parcel.dispatched_at or parcel.delivered_at for parcel in parcels[each.order_number])
    ]
