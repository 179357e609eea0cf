"""Decides what becomes of a low score: a case of somebody's, with a time by which they answer.

The bot goes on talking, asks why and offers what helps, until the customer asks for a person or one writes to them.
"""

from bot.db.database import require_transaction
from bot.queue.inbox import InboxEvent
from support.tickets import case_assignment, tickets
from support.tickets.notes import TicketNote
from support.tickets.tickets import DETRACTOR, WAITING, Ticket
from support.transcript.latest_messages import A_MESSAGE


def open_case(customer_id: int, conversation_id: int, cause_key: str) -> None:
    """Of whose turn it is; nothing new when the customer's matter is a person's already."""
    tickets.open_ticket(
        customer_id,
        conversation_id,
        cause=DETRACTOR,
        cause_key=cause_key,
        assignee_id=case_assignment.whose_turn(),
        handed_over=False,
    )


def was_a_conversation(ticket: Ticket) -> bool:
    """Whether the customer asked for a person, or answered the one who wrote to them."""
    begun_at = ticket.handed_over_at
    if begun_at is None:
        return False
    if ticket.first_response_at is None or begun_at < ticket.first_response_at:
        return True
    theirs = (InboxEvent.conversation == ticket.conversation_id) & (InboxEvent.source == "line")
    since = theirs & (InboxEvent.received_at >= begun_at) & InboxEvent.body.contains(A_MESSAGE)
    return bool(InboxEvent.select().where(since).exists())


def withdraw(cause_key: str) -> bool:
    """The score was a slip of the finger: the case goes, unless somebody has begun with it."""
    require_transaction()
    untouched = (Ticket.state == WAITING) & Ticket.handed_over_at.is_null()
    noted = TicketNote.select(TicketNote.ticket)
    query = Ticket.delete().where(Ticket.cause_key == cause_key, untouched, Ticket.id.not_in(noted))
    return bool(query.execute())
