"""For whom a flow is played through: a customer's facts as they are now, with the shop's limits.

Domains do not read each other's tables, so an edge collects them: `handlers/flow_walk.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot import localtime
from customers.people.customer import Customer
from journeys.enrolments.customer_facts import CustomerFacts
from journeys.flows.definition import FlowDefinition
from journeys.walk_through.playing import Scene


@dataclass(frozen=True, slots=True)
class CustomerScene:
    """The scene for one customer, with what a walk-through leaves out of account."""

    scene: Scene
    is_resting: bool = False
    """Has an unresolved ticket or rests after a complaint: the flow waits until that is over. It is played as if it
    were."""


_make: Callable[[Customer, FlowDefinition], CustomerScene] | None = None


def made_by(make: Callable[[Customer, FlowDefinition], CustomerScene]) -> None:
    """Declare who collects the facts in this process."""
    global _make
    _make = make


def of(customer: Customer, definition: FlowDefinition) -> CustomerScene:
    """The scene for that customer now; nothing is written."""
    if _make is None:
        return CustomerScene(Scene(CustomerFacts(), localtime.zone()))
    return _make(customer, definition)
