"""Decides whose turn it is to take a case that nobody asked for by name: of those on duty, who has the least to do.

Who is let into the console is on duty until they are taken off; the accounts themselves are the console's.
"""

import peewee

from bot import localtime
from bot.db import database
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction


class OnDuty(Model):
    """A person of staff to whom cases are given, and when the last one was."""

    staff_id = peewee.IntegerField(unique=True)
    given_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "on_duty"


def begin(staff_id: int) -> bool:
    """Give that person cases from now on. False when they get them already."""
    require_transaction()
    return insert_once(OnDuty, staff_id=staff_id) is not None


def end(staff_id: int) -> bool:
    """Give that person none any more; what they have stays theirs. False when they got none."""
    require_transaction()
    return bool(OnDuty.delete().where(OnDuty.staff_id == staff_id).execute())


def people() -> set[int]:
    """Who is on duty."""
    return {each.staff_id for each in OnDuty.select(OnDuty.staff_id)}


def whose_turn() -> int | None:
    """Who has the fewest tickets at hand, and of those who was given one longest ago; it counts as given.

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
