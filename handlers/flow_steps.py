"""Carries out the steps of flows that are due, makes their messages when they are sent, and answers their
buttons.

What a step does is in `journeys/enrolments/steps.py`, how its message is laid out in
`journeys/flows/step_messages.py`.
"""

from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent, PostbackReceived
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people import customer_tags
from customers.people.customer import Customer
from handlers import flow_triggers, recommendations_asked, replies, step_parts
from handlers.event_customer import get_or_create_customer, record_activity
from journeys.enrolments import occurring, requests, steps, variants
from journeys.enrolments.tables import Enrolment
from journeys.enrolments.words import words
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.step_messages import StepContent, addresses, render
from journeys.flows.tables import ON, PAUSED, Flow
from journeys.links import short_links
from journeys.sending.release import Postponed
from journeys.sending.tables import PlannedMessage
from rewards.coupons import coupons
from rewards.coupons import messages as coupon_messages
from rewards.ranks import customer_rank

routes = Routes()


@routes.on_internal_event(event_kinds.FLOW_STEP_DUE)
def step_due(event: InternalEvent) -> Answer:
    """Carry out the step of an enrolment that the clock has taken. Nothing when something else has moved it on
    since, or it was taken again."""
    customer = get_or_create_customer(event)
    customers.lock(customer.id)
    enrolment = Enrolment.get_or_none(Enrolment.id == int(event.data["enrolment"]))
    is_taken = enrolment is not None and enrolment.is_taken and enrolment.take_count == event.data["take"]
    if enrolment is not None and is_taken:
        steps.run(enrolment, Customer.get_by_id(customer.id), flow_triggers.PROVIDERS)
    return []


@routes.on_internal_event(event_kinds.FLOW_ENTRY_REQUESTED)
def entry_requested(event: InternalEvent) -> Answer:
    """Let the customer enter a flow into which a person put them."""
    customer = get_or_create_customer(event)
    customers.lock(customer.id)
    occurrence = Occurrence(On.HAND, str(event.data["cause"]))
    occurring.enter(customer, int(event.data["flow"]), occurrence, flow_triggers.PROVIDERS, is_asked_for=True)
    return []


@routes.on_internal_event(event_kinds.FLOW_OCCURRED)
def occurred(event: InternalEvent) -> Answer:
    """Something happened to the customer outside an event of their own."""
    flow_triggers.note(get_or_create_customer(event), requests.occurrence_of(event.data))
    return []


@routes.on_postback("flow.tag")
def tag_tapped(event: PostbackReceived) -> Answer:
    """A button of a step: set its tag and thank. A second tap only repeats the thanks."""
    customer = record_activity(event)
    enrolment = Enrolment.get_or_none(
        Enrolment.id == (event.postback.number("enrolment") or 0), Enrolment.customer == customer.id
    )
    tag = customer_tags.plain(event.postback.values.get("tag", ""))
    if enrolment is None or tag not in _tags_of(stock.definition_of_version(enrolment.version_id)):
        return replies.with_ways_on(words().unknown_button)
    cause = f"{steps.cause_of(enrolment.id, event.postback.values.get('step', ''))}:{tag}"
    customers.lock(customer.id)
    if customer_tags.add(customer.id, tag, cause):
        flow_triggers.note(customer, Occurrence(On.TAG, cause[:255], tag=tag))
    return replies.with_ways_on(words().tag_received)


def _tags_of(definition: FlowDefinition) -> set[str]:
    """The tags that the flow's buttons set: a button's data may be forged."""
    buttons = [button for step in definition.step for each in step.each_variant() for button in each.buttons]
    return {customer_tags.plain(button.tag) for button in buttons if button.tag}


def content(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """The messages of a planned step, made now; None when it no longer applies. Raises Postponed while its flow
    is paused."""
    enrolment = Enrolment.get_or_none(Enrolment.id == row.enrolment_id)
    if enrolment is None or enrolment.ended_at is not None:
        return None
    flow = Flow.get_by_id(enrolment.flow_id)
    if flow.state == PAUSED:
        raise Postponed("paused")
    definition = stock.definition_of_version(enrolment.version_id)
    step = definition.find(row.step_key or "")
    if flow.state != ON or step is None:
        return None
    return _render(variants.given(enrolment.id, step), definition, enrolment, customer, row.cause)


def _render(
    step: Step, definition: FlowDefinition, enrolment: Enrolment, customer: Customer, cause: str
) -> list[Message] | None:
    testimonial = step_parts.newest_testimonial() if step.testimonial else None
    gifts = _coupon(step.coupon, customer, cause) if step.coupon is not None else []
    if (step.testimonial and testimonial is None) or (step.coupon is not None and not gifts):
        return None
    product = (
        recommendations_asked.in_message(
            customer, step.recommend, cause, flow_key=definition.key, step_key=step.key
        )
        if step.recommend is not None
        else None
    )
    if product is None and not step.says_something_else:
        return None
    links = {
        url: short_links.make(customer.id, url, cause, flow_key=definition.key, step_key=step.key)
        for url in addresses(step)
    }
    return render(
        step,
        StepContent(
            name=customer.display_name,
            links=links,
            testimonial=testimonial,
            product=product,
            coupon_messages=tuple(gifts),
            tag_values={"enrolment": enrolment.id, "step": step.key},
            selling=definition.class_of(step) == "selling",
        ),
    )


def _coupon(reward_id: int, customer: Customer, cause: str) -> list[Message]:
    """The coupon of the step, issued once; nothing when it cannot be given any more."""
    rank = customer_rank.snapshot(customer.id).rank
    issued = coupons.issue(customer.id, reward_id, rank, cause).coupon
    return [coupon_messages.coupon(issued)] if issued is not None else []


def settled(row: PlannedMessage) -> None:
    """A planned step was sent, skipped or dropped: its enrolment goes on."""
    customers.lock(row.customer_id)
    steps.settled(row, flow_triggers.PROVIDERS)
