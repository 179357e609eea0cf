"""Opens a case for a low score: a ticket with an assignee and a promised time, while the bot keeps the chat.

The bot goes on asking for the reason and offering help until the customer asks for staff or staff write to
them.
"""

from bot.db.database import require_transaction
from bot.queue.inbox import InboxEvent
from support.tickets import case_assignment, tickets
from support.tickets.notes import TicketNote
from support.tickets.tickets import DETRACTOR, WAITING, Ticket
from support.transcript.latest_messages import A_MESSAGE


def open_case(customer_id: int, conversation_id: int, cause_key: str) -> None:
    """Open a case, assigned to who had the customer's last ticket, else to the next person on duty; nothing when
    the customer has an unresolved ticket."""
    tickets.open_ticket(
        customer_id,
        conversation_id,
        cause=DETRACTOR,
        cause_key=cause_key,
        assignee_id=case_assignment.last_assignee(customer_id) or case_assignment.take_next_assignee(),
        handed_over=False,
    )


def was_a_conversation(ticket: Ticket) -> bool:
    """Whether the customer asked for staff, or answered staff who wrote to them."""
    begun_at = ticket.handed_over_at
    if begun_at is None:
        return False
    if ticket.first_response_at is None or begun_at < ticket.first_response_at:
        return True
    theirs = (InboxEvent.conversation == ticket.conversation_id) & (InboxEvent.source == "line")
    since = theirs & (InboxEvent.received_at >= begun_at) & InboxEvent.body.contains(A_MESSAGE)
    return bool(InboxEvent.select().where(since).exists())


def withdraw(cause_key: str) -> bool:
    """The score was corrected: delete the case, unless staff have begun with it."""
    require_transaction()
    untouched = (Ticket.state == WAITING) & Ticket.handed_over_at.is_null()
    noted = TicketNote.select(TicketNote.ticket)
    query = Ticket.delete().where(Ticket.cause_key == cause_key, untouched, Ticket.id.not_in(noted))
    return bool(query.execute())
