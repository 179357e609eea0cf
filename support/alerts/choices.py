"""Stores what each person of staff chose to be alerted of, by which ways, and their quiet times."""

from collections.abc import Collection

import peewee

from bot.db import erasure
from bot.db.database import Model, require_transaction
from support.alerts.rules import Choices, Kind, Ways

DAY_MINUTES = 24 * 60


class AlertWays(Model):
    """The ways that a person chose for a kind."""

    staff_id = peewee.IntegerField()
    kind = peewee.CharField(16)
    push = peewee.BooleanField()
    desktop = peewee.BooleanField()
    sound = peewee.BooleanField()
    own_line = peewee.BooleanField()

    class Meta:
        indexes = ((("staff_id", "kind"), True),)


class AlertTimes(Model):
    """A person's quiet times, and whether anything goes to their own LINE."""

    staff_id = peewee.IntegerField(unique=True)
    quiet_from = peewee.SmallIntegerField(null=True)
    quiet_until = peewee.SmallIntegerField(null=True)
    urgent_always = peewee.BooleanField(default=False)
    own_line = peewee.BooleanField(default=False)


def of(staff_id: int) -> Choices:
    """What that person chose; the first choices of somebody who has chosen nothing."""
    return of_many([staff_id])[staff_id]


def of_many(staff_ids: Collection[int]) -> dict[int, Choices]:
    """By person."""
    ids = list(staff_ids)
    ways: dict[int, dict[Kind, Ways]] = {staff_id: {} for staff_id in ids}
    for row in AlertWays.select().where(AlertWays.staff_id.in_(ids)):
        if row.kind in set(Kind):
            ways[row.staff_id][Kind(row.kind)] = Ways(row.push, row.desktop, row.sound, row.own_line)
    times = {row.staff_id: row for row in AlertTimes.select().where(AlertTimes.staff_id.in_(ids))}
    return {staff_id: _together(ways[staff_id], times.get(staff_id)) for staff_id in ids}


def choose(staff_id: int, choices: Choices) -> None:
    """Store what the person chose. Raises ValueError for quiet times that are none of a day's minutes."""
    require_transaction()
    for minute in (choices.quiet_from, choices.quiet_until):
        if minute is not None and not 0 <= minute < DAY_MINUTES:
            raise ValueError(f"{minute} is no minute of a day: 0 to {DAY_MINUTES - 1}")
    AlertWays.delete().where(AlertWays.staff_id == staff_id).execute()
    AlertTimes.delete().where(AlertTimes.staff_id == staff_id).execute()
    for kind, ways in choices.ways.items():
        AlertWays.create(
            staff_id=staff_id,
            kind=kind,
            push=ways.push,
            desktop=ways.desktop,
            sound=ways.sound,
            own_line=ways.own_line,
        )
    AlertTimes.create(
        staff_id=staff_id,
        quiet_from=choices.quiet_from,
        quiet_until=choices.quiet_until,
        urgent_always=choices.urgent_always,
        own_line=choices.own_line,
    )


def _together(ways: dict[Kind, Ways], times: AlertTimes | None) -> Choices:
    if times is None:
        return Choices(ways)
    return Choices(ways, bool(times.own_line), times.quiet_from, times.quiet_until, bool(times.urgent_always))


erasure.nothing("It is about staff.", AlertWays, AlertTimes)
