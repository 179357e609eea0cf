"""Answers the nightly review: congratulates on a rise, and warns before a fall."""

from datetime import timedelta

from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import replies
from handlers.event_customer import get_or_create_customer
from handlers.progress import button_for, possible_steps, risen
from rewards.ranks import customer_rank, messages, notifications
from rewards.ranks.rules import Rank
from support.bad_moments import quiet_period

routes = Routes()

A_DAY = timedelta(days=1)
"""Added to the quiet period, so that the congratulation does not arrive with the survey at its end."""


@routes.on_internal_event(event_kinds.RANK_ROSE)
def rank_rose(event: InternalEvent) -> Answer:
    """Send the congratulation and coupons if the rank is still held; postponed during a complaint and the
    days after it. Customers who declined messages get the coupons without one."""
    customer = get_or_create_customer(event)
    held = customer_rank.of_customer(customer.id)
    rank = Rank(int(event.data["rank"]))
    if held is None or held.rank != rank:
        return []
    if _is_resting(customer):
        notifications.postpone_rise(customer.id, rank)
        return []
    said = risen(customer.id, rank)
    return replies.lead_on(said) if customers.can_be_pushed(customer) else []


@routes.on_internal_event(event_kinds.RANK_FALL_WARNING_DUE)
def rank_fall_warned(event: InternalEvent) -> Answer:
    """Say what would keep the rank, unless it is safe by now; postponed in the days after a complaint."""
    customer = get_or_create_customer(event)
    risk = customer_rank.at_risk(customer.id, possible_steps(customer.id))
    if risk is None or not customers.can_be_pushed(customer):
        return []
    if _is_resting(customer):
        customer_rank.postpone_fall(customer.id)
        return []
    return replies.lead_on([messages.fall_warned(risk, button_for(risk.keeping_action))])


def _is_resting(customer: Customer) -> bool:
    return quiet_period.is_resting(customer.id, longer=A_DAY)
