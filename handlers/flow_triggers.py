"""Passes what happens to customers on to flows: a handler calls `note` where something is certain and done."""

from customers.people.customer import Customer
from journeys.flows.occurrences import Occurrence


def note(customer: Customer, occurrence: Occurrence) -> None:
    """Let the customer enter the flows that this triggers, end waits for it, and reach goals with it."""
