"""Which variant of a step the customer of an enrolment is given: stored when the step's message is planned."""

from bot import localtime
from bot.db.database import insert_once, require_transaction
from journeys.enrolments.tables import Enrolment, StepAssignment
from journeys.flows.definition import Step
from journeys.proof import assignment


def assign(enrolment: Enrolment, flow_key: str, step: Step) -> None:
    """Store the variant, once; nothing for a step that has none."""
    require_transaction()
    chosen = assignment.foreseen_variant(flow_key, step.key, enrolment.customer_id, step.variants)
    if chosen is not None:
        insert_once(
            StepAssignment,
            enrolment=enrolment.id,
            step_key=step.key,
            variant=chosen,
            assigned_at=localtime.now(),
        )


def given(enrolment_id: int, step: Step) -> Step:
    """The step with the message of the variant that the enrolment was given."""
    if not step.variant:
        return step
    mine = (StepAssignment.enrolment == enrolment_id) & (StepAssignment.step_key == step.key)
    row = StepAssignment.get_or_none(mine)
    return step.as_variant(row.variant if row is not None else None)
