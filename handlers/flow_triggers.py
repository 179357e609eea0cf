"""Passes what happens to customers on to flows: a handler calls `note` where something is certain and done.

What it does there is in `journeys/enrolments/occurring.py`. An occurrence that no flow asks for costs no
statement.
"""

from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_lookups
from journeys.enrolments import goals_and_exits, interests, occurring, requests
from journeys.enrolments.lookups import Lookups
from journeys.flows.occurrences import Occurrence


def note(customer: Customer, occurrence: Occurrence) -> None:
    """Let the customer enter the flows that this triggers, end waits for it, and reach goals with it. Called in
    an event of the customer's own conversation, or under the customer's lock."""
    if interests.any_flow_asks(occurrence.on):
        occurring.pass_on(customer.id, occurrence, LOOKUPS)


def note_elsewhere(customer_id: int, occurrence: Occurrence) -> None:
    """The same for a customer in whose conversation nothing is being handled: done in an event there."""
    if interests.any_flow_asks(occurrence.on):
        requests.pass_on_later(customer_id, occurrence)


def leave(customer: Customer, reason: str) -> None:
    """End the customer's flows after a block or an opt-out; `reason` is of `goals_and_exits.py`."""
    customers.lock(customer.id)
    goals_and_exits.leave(customer.id, reason)


LOOKUPS = Lookups(flow_lookups.facts, flow_lookups.rests_until, flow_lookups.has_testimonial, note)
