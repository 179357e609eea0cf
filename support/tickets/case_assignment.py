"""Assigns cases to the person on duty who has the fewest tickets, and stores who is on duty.

The accounts themselves are the console's (`console/auth/`).
"""

import peewee

from bot import localtime
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction


class OnDuty(Model):
    """A person of staff who is given cases, and when the last one was."""

    staff_id = peewee.IntegerField(unique=True)
    given_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "on_duty"


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


_NEXT = (
    "UPDATE on_duty SET given_at = ? WHERE staff_id = ("
    "SELECT d.staff_id FROM on_duty d LEFT JOIN ticket t ON t.assignee_id = d.staff_id AND t.state <> 'resolved' "
    "AND t.snoozed_until IS NULL GROUP BY d.staff_id, d.given_at "
    "ORDER BY COUNT(t.id), CASE WHEN d.given_at IS NULL THEN 0 ELSE 1 END, d.given_at, d.staff_id LIMIT 1) "
    "RETURNING staff_id"
)


erasure.nothing("It is about staff.", OnDuty)
