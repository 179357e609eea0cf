"""Two pages that answer "why did this customer (not) get this?": one for a customer, one for a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template

from console.traces import recipient_words, trace_words
from customers.people.customer import Customer
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import Flow, FlowVersion
from journeys.sending.settings import push_cost_yen
from journeys.traces import trace, why_not
from journeys.traces.trace import CustomerTrace
from journeys.traces.why_not import Happened, WhyNot
from rewards.ranks import customer_rank
from rewards.ranks.rules import Rank
from support.tickets import tickets
from surveys.nps import answers


@dataclass(frozen=True, slots=True)
class FlowNotEntered:
    """A flow that the customer is not in, and why."""

    flow: Flow
    reasons: Sequence[WhyNot]


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/journeys/customers/<int:customer_id>")(customer_trace)
    console.get("/journeys/messages/<int:planned_id>")(message_trace)


def customer_trace(customer_id: int) -> str:
    """Everything said unasked to a customer or planned for them, and the flows they are not in."""
    customer = Customer.get_or_none(Customer.id == customer_id) or abort(404)
    found = trace.of_customer(customer.id, push_cost_yen())
    return render_template(
        "console/traces/customer_trace.html",
        customer=customer,
        chat_id=tickets.latest_by_customer([customer.id]).get(customer.id),
        trace=found,
        not_entered=_not_entered(customer, found),
        say=trace_words,
        recipient=recipient_words.recipient,
    )


def message_trace(planned_id: int) -> str:
    """One message: why it waited, how it was sent, what it cost, and what followed."""
    message = trace.of_message(planned_id, push_cost_yen()) or abort(404)
    return render_template(
        "console/traces/message_trace.html",
        customer=Customer.get_by_id(message.customer_id),
        message=message,
        enrolment=trace.enrolment_of(message),
        say=trace_words,
    )


def _not_entered(customer: Customer, found: CustomerTrace) -> list[FlowNotEntered]:
    """The flows that were on at some time and that the customer never entered."""
    entered = {each.flow_key for each in found.enrolments}
    flows = [each for each in Flow.select().order_by(Flow.name, Flow.id) if each.key not in entered]
    versions = FlowVersion.select().where(FlowVersion.id.in_([each.version_id or 0 for each in flows]))
    definitions = {each.id: FlowDefinition.model_validate_json(each.definition) for each in versions}
    return [
        FlowNotEntered(flow, why_not.reasons(customer, flow, definition, _elsewhere(customer, definition)))
        for flow in flows
        if (definition := definitions.get(flow.version_id or 0)) is not None
    ]


def _elsewhere(customer: Customer, definition: FlowDefinition) -> list[Happened] | None:
    """The customer's scores or ranks, where they trigger the flow; None for what is not looked up."""
    match definition.trigger.on:
        case On.SCORE:
            return [
                Happened(each.answered_at, Occurrence(On.SCORE, f"nps.score:{each.id}", score=each.score))
                for each in answers.of_customer(customer.id)
            ]
        case On.RANK:
            return [
                Happened(each.changed_at, Occurrence(On.RANK, f"rank:{each.id}", rank=_rank_name(each.after)))
                for each in customer_rank.changes(customer.id)
                if each.after > (each.before or 0)
            ]
    return None


def _rank_name(rank: int) -> str:
    return Rank(rank).name.lower()
