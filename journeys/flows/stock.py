"""Stores flows and their versions; draft, on, paused or off.

Two flows come with the product as files (`shipped/`): they are drafts without a row until something is done
with them. What a check refuses is in `check.py`, what counts as wording in `changes.py`.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import localtime, notices
from bot.db import database
from bot.db.database import require_transaction
from bot.db.per_database import PerDatabase
from journeys.flows import changes, check, check_facts, shipped_flows
from journeys.flows.check import Fault, Severity
from journeys.flows.check_facts import CheckFacts
from journeys.flows.definition import FlowDefinition, as_json
from journeys.flows.occurrences import On
from journeys.flows.tables import DRAFT, OFF, ON, PAUSED, Flow, FlowVersion
from journeys.proof import periods

FRESH_SECONDS = 3
"""How long a process trusts what it read; what it writes itself counts at once."""
MOST_CACHED = 200


class Refused(Exception):
    """The flow has faults and cannot be on. The text names each, in both languages."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{fault.sentence_ja} / {fault.sentence_en}" for fault in faults))
        self.faults = tuple(faults)


def all_flows() -> list[Flow]:
    """Every flow by name; the shipped ones that were never changed are drafts without an id."""
    rows = list(Flow.select())
    known = {flow.key for flow in rows}
    rows += [_unsaved(each) for key, each in shipped_flows.all_of_them().items() if key not in known]
    return sorted(rows, key=lambda flow: (flow.name, flow.key))


def flows_in(*states: str) -> list[Flow]:
    """The flows in these states, by name."""
    return list(Flow.select().where(Flow.state.in_(states)).order_by(Flow.name, Flow.key))


def find(key: str) -> Flow | None:
    """The flow with that key, else the shipped draft with it (which has no id yet), else None."""
    flow: Flow | None = Flow.get_or_none(Flow.key == key)
    if flow is None and (shipped := shipped_flows.all_of_them().get(key)) is not None:
        return _unsaved(shipped)
    return flow


def definition_of(flow: Flow) -> FlowDefinition:
    """What is published; the draft while nothing is."""
    if flow.version_id is not None:
        return definition_of_version(flow.version_id)
    return FlowDefinition.model_validate_json(flow.draft or "")


def draft_of(flow: Flow) -> FlowDefinition | None:
    """What the owner edited and has not published; None when there is nothing."""
    return FlowDefinition.model_validate_json(flow.draft) if flow.draft else None


def definition_of_version(version_id: int) -> FlowDefinition:
    """That version's definition; cached for a few seconds. Raises FlowVersion.DoesNotExist."""
    return _cache().version(version_id)


def published_flows_triggered_by(on: On) -> list[tuple[Flow, FlowDefinition]]:
    """The flows that are on with that trigger; cached for a few seconds, so that an event costs no statement."""
    return _cache().triggered_by(on)


def save_draft(flow: Flow | None, definition: FlowDefinition) -> Flow:
    """Store what the owner edited without publishing it; without a flow, a new one is made. Raises ValueError
    when the key is another flow's, or differs from that of a flow that has been published."""
    require_transaction()
    row = _locked(flow.key if flow else definition.key)
    former_key = flow.key if flow else None
    if former_key != definition.key and find(definition.key) is not None:
        raise ValueError(f"another flow has the key {definition.key}")
    if row is not None and row.version_id is not None and row.key != definition.key:
        raise ValueError(f"the key of a published flow stays: {row.key}")
    flow = row or _stored(_unsaved(definition))
    flow.draft = as_json(definition)
    if flow.version_id is None:
        flow.key, flow.name, flow.trigger_on = definition.key, definition.name, definition.trigger.on
    return _stored(flow)


def drop_draft(flow: Flow) -> Flow:
    """Forget what was edited and not published. A flow that was never published keeps its draft."""
    require_transaction()
    row = _locked(flow.key)
    if row is None or row.version_id is None:
        return row or flow
    row.draft = None
    return _stored(row)


def import_flow(definition: FlowDefinition, staff_id: int | None = None) -> Flow:
    """Publish the definition under its key, and forget a draft of it. Raises Refused, and changes nothing, when
    the flow is on or paused and the definition has faults.

    A change of wording is applied to the published version, and to those before it where they say the same: at
    once for everyone inside. Anything else becomes a new version: those inside stay with theirs.
    """
    require_transaction()
    flow = _locked(definition.key)
    if flow is not None and flow.state in (ON, PAUSED):
        _refuse_faults(definition, None)
    flow = flow or _stored(_unsaved(definition))
    _publish(flow, definition, staff_id)
    flow.draft = None
    return _stored(flow)


def switch_on(
    flow: Flow, now: datetime, facts: CheckFacts | None = None, staff_id: int | None = None
) -> Flow:
    """Publish the draft, if there is one, and let customers enter from tomorrow on; what happened before enters
    nobody. A paused flow goes on from now with the version it had. Raises Refused when it has faults.

    `facts` are by default those the process collects now.
    """
    require_transaction()
    row = _locked(flow.key) or flow
    if row.state == ON:
        return row
    resumed = row.state == PAUSED
    definition = definition_of(row) if resumed else draft_of(row) or definition_of(row)
    _refuse_faults(definition, facts)
    if not resumed and row.draft:
        row = row if row.id else _stored(_unsaved(definition))
        _publish(row, definition, staff_id)
        row.draft = None
    tomorrow = localtime.start_of(localtime.local_date(now) + timedelta(days=1))
    notices.take_down(notice_of_pause(row))
    row.starts_at = max(row.starts_at or tomorrow, now) if resumed else tomorrow
    row.state = ON
    return _stored(row)


def switch_off(flow: Flow) -> Flow:
    """Nobody enters any more; those inside end. A flow that was never on stays a draft."""
    notices.take_down(notice_of_pause(flow))
    return _to(flow, OFF, (ON, PAUSED))


def notice_of_pause(flow: Flow) -> str:
    """The key of the notice that the flow was paused by itself; taken down when it is switched on or off."""
    return f"flow-paused-by-effect:{flow.id}"


def pause(flow: Flow) -> Flow:
    """Nobody enters and nobody goes on until it is switched on again. Only a flow that is on pauses."""
    return _to(flow, PAUSED, (ON,))


def faults_of(flow: Flow, facts: CheckFacts | None = None) -> list[Fault]:
    """What the check finds in the draft, else in what is published."""
    definition = draft_of(flow) or definition_of(flow)
    return check.faults(definition, check_facts.current() if facts is None else facts)


def versions(flow: Flow) -> list[FlowVersion]:
    """The flow's versions, newest first."""
    query = FlowVersion.select().where(FlowVersion.flow == flow.id).order_by(FlowVersion.number.desc())
    return list(query) if flow.id is not None else []


def forget_cached() -> None:
    """Read everything anew from the database."""
    _cache.forget()


def _refuse_faults(definition: FlowDefinition, facts: CheckFacts | None) -> None:
    found = check.faults(definition, check_facts.current() if facts is None else facts)
    if errors := [fault for fault in found if fault.severity is Severity.ERROR]:
        raise Refused(errors)


def _publish(flow: Flow, definition: FlowDefinition, staff_id: int | None) -> None:
    published = FlowVersion.get_or_none(FlowVersion.id == flow.version_id) if flow.version_id else None
    before = FlowDefinition.model_validate_json(published.definition) if published else None
    if published is not None and before is not None and changes.is_wording_only(before, definition):
        for version in versions(flow):
            other = FlowDefinition.model_validate_json(version.definition)
            version.definition = as_json(
                definition if version.id == published.id else changes.reworded(other, before, definition)
            )
            version.save()
    else:
        if before is not None:
            periods.close(
                periods.of_flow(flow.id),
                periods.STRUCTURE_CHANGED
                if changes.compares_anew(before, definition)
                else periods.PERCENT_CHANGED,
            )
        newest = published.number if published else 0
        published = FlowVersion.create(
            flow=flow.id,
            number=newest + 1,
            definition=as_json(definition),
            published_at=localtime.now(),
            published_by=staff_id,
        )
    flow.version_id, flow.name, flow.trigger_on = published.id, definition.name, definition.trigger.on


def _unsaved(definition: FlowDefinition) -> Flow:
    now = localtime.now()
    values = {"key": definition.key, "name": definition.name, "trigger_on": definition.trigger.on}
    return Flow(**values, draft=as_json(definition), state=DRAFT, changed_at=now, created_at=now)


def _locked(key: str) -> Flow | None:
    """The flow's row, which nobody else changes until the transaction ends; None when there is no row."""
    database.advisory_lock(f"flow:{key}")
    row: Flow | None = Flow.get_or_none(Flow.key == key)
    return row


def _stored(flow: Flow) -> Flow:
    flow.changed_at = localtime.now()
    flow.save()
    forget_cached()
    return flow


def _to(flow: Flow, state: str, before: tuple[str, ...]) -> Flow:
    require_transaction()
    row = _locked(flow.key)
    if row is None or row.state not in before:
        return row or flow
    row.state = state
    return _stored(row)


class _Cache:
    """What this process read of one database a moment ago."""

    def __init__(self) -> None:
        self._published: dict[str, list[tuple[Flow, FlowDefinition]]] = {}
        self._published_at = float("-inf")
        self._versions: dict[int, tuple[float, str, FlowDefinition]] = {}

    def version(self, version_id: int) -> FlowDefinition:
        known = self._versions.get(version_id)
        now = time.monotonic()
        if known is not None and now - known[0] < FRESH_SECONDS:
            return known[2]
        text = FlowVersion.get_by_id(version_id).definition
        same = known is not None and known[1] == text
        definition = known[2] if known is not None and same else FlowDefinition.model_validate_json(text)
        if known is None and len(self._versions) >= MOST_CACHED:
            del self._versions[next(iter(self._versions))]
        self._versions[version_id] = (now, text, definition)
        return definition

    def triggered_by(self, on: On) -> list[tuple[Flow, FlowDefinition]]:
        now = time.monotonic()
        if now - self._published_at >= FRESH_SECONDS:
            published: dict[str, list[tuple[Flow, FlowDefinition]]] = {}
            for flow in Flow.select().where(Flow.state == ON).order_by(Flow.id):
                if flow.version_id is not None:
                    found = (flow, self.version(flow.version_id))
                    published.setdefault(flow.trigger_on, []).append(found)
            self._published, self._published_at = published, now
        return self._published.get(on, [])


_cache = PerDatabase(_Cache)
