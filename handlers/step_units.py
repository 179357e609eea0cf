"""Finds the aggregation unit of a push: that of the first step of a flow among its messages."""

from collections.abc import Sequence

from journeys.enrolments.tables import Enrolment
from journeys.flows.tables import Flow
from journeys.links import units
from journeys.sending.tables import PlannedMessage


def unit_of(rows: Sequence[PlannedMessage]) -> str | None:
    """The unit under which LINE sums up what people do with the call; None when it carries no step of a flow. What
    else is in the call is counted with it."""
    for row in rows:
        if row.enrolment_id is not None and row.step_key is not None:
            key = Flow.select(Flow.key).join(Enrolment).where(Enrolment.id == row.enrolment_id).scalar()
            return units.unit_for(str(key), row.step_key) if key is not None else None
    return None
