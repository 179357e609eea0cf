"""What steps need from other domains, as functions that `handlers/flow_triggers.py` supplies."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from customers.people.customer import Customer
from journeys.enrolments.customer_facts import CustomerFacts
from journeys.enrolments.tables import Enrolment
from journeys.flows.definition import Event
from journeys.flows.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class FactProviders:
    """Where facts about a customer come from, and where occurrences go."""

    facts: Callable[[Customer, Enrolment], CustomerFacts]
    """What conditions are asked of."""
    rests_until: Callable[[int, int], datetime | None]
    """By customer id and the flow's calm days: the moment at which to ask again, while the customer has an
    unresolved ticket or the calm days after it are not over; None when they may be written to."""
    has_testimonial: Callable[[], bool]
    """Whether a testimonial is published."""
    can_recommend: Callable[[int, str], bool]
    """By customer id and what `recommend` of the step says: whether there is a product for that customer."""
    has_reached: Callable[[Enrolment, Event, str], bool]
    """Whether what the database remembers since they entered is the goal; by the flow's key."""
    publish: Callable[[Customer, Occurrence], None]
    """Passes on what a step made happen, such as a tag, to other flows."""
