"""What something that happened to a customer does to their flows: reaches goals, ends waits, enters.

Called by `handlers/flow_triggers.py`. First those who are inside, then those who enter by it: what makes a
customer enter is never also the goal of that entry.
"""

from bot import localtime
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.enrolments import entering, goals_and_exits, steps, subscriptions
from journeys.enrolments.fact_providers import FactProviders
from journeys.enrolments.matching import ends, matches
from journeys.enrolments.tables import WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import Occurrence
from journeys.flows.tables import ON, Flow


def pass_on(customer_id: int, occurrence: Occurrence, providers: FactProviders) -> None:
    """Apply the occurrence to all flows of the customer."""
    customers.lock(customer_id)
    customer = Customer.get_by_id(customer_id)
    if occurrence.on in subscriptions.of_those_inside():
        for enrolment in goals_and_exits.inside(customer_id):
            _apply(enrolment, customer, occurrence, providers)
    for flow, definition in stock.published_flows_triggered_by(occurrence.on):
        if matches(definition.trigger, occurrence, flow.key):
            enter(customer, flow.id, occurrence, providers)


def enter(
    customer: Customer,
    flow_id: int,
    occurrence: Occurrence,
    providers: FactProviders,
    *,
    is_asked_for: bool = False,
) -> Enrolment | None:
    """Let the customer enter if the flow is on, has begun and its entry policy allows it; a first step without a
    wait is carried out at once. `is_asked_for`: a person put them in, so the trigger's day does not count."""
    flow: Flow | None = Flow.get_or_none(Flow.id == flow_id)
    if flow is None or flow.state != ON or flow.version_id is None:
        return None
    if not is_asked_for and flow.starts_at is not None and localtime.now() < flow.starts_at:
        return None
    definition = stock.definition_of_version(flow.version_id)
    enrolment = entering.enter(customer.id, flow, definition, occurrence)
    if enrolment is not None:
        _run_if_due(enrolment, customer, providers)
    return enrolment


def _apply(
    enrolment: Enrolment, customer: Customer, occurrence: Occurrence, providers: FactProviders
) -> None:
    if enrolment.cause == occurrence.cause:
        return
    definition = stock.definition_of_version(enrolment.version_id)
    if definition.goal is not None and matches(definition.goal, occurrence, definition.key):
        goals_and_exits.reach_goal(enrolment)
    elif _ends_its_wait(enrolment, definition, occurrence):
        goals_and_exits.change(enrolment, due_at=localtime.now(), waits_for=None)
        _run_if_due(enrolment, customer, providers)


def _ends_its_wait(enrolment: Enrolment, definition: FlowDefinition, occurrence: Occurrence) -> bool:
    if enrolment.state != WAITING or enrolment.waits_for is None or enrolment.is_taken:
        return False
    step = definition.find(enrolment.step_key)
    return step is not None and ends(step.wait, occurrence, definition.key)


def _run_if_due(enrolment: Enrolment, customer: Customer, providers: FactProviders) -> None:
    if enrolment.state == WAITING and enrolment.due_at is not None and enrolment.due_at <= localtime.now():
        steps.run(enrolment, customer, providers)
