"""Decides what becomes of a low score: a case of somebody's, with a time by which they answer.

The bot goes on talking, asks why and offers what helps, until the customer asks for a person or one writes to them.
"""

from bot.database import require_transaction
from support import duty, tickets
from support.ticket_notes import TicketNote
from support.tickets import DETRACTOR, WAITING, Ticket


def open_case(customer_id: int, conversation_id: int, cause_key: str) -> None:
    """Of whose turn it is; nothing new when the customer's matter is a person's already."""
    tickets.open_ticket(
        customer_id,
        conversation_id,
        cause=DETRACTOR,
        cause_key=cause_key,
        assignee_id=duty.whose_turn(),
        handed_over=False,
    )


def withdraw(cause_key: str) -> bool:
    """The score was a slip of the finger: the case goes, unless somebody has begun with it."""
    require_transaction()
    untouched = (Ticket.state == WAITING) & Ticket.handed_over_at.is_null()
    noted = TicketNote.select(TicketNote.ticket)
    query = Ticket.delete().where(Ticket.cause_key == cause_key, untouched, Ticket.id.not_in(noted))
    return bool(query.execute())
