"""Counts what became of flows, all flows at once: people inside, entered, at the goal, sent, and pushes that cost.

Each is one grouped query, whatever the number of enrolments; the console caches them for a large shop.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from peewee import JOIN, Case, fn

from bot.line.delivery import PUSH
from bot.queue.outbox import OutboxMessage
from journeys.enrolments import tables
from journeys.enrolments.tables import Enrolment
from journeys.sending.tables import SENT, PlannedMessage


@dataclass(frozen=True, slots=True)
class FlowFigures:
    """The figures of one flow."""

    inside: int = 0
    """Enrolments that have not ended."""
    entered: int = 0
    """People who ever entered, those who were held out at the beginning left out."""
    reached: int = 0
    """People of these who reached the goal."""
    sent: int = 0
    """Messages."""
    pushes: int = 0
    """Calls that cost, made for a message of this flow."""

    @property
    def free_share(self) -> float | None:
        """The part of the messages that cost nothing; None before the first."""
        return None if not self.sent else 1 - self.pushes / self.sent

    @property
    def reached_share(self) -> float | None:
        """The part of the people who reached the goal; None before the first entered."""
        return None if not self.entered else self.reached / self.entered


def count() -> dict[str, dict[str, int]]:
    """The figures of every flow that anybody entered, by the flow's id, as values that JSON can hold."""
    found: dict[int, dict[str, int]] = {}
    for counted in (_people(), _messages()):
        for flow_id, values in counted.items():
            found.setdefault(flow_id, {}).update(values)
    return {str(flow_id): asdict(FlowFigures(**values)) for flow_id, values in found.items()}


def of_flow(counted: Mapping[str, Any], flow_id: int) -> FlowFigures:
    """The figures of that flow among those counted."""
    values = counted.get(str(flow_id), {})
    return FlowFigures(**{each.name: int(values.get(each.name, 0)) for each in fields(FlowFigures)})


def inside_by_step(flow_id: int) -> dict[str, int]:
    """How many enrolments of that flow have each step before them, by the step's key; the index answers it."""
    query: Any = (
        Enrolment.select(Enrolment.step_key, fn.COUNT(Enrolment.id))
        .where(Enrolment.flow == flow_id, Enrolment.state.in_(tables.INSIDE))
        .group_by(Enrolment.step_key)
        .tuples()
    )
    return {str(key): int(number) for key, number in query}


def _people() -> dict[int, dict[str, int]]:
    def customers_in(*states: str) -> Any:
        return fn.COUNT(fn.DISTINCT(Case(None, [(Enrolment.state.in_(states), Enrolment.customer_id)])))

    ever = (*tables.INSIDE, tables.DONE, tables.GOAL, tables.ENDED)
    inside = fn.SUM(Case(None, [(Enrolment.state.in_(tables.INSIDE), 1)], 0))
    query: Any = (
        Enrolment.select(Enrolment.flow_id, inside, customers_in(*ever), customers_in(tables.GOAL))
        .group_by(Enrolment.flow_id)
        .tuples()
    )
    return {
        flow_id: {"inside": int(inside), "entered": int(entered), "reached": int(reached)}
        for flow_id, inside, entered, reached in query
    }


def _messages() -> dict[int, dict[str, int]]:
    """Messages that left, and those of them whose call was a push and is counted for them."""
    cost = Case(None, [(PlannedMessage.carries_cost & (OutboxMessage.sent_as == PUSH), 1)], 0)
    query: Any = (
        PlannedMessage.select(Enrolment.flow_id, fn.COUNT(PlannedMessage.id), fn.SUM(cost))
        .join(Enrolment, on=PlannedMessage.enrolment_id == Enrolment.id)
        .switch(PlannedMessage)
        .join(OutboxMessage, JOIN.LEFT_OUTER, on=PlannedMessage.outbox_id == OutboxMessage.id)
        .where(PlannedMessage.state == SENT)
        .group_by(Enrolment.flow_id)
        .tuples()
    )
    return {flow_id: {"sent": int(sent), "pushes": int(pushes)} for flow_id, sent, pushes in query}
