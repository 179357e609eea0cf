"""Which occurrences the flows are subscribed to, so that one that no flow asks for costs no statement.

Flows that are on are asked by their trigger (`journeys/flows/stock.py`); those that have people inside also by
the goals and waits of every version, since people inside stay with theirs.
"""

import time

from bot.db.per_database import PerDatabase
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import On
from journeys.flows.tables import ON, PAUSED, Flow, FlowVersion


def has_subscriber(on: On) -> bool:
    """Whether some flow is entered by that, waits for it or has it as its goal."""
    return bool(stock.published_flows_triggered_by(on)) or on in of_those_inside()


def of_those_inside() -> frozenset[On]:
    """What the goals and waits of flows with people inside ask for; cached for a few seconds."""
    return _cache().asked()


def of_flow(definition: FlowDefinition) -> frozenset[On]:
    """What the goal and the waits of that flow ask for."""
    waits = {step.wait.until for step in definition.step if step.wait.until is not None}
    return frozenset(waits | ({definition.goal.on} if definition.goal is not None else set()))


class _Cache:
    """What this process read of one database a moment ago. The structure of a version never changes, so each is
    read once."""

    def __init__(self) -> None:
        self._by_version: dict[int, frozenset[On]] = {}
        self._asked: frozenset[On] = frozenset()
        self._read_at = float("-inf")

    def asked(self) -> frozenset[On]:
        now = time.monotonic()
        if now - self._read_at >= stock.FRESH_SECONDS:
            self._asked = frozenset().union(*(self._of(each) for each in _versions()))
            self._read_at = now
        return self._asked

    def _of(self, version_id: int) -> frozenset[On]:
        if version_id not in self._by_version:
            self._by_version[version_id] = of_flow(stock.definition_of_version(version_id))
        return self._by_version[version_id]


def _versions() -> list[int]:
    query = FlowVersion.select(FlowVersion.id).join(Flow).where(Flow.state.in_([ON, PAUSED]))
    return [version.id for version in query]


_cache = PerDatabase(_Cache)


def forget_cached() -> None:
    """Read everything anew from the database."""
    _cache.forget()
