"""Counts who stands where in a flow, and moves them to another version of it, in chunks.

What the owner chose for each group is in `move_choices.py`, where one of them goes on in `destinations.py`; the clock
goes on with what is left (`handlers/flow_move_jobs.py`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from bot import localtime
from bot.db.database import execute, is_postgres, require_transaction, rows
from customers.people import customer as customers
from journeys.enrolments import repurchase, waits
from journeys.enrolments.tables import DONE, ENDED, HELD, INSIDE, SENDING, WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.tables import Flow, FlowVersion
from journeys.moves import destinations
from journeys.moves.move_choices import MOVE, EnrolmentMove
from journeys.sending.tables import JourneyEntry, PlannedMessage

BY_OWNER = "by-owner"
"""Why they ended whom the owner chose to end."""
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Group:
    """Those who stand at one step of one version, in one state."""

    version: int
    """The version's number, as the owner sees it."""
    version_id: int
    step_key: str
    state: str
    count: int
    in_new: bool
    """Whether the new version has a step of that key."""

    @property
    def becomes(self) -> str | None:
        """The step at which they go on in the new version, unless the owner names another; None: it has none."""
        return self.step_key if self.in_new else None


def groups(flow: Flow, new: FlowDefinition) -> list[Group]:
    """Those inside the flow by version, step and state, oldest version first; `new` is what is about to be
    published, or is. Counted by an index that holds all that is asked for."""
    found = execute(
        "SELECT v.number, e.version_id, e.step_key, e.state, e.people FROM ("  # noqa: S608 -- only the number of placeholders varies
        "SELECT version_id, step_key, state, count(*) AS people FROM enrolment "
        f"WHERE flow_id = ? AND state IN {rows(1, len(INSIDE))} GROUP BY state, step_key, version_id"
        ") e JOIN flow_version v ON v.id = e.version_id ORDER BY v.number",
        flow.id,
        *INSIDE,
    ).fetchall()
    keys = {step.key for step in new.step}
    return [
        Group(number, version_id, step_key, state, count, step_key in keys)
        for number, version_id, step_key, state, count in found
    ]


def has_people(flow: Flow) -> bool:
    """Whether anybody is inside."""
    return bool(_inside(flow).exists())


def has_people_in_older_versions(flow: Flow) -> bool:
    """Whether anybody goes on with a version before the published one."""
    older = FlowVersion.select().where(FlowVersion.flow == flow.id, FlowVersion.id != flow.version_id)
    return older.exists() and bool(_inside(flow).where(Enrolment.version_id != flow.version_id).exists())


def _inside(flow: Flow) -> Any:
    return Enrolment.select().where(Enrolment.flow == flow.id, Enrolment.state.in_(INSIDE))


def finished_count(flow: Flow) -> int:
    """How many have come to the end of the flow: they get nothing that is added to it."""
    return int(Enrolment.select().where(Enrolment.flow == flow.id, Enrolment.state == DONE).count())


def move_some(move_id: int) -> int | None:
    """Carry that choice out for up to `CHUNK` people; how many, or None when nobody was left and it is done. Waits for
    whoever is just changing one of them."""
    require_transaction()
    query = EnrolmentMove.select().where(EnrolmentMove.id == move_id, EnrolmentMove.done_at.is_null())
    move: EnrolmentMove | None = (query.for_update() if is_postgres() else query).first()
    if move is None:
        return None
    found = _lock_some(move)
    if not found:
        EnrolmentMove.update(done_at=localtime.now()).where(EnrolmentMove.id == move_id).execute()
        return None
    if move.choice == MOVE:
        _move(move, found)
    else:
        _end(found, BY_OWNER)
    count = EnrolmentMove.moved_count + len(found)
    EnrolmentMove.update(moved_count=count).where(EnrolmentMove.id == move_id).execute()
    return len(found)


def _lock_some(move: EnrolmentMove) -> list[Enrolment]:
    """Some of those whom the choice is for, with their customers locked, under whose locks the engine changes them.
    Whoever left the step while we waited is not for this choice any more."""
    own = (
        (Enrolment.flow == move.flow_id)
        & Enrolment.state.in_(INSIDE)
        & (Enrolment.step_key == move.step_key)
        & (Enrolment.version_id == move.from_version_id)
    )
    while some := list(Enrolment.select(Enrolment.id, Enrolment.customer_id).where(own).limit(CHUNK)):
        query = Enrolment.select().where(own & Enrolment.id.in_([each.id for each in some]))
        query = query.order_by(Enrolment.id)
        if is_postgres():
            customers.lock(*(each.customer_id for each in some))
            query = query.for_update()
        if found := list(query):
            return found
    return []


def _move(move: EnrolmentMove, found: list[Enrolment]) -> None:
    """Move these enrolments to the other version."""
    old, new = (stock.definition_of_version(each) for each in (move.from_version_id, move.to_version_id))
    former = old.find(move.step_key)
    got: dict[int, set[str]] = defaultdict(set)
    sent: Any = PlannedMessage.select(PlannedMessage.enrolment_id, PlannedMessage.step_key)
    sent = sent.where(PlannedMessage.enrolment_id.in_([each.id for each in found]))
    for enrolment_id, step_key in sent.tuples():
        got[enrolment_id].add(step_key)
    staying: list[Enrolment] = []
    ending: dict[str, list[Enrolment]] = defaultdict(list)
    for each in found:
        is_planned = each.state == SENDING
        goes_on = destinations.destination(
            new, each.step_key, move.to_step, got[each.id], is_planned=is_planned
        )
        step = new.find(goes_on.step_key) if goes_on.step_key else None
        if step is None:
            ending[goes_on.end_reason].append(each)
        elif step.key == each.step_key and (is_planned or (former and former.wait == step.wait)):
            staying.append(each)
        else:
            _go_on(each, step, move.to_version_id)
    Enrolment.update(version_id=move.to_version_id).where(_among(staying)).execute()
    ended = {each.id for some in ending.values() for each in some}
    _note([each for each in found if each.id not in ended], "moved", f"version:{move.to_version_id}")
    for reason, some in ending.items():
        _end(some, reason)


def _go_on(each: Enrolment, step: Step, version_id: int) -> None:
    """Let it wait at that step of that version. A held one stays held, and one that is taken by the clock for that step
    stays taken; the message of a step that it leaves is dropped when it would be sent."""
    changes: dict[str, Any] = {"version_id": version_id, "step_key": step.key}
    if each.state != HELD and not (each.is_taken and step.key == each.step_key):
        now = localtime.now()
        bought = repurchase.of(each, step.wait)
        newly = waits.due_at(step.wait, each.base_at, localtime.zone(), bought)
        changes["state"], changes["waits_for"] = WAITING, waits.ended_by(step.wait)
        changes["due_at"] = destinations.due_at(newly, each.due_at, now) or now
    Enrolment.update(changes).where(Enrolment.id == each.id).execute()


def _end(found: list[Enrolment], reason: str) -> None:
    """They get nothing more of the flow. What is planned for them is dropped when it would be sent."""
    if not found:
        return
    Enrolment.update(
        state=ENDED if reason else DONE,
        due_at=None,
        waits_for=None,
        ended_at=localtime.now(),
        end_reason=reason,
    ).where(_among(found)).execute()
    _note(found, "ended", reason)


def _among(found: list[Enrolment]) -> Any:
    return Enrolment.id.in_([each.id for each in found])


def _note(found: list[Enrolment], what: str, detail: str) -> None:
    """Add a line to the record of each, in one statement."""
    now = localtime.now()
    lines = [
        {
            "customer": each.customer_id,
            "enrolment_id": each.id,
            "happened_at": now,
            "what": what,
            "step_key": each.step_key,
            "detail": detail,
        }
        for each in found
    ]
    if lines:
        JourneyEntry.insert_many(lines).execute()
