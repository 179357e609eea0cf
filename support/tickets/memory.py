"""What follows a customer from one ticket to the next: who answered them, and the tags.

Notes are read by customer (`notes.py`). Who of staff has no access any more gets no tickets.
"""

import peewee

from bot.db import database
from bot.db.database import Model, insert_once, require_transaction
from support.tickets.tables import UNRESOLVED, Ticket


class InactiveStaff(Model):
    """A person of staff whose account is disabled."""

    staff_id = peewee.IntegerField(unique=True)

    class Meta:
        table_name = "inactive_staff"


def assignee_of(customer_id: int) -> int | None:
    """Who had the customer's last ticket that anybody had, if they still have access."""
    mine = Ticket.select(Ticket.assignee_id).where(
        Ticket.customer == customer_id, Ticket.assignee_id.is_null(False)
    )
    last = mine.order_by(Ticket.id.desc()).first()
    if last is None or InactiveStaff.select().where(InactiveStaff.staff_id == last.assignee_id).exists():
        return None
    return int(last.assignee_id)


def carry_tags(customer_id: int, ticket_id: int) -> None:
    """Give the ticket the tags of the customer's ticket before it."""
    require_transaction()
    database.execute(_CARRY, ticket_id, customer_id, ticket_id)


def end_access(staff_id: int) -> None:
    """The account was disabled: the person's unresolved tickets are nobody's, and no further one is theirs."""
    require_transaction()
    insert_once(InactiveStaff, staff_id=staff_id)
    theirs = (Ticket.assignee_id == staff_id) & Ticket.state.in_(UNRESOLVED)
    Ticket.update(assignee_id=None).where(theirs).execute()


def restore_access(staff_id: int) -> None:
    """The account was enabled again."""
    require_transaction()
    InactiveStaff.delete().where(InactiveStaff.staff_id == staff_id).execute()


_CARRY = (
    "INSERT INTO ticket_tag (ticket_id, tag) SELECT CAST(? AS INTEGER), tag FROM ticket_tag WHERE ticket_id = "
    "(SELECT MAX(id) FROM ticket WHERE customer_id = ? AND id < ?) ORDER BY id"
)
