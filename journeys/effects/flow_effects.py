"""Counts what a flow earns in the period that is open, and which variant of a step brings more."""

from datetime import datetime
from typing import Any

from journeys.enrolments.tables import HELD_OUT, Enrolment, StepAssignment
from journeys.flows import stock
from journeys.flows.definition import OWN, FlowDefinition
from journeys.flows.tables import Flow
from journeys.proof import periods
from journeys.proof.assignment import BY_SHOP
from journeys.proof.results import Result, count
from journeys.proof.tables import HoldOutPeriod


def of_flow(flow: Flow) -> Result | None:
    """The flow's comparison in its open period; None where it holds nobody out, or nobody entered since then."""
    period = periods.comparing(periods.of_flow(flow.id)) if flow.id is not None else None
    if period is None:
        return None
    assigned = _enrolments(flow.id, period.started_at).select(
        Enrolment.customer.alias("customer_id"),
        Enrolment.entered_at.alias("assigned_at"),
        (Enrolment.state == HELD_OUT).alias("is_held_out"),
    )
    days = stock.definition_of(flow).outcome_days
    return count(assigned, period.percent, period.started_at, days)


def of_variant(flow: Flow, step_key: str, variant: str) -> Result | None:
    """A variant of a step against the step's own message (which stands in place of those held out), among those who
    entered since the flow's structure changed last; None before."""
    started = periods.history(periods.of_flow(flow.id)) if flow.id is not None else []
    since = _since_structure(started)
    if since is None:
        return None
    query = (
        StepAssignment.select(
            Enrolment.customer.alias("customer_id"),
            StepAssignment.assigned_at.alias("assigned_at"),
            (StepAssignment.variant == OWN).alias("is_held_out"),
        )
        .join(Enrolment)
        .where(
            Enrolment.flow == flow.id,
            StepAssignment.step_key == step_key,
            StepAssignment.variant.in_((OWN, variant)),
            StepAssignment.assigned_at >= since,
        )
    )
    return count(query, 50, since, stock.definition_of(flow).outcome_days)


def variants_of(definition: FlowDefinition) -> list[tuple[str, str]]:
    """The variants of a flow: the step's key and the variant's."""
    return [(step.key, each.key) for step in definition.step for each in step.variant]


def _enrolments(flow_id: int, since: datetime) -> Any:
    """Enrolments since then, but for those of customers whom the shop-wide hold-out withholds everything from."""
    by_shop = (Enrolment.state == HELD_OUT) & (Enrolment.end_reason == BY_SHOP)
    return Enrolment.select().where(Enrolment.flow == flow_id, Enrolment.entered_at >= since, ~by_shop)


def _since_structure(history: list[HoldOutPeriod]) -> datetime | None:
    """When the first period began after the flow's structure changed last."""
    since: datetime | None = None
    for period in history:
        since = since or period.started_at
        if period.end_reason == periods.STRUCTURE_CHANGED:
            since = None
    return since
