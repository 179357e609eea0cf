"""Answers the nightly review: congratulates on a rise, and warns before a fall."""

import json
from datetime import timedelta

from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import unasked
from handlers.event_customer import get_or_create_customer
from handlers.progress import button_for, possible_steps, risen
from journeys.sending.limits import ERROR, TOO_LATE
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import DROPPED, PlannedMessage
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
    say_rise(customer, risen(customer.id, rank), event.event_id)
    return []


def say_rise(customer: Customer, said: list[Message], cause: str) -> None:
    """Plan the messages about a rise to the customer's present rank, if there are any."""
    held = customer_rank.of_customer(customer.id)
    if held is not None:
        unasked.say(customer, said, kind=Kind.RANK_ROSE, cause=cause, data={"rank": int(held.rank)})


def rise_now(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """The congratulation, while the customer has that rank."""
    held = customer_rank.of_customer(customer.id)
    if held is None or int(held.rank) != json.loads(row.data)["rank"]:
        return None
    return list(json.loads(row.messages))


@routes.on_internal_event(event_kinds.RANK_FALL_WARNING_DUE)
def rank_fall_warned(event: InternalEvent) -> Answer:
    """Plan to say what would keep the rank, unless it is safe by now; postponed in the days after a complaint."""
    customer = get_or_create_customer(event)
    if customer_rank.at_risk(customer.id, possible_steps(customer.id)) is None:
        return []
    if _is_resting(customer) and customers.can_be_pushed(customer):
        customer_rank.postpone_fall(customer.id)
        return []
    unasked.say(customer, None, kind=Kind.RANK_FALL, cause=event.event_id)
    return []


def fall_warning_settled(row: PlannedMessage) -> None:
    """A warning that could not be sent in time: no rank falls without one, so the review finds it anew."""
    if row.state == DROPPED and row.reason in (TOO_LATE, ERROR):
        customer_rank.postpone_fall(row.customer_id)


def fall_warning_now(_row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """What would keep the rank, unless it is safe by now."""
    risk = customer_rank.at_risk(customer.id, possible_steps(customer.id))
    return None if risk is None else [messages.fall_warned(risk, button_for(risk.keeping_action))]


def _is_resting(customer: Customer) -> bool:
    return quiet_period.is_resting(customer.id, longer=A_DAY)
