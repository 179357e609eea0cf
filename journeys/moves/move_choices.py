"""What the owner chose for the people inside a flow when its structure changed: one row for each group, until it is
carried out.

The enrolments say how much of a choice is still to do: those that stand at its step of its version. A process that
dies in between leaves both as they are. `moving.py` carries choices out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, execute, require_transaction, rows
from journeys.enrolments.tables import INSIDE
from journeys.flows.tables import Flow

KEEP, MOVE, END = "keep", "move", "end"


class EnrolmentMove(Model):
    """The owner's choice for those who stand at one step of an older version. Where there is none, they go on with
    the version they entered."""

    flow = peewee.ForeignKeyField(Flow, on_delete="CASCADE", backref="+")
    flow_id: int
    from_version_id = peewee.IntegerField()
    to_version_id = peewee.IntegerField()
    step_key = peewee.CharField(64)
    choice = peewee.CharField(8)
    """`move` or `end`."""
    to_step = peewee.CharField(64, null=True)
    """Where those go on whose step the new version lacks; null: they end."""
    chosen_at = UtcDateTimeField()
    chosen_by = peewee.IntegerField(null=True)
    moved_count = peewee.IntegerField(default=0)
    done_at = UtcDateTimeField(null=True)
    """When nobody was left, or a later publication took its place."""

    class Meta:
        table_name = "enrolment_move"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the owner chose for those at one step of one version."""

    version_id: int
    step_key: str
    choice: str
    to_step: str | None = None


def choose(flow: Flow, choices: Iterable[Choice], staff_id: int | None) -> None:
    """Store what is to become of each group, now that the version to go on with is published; to go on with the old one
    needs no row. Earlier choices that are not carried out yet are replaced."""
    require_transaction()
    now = localtime.now()
    EnrolmentMove.update(done_at=now).where(
        EnrolmentMove.flow == flow.id, EnrolmentMove.done_at.is_null()
    ).execute()
    for each in choices:
        if each.choice != KEEP and each.version_id != flow.version_id:
            EnrolmentMove.create(
                flow=flow.id,
                from_version_id=each.version_id,
                to_version_id=flow.version_id,
                step_key=each.step_key,
                choice=each.choice,
                to_step=each.to_step if each.choice == MOVE else None,
                chosen_at=now,
                chosen_by=staff_id,
            )


def unfinished(flow: Flow | None = None) -> list[int]:
    """Ids of the choices that are not carried out yet, oldest first: of that flow, or of all."""
    query = EnrolmentMove.select(EnrolmentMove.id).where(EnrolmentMove.done_at.is_null())
    if flow is not None:
        query = query.where(EnrolmentMove.flow == flow.id)
    return [each.id for each in query.order_by(EnrolmentMove.id)]


def waiting_count(flow: Flow) -> int:
    """How many of the flow are still to be moved or ended."""
    [count] = execute(
        "SELECT count(*) FROM enrolment_move m JOIN enrolment e ON e.flow_id = m.flow_id"  # noqa: S608 -- only the number of placeholders varies
        " AND e.step_key = m.step_key AND e.version_id = m.from_version_id"
        f" WHERE m.flow_id = ? AND m.done_at IS NULL AND e.state IN {rows(1, len(INSIDE))}",
        flow.id,
        *INSIDE,
    ).fetchone()
    return int(count)


erasure.nothing("It is about versions of flows.", EnrolmentMove)
