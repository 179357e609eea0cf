"""Says whose a ticket is: of who answered the customer last, or, a case, of the person on duty who has the fewest
tickets; and stores who is on duty, and who has no access any more.

The accounts themselves are the console's (`console/auth/`).
"""

import peewee

from bot import localtime
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from support.tickets.tables import UNRESOLVED, Ticket


class OnDuty(Model):
    """A person of staff who is given cases, and when the last one was."""

    staff_id = peewee.IntegerField(unique=True)
    given_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "on_duty"


class InactiveStaff(Model):
    """A person of staff whose account is disabled."""

    staff_id = peewee.IntegerField(unique=True)

    class Meta:
        table_name = "inactive_staff"


def begin(staff_id: int) -> bool:
    """Put the person on duty. False when they are already."""
    require_transaction()
    return insert_once(OnDuty, staff_id=staff_id) is not None


def end(staff_id: int) -> bool:
    """Take the person off duty; their tickets stay theirs. False when they were not on duty."""
    require_transaction()
    return bool(OnDuty.delete().where(OnDuty.staff_id == staff_id).execute())


def people() -> set[int]:
    """The ids of those on duty."""
    return {each.staff_id for each in OnDuty.select(OnDuty.staff_id)}


def take_next_assignee() -> int | None:
    """The person on duty with the fewest tickets, of equals the one assigned a case longest ago; recorded as
    assigned now.

    None when nobody is on duty.
    """
    require_transaction()
    row = database.execute(_NEXT, database.stored(localtime.now())).fetchone()
    return int(row[0]) if row else None


def last_assignee(customer_id: int) -> int | None:
    """Who had the customer's last ticket that anybody had, if they still have access."""
    mine = Ticket.select(Ticket.assignee_id).where(
        Ticket.customer == customer_id, Ticket.assignee_id.is_null(False)
    )
    last = mine.order_by(Ticket.id.desc()).first()
    if last is None or InactiveStaff.select().where(InactiveStaff.staff_id == last.assignee_id).exists():
        return None
    return int(last.assignee_id)


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


_NEXT = (
    "UPDATE on_duty SET given_at = ? WHERE staff_id = ("
    "SELECT d.staff_id FROM on_duty d LEFT JOIN ticket t ON t.assignee_id = d.staff_id AND t.state <> 'resolved' "
    "AND t.snoozed_until IS NULL GROUP BY d.staff_id, d.given_at "
    "ORDER BY COUNT(t.id), CASE WHEN d.given_at IS NULL THEN 0 ELSE 1 END, d.given_at, d.staff_id LIMIT 1) "
    "RETURNING staff_id"
)


erasure.nothing("It is about staff.", OnDuty)
