"""Collects a customer's facts for the walk-through of a flow, as the engine would ask for them. Nothing is written."""

from dataclasses import replace
from datetime import datetime

from bot import localtime
from bot.config import shop
from customers.orders import purchase_history
from customers.people.customer import Customer
from handlers import flow_customer_facts, recipient_facts
from journeys.enrolments import entering, repurchase
from journeys.enrolments.tables import Enrolment
from journeys.enrolments.waits import Repurchase
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import On
from journeys.recommendations.offers import Source
from journeys.sending import waiting
from journeys.sending.settings import SendingRules
from journeys.walk_through.playing import SimulationInput
from journeys.walk_through.simulation_input import CustomerInput


def collect(customer: Customer, definition: FlowDefinition) -> CustomerInput:
    """The input for that customer, as if they entered the flow now."""
    now = localtime.now()
    entered = Enrolment(id=0, customer=customer, entered_at=now, cause="walk")
    sending = recipient_facts.of_customer(customer)
    return CustomerInput(
        SimulationInput(
            facts=flow_customer_facts.facts(customer, entered),
            zone=localtime.zone(),
            limits=shop.get(SendingRules).limits(),
            sending=replace(sending, has_ticket=False, rests_until=None),
            sent=waiting.sent_lately(customer.id),
            bought=_bought(customer, definition, now),
            has_testimonial=flow_customer_facts.has_testimonial(),
            recommends=frozenset(
                source for source in Source if flow_customer_facts.can_recommend(customer.id, source)
            ),
        ),
        is_resting=flow_customer_facts.rests_until(customer.id, definition.calm_days) is not None,
        is_held_out=entering.foreseen_side(customer.id, definition).is_held_out,
    )


def _bought(customer: Customer, definition: FlowDefinition, now: datetime) -> Repurchase | None:
    """The order from which the repurchase days count: the one by which they enter, which is played as made now, else
    their newest."""
    trigger = definition.trigger
    if trigger.on is not On.ORDER:
        return repurchase.of_customer(customer.id)
    if trigger.products:
        days = purchase_history.repurchase_days(trigger.products)
        return Repurchase(now, days) if days is not None else None
    newest = repurchase.of_customer(customer.id)
    return Repurchase(now, newest.days) if newest is not None else None
