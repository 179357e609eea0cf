"""Passes what happens to customers on to flows: a handler calls `note` where something is certain and done.

What it does there is in `journeys/enrolments/occurring.py`. An occurrence that no flow asks for costs no
statement.
"""

from collections.abc import Sequence

from customers.orders import purchase_history
from customers.orders.tables import Purchase
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_customer_facts, flow_goals
from journeys.enrolments import goals_and_exits, occurring, requests, subscriptions
from journeys.enrolments.fact_providers import FactProviders
from journeys.flows.occurrences import Occurrence, On
from rewards.coupons.tables import Coupon


def note(customer: Customer, occurrence: Occurrence) -> None:
    """Let the customer enter the flows that this triggers, end waits for it, and reach goals with it. Called in
    an event of the customer's own conversation, or under the customer's lock."""
    note_by_id(customer.id, occurrence)


def note_by_id(customer_id: int, occurrence: Occurrence) -> None:
    """The same where only the customer's id is known."""
    if subscriptions.has_subscriber(occurrence.on):
        occurring.pass_on(customer_id, occurrence, PROVIDERS)


def note_coupons(customer_id: int, given: Sequence[Coupon]) -> None:
    """The customer was given these coupons."""
    for coupon in given:
        note_by_id(customer_id, Occurrence(On.COUPON, f"coupon:{coupon.id}"))


def note_order(customer_id: int, purchase: Purchase) -> None:
    """The customer bought. Which of their orders it is counts those that are paid, by their dates."""
    if not subscriptions.has_subscriber(On.ORDER):
        return
    order = Occurrence(
        On.ORDER,
        f"order:{purchase.order_number}",
        nth=purchase_history.position_of(purchase, customer_id),
        order_number=purchase.order_number,
        products=purchase_history.skus_of(purchase.id),
    )
    occurring.pass_on(customer_id, order, PROVIDERS)


def note_elsewhere(customer_id: int, occurrence: Occurrence) -> None:
    """The same for a customer in whose conversation nothing is being handled: done in an event there."""
    if subscriptions.has_subscriber(occurrence.on):
        requests.pass_on_later(customer_id, occurrence)


def leave(customer: Customer, reason: str) -> None:
    """End the customer's flows after a block or an opt-out; `reason` is of `goals_and_exits.py`."""
    customers.lock(customer.id)
    goals_and_exits.leave(customer.id, reason)


PROVIDERS = FactProviders(
    facts=flow_customer_facts.facts,
    rests_until=flow_customer_facts.rests_until,
    has_testimonial=flow_customer_facts.has_testimonial,
    can_recommend=flow_customer_facts.can_recommend,
    has_reached=flow_goals.has_reached,
    publish=note,
)
