"""Turns a customer's wish to be erased into a ticket that says so, and tells them once who sees to it and by when.

The wish is recognised by `support/listening/erasure_wish.py`; erasing is an owner's, on the customer's page
(`console/data/person_page.py`).
"""

from bot.routing.events import TextReceived
from bot.routing.routes import Answer
from customers.people.customer import Customer
from handlers import menu, tickets
from support.bad_moments import messages as bad_moment_messages
from support.changes import messages, requests
from support.listening import ConversationState, Heard, MessageKind
from support.listening.erasure_wish import wishes_erasure
from support.listening.folding import fold
from support.tickets import messages as ticket_messages
from support.tickets.severity import Severity
from support.tickets.tickets import ERASURE, Ticket, handed_over_ticket_of

_MAY_BE = {
    *(MessageKind.QUESTION, MessageKind.OTHER, MessageKind.END, MessageKind.LEAVE, MessageKind.STAFF),
    MessageKind.STOP,
}
"""What the wish may be taken for otherwise."""
_STATES = {
    *(ConversationState.IDLE, ConversationState.ASKED, ConversationState.WAITING, ConversationState.STAFF),
}


def answer(
    event: TextReceived, customer: Customer, heard: Heard, state: ConversationState, ticket: Ticket | None
) -> Answer | None:
    """Open a ticket, or note the wish in the open one; None when no such wish is said, it is noted already, or the bot
    should be silent. Who wants no more messages either gets none from then on."""
    if heard.kind not in _MAY_BE or state not in _STATES or not wishes_erasure(fold(event.text)):
        return None
    if ticket is not None and ticket.asked_change == ERASURE:
        return None
    declined = menu.messages_declined(event) if heard.kind is MessageKind.STOP else []
    if ticket is None or state is not ConversationState.STAFF:
        tickets.hand_over(event, customer, ERASURE)
    opened = ticket or handed_over_ticket_of(customer.id)
    if opened is None:
        return None
    requests.record(opened, ERASURE, event.text, is_complete=True)
    if state is ConversationState.STAFF or opened.severity >= Severity.ANGER:
        return declined or None
    due = bad_moment_messages.by_when_if_ahead(opened.answer_due_at)
    return [*declined, messages.erasure(due, [ticket_messages.withdraw(opened.id)])]
