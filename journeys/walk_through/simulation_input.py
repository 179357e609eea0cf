"""For whom a flow is played through: a customer's facts as they are now, with the shop's limits.

Domains do not read each other's tables, so an edge collects them: `handlers/flow_walk_input.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot import localtime
from customers.people.customer import Customer
from journeys.enrolments.customer_facts import CustomerFacts
from journeys.flows.definition import FlowDefinition
from journeys.walk_through.playing import SimulationInput


@dataclass(frozen=True, slots=True)
class CustomerInput:
    """The input for one customer, with what a walk-through leaves out of account."""

    input: SimulationInput
    is_resting: bool = False
    """Has an unresolved ticket or rests after a complaint: the flow waits until that is over. It is played as if it
    were."""
    is_held_out: bool = False
    """Would be on the side that gets nothing. It is played as if they were on the other."""


_collect: Callable[[Customer, FlowDefinition], CustomerInput] | None = None


def collected_by(collect: Callable[[Customer, FlowDefinition], CustomerInput]) -> None:
    """Declare who collects the facts in this process."""
    global _collect
    _collect = collect


def of(customer: Customer, definition: FlowDefinition) -> CustomerInput:
    """The input for that customer now; nothing is written."""
    if _collect is None:
        return CustomerInput(SimulationInput(CustomerFacts(), localtime.zone()))
    return _collect(customer, definition)
