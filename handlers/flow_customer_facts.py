"""Answers what the steps of flows ask about a customer: rank, stage, scores, clicks, orders, tickets."""

from datetime import datetime, timedelta

from bot import localtime
from customers.orders import purchase_history
from customers.people import customer_tags
from customers.people.customer import Customer
from handlers import stage_facts
from journeys.enrolments import steps
from journeys.enrolments.customer_facts import CustomerFacts
from journeys.enrolments.tables import Enrolment
from journeys.flows.field_types import RANKS
from journeys.links import clicks
from journeys.recommendations import offers
from support.bad_moments import quiet_period
from support.tickets import tickets
from surveys.testimonials import published

ASK_AGAIN_AFTER = timedelta(days=1)
"""While a ticket is unresolved: when the held enrolment is asked about again."""


def facts(customer: Customer, enrolment: Enrolment) -> CustomerFacts:
    """What conditions are asked of, now."""
    known = stage_facts.of_many([customer.id])[customer.id]
    return CustomerFacts(
        rank=RANKS[known.rank - 1],
        stage=known.stage,
        score=known.score,
        segment=known.segment,
        tags=frozenset(customer_tags.of_customer(customer.id)),
        clicked=_opened_steps(customer.id, enrolment.id),
        bought=_has_bought(customer.id, enrolment),
        products=purchase_history.products_of(customer.id),
        order_count=known.order_count,
    )


def rests_until(customer_id: int, calm_days: int) -> datetime | None:
    """When to ask again whether the customer may be written to: while a ticket is unresolved, in a day; after
    the last one, `calm_days` after it was resolved; in the quiet period after a complaint, in a day. None when
    they may be written to now."""
    now = localtime.now()
    if tickets.open_ticket_of(customer_id) is not None:
        return now + ASK_AGAIN_AFTER
    last = tickets.last_resolved_at(customer_id)
    if last is not None and last + timedelta(days=calm_days) > now:
        return last + timedelta(days=calm_days)
    return now + ASK_AGAIN_AFTER if quiet_period.is_resting(customer_id) else None


def has_testimonial() -> bool:
    """Whether a testimonial is published."""
    return bool(published.published(1))


def can_recommend(customer_id: int, source: str) -> bool:
    """Whether there is a product to recommend to the customer, by their history or the premium one."""
    return offers.find(customer_id, offers.Source(source)) is not None


def _opened_steps(customer_id: int, enrolment_id: int) -> frozenset[str]:
    """The steps of this enrolment whose links the customer opened."""
    of_steps = steps.cause_of(enrolment_id, "")
    causes = clicks.first_clicks(customer_id)
    return frozenset(cause.removeprefix(of_steps) for cause in causes if cause.startswith(of_steps))


def _has_bought(customer_id: int, enrolment: Enrolment) -> bool:
    """Whether an order came in since the customer entered, other than the one they entered by."""
    entered_at, by_order = enrolment.entered_at, enrolment.order_number or ""
    entered_on = localtime.local_date(entered_at)
    return purchase_history.has_bought_since(customer_id, entered_at, entered_on, except_order=by_order)
