"""Answers what the steps of flows ask about a customer: rank, stage, scores, clicks, orders, tickets."""

from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, fn

from bot import localtime
from customers.orders.tables import PAID, Product, Purchase, PurchaseItem
from customers.people import customer_tags
from customers.people.customer import Customer
from journeys.enrolments.customer_facts import RANKS, CustomerFacts
from journeys.enrolments.stages import StageFacts, stage_of
from journeys.enrolments.tables import Enrolment
from journeys.links.tables import LinkClick, ShortLink
from rewards.ranks import customer_rank
from rewards.ranks.rules import Rank
from rewards.ranks.shown_testimonials import ShownTestimonial
from rewards.referrals.tables import ReferralCode
from support.bad_moments import quiet_period
from support.tickets.tickets import RESOLVED, Ticket
from surveys.nps import answers
from surveys.nps.segments import Segment
from surveys.testimonials import published

ASK_AGAIN_AFTER = timedelta(days=1)
"""While a ticket is unresolved: when the held enrolment is asked about again."""


def facts(customer: Customer, enrolment: Enrolment) -> CustomerFacts:
    """What conditions are asked of, now."""
    answer = answers.latest_of(customer.id)
    rank = customer_rank.snapshot(customer.id).rank
    items = _items(customer.id)
    return CustomerFacts(
        rank=RANKS[rank - 1],
        stage=stage_of(
            _stage_facts(
                customer.id,
                is_promoter=answer is not None and answer.segment == Segment.PROMOTER,
                is_premium_rank=rank >= Rank.PREMIUM,
                bought_premium=any(premium for _, premium in items),
            )
        ),
        score=answer.score if answer else None,
        segment=answer.segment if answer else None,
        tags=frozenset(customer_tags.of_customer(customer.id)),
        clicked=_clicked(customer.id, enrolment.id),
        bought=_bought_since(customer.id, enrolment),
        products=frozenset(sku for sku, _ in items if sku),
        order_count=_orders(customer.id).count(),
    )


def rests_until(customer_id: int, calm_days: int) -> datetime | None:
    """When to ask again whether the customer may be written to: while a ticket is unresolved, in a day; after
    the last one, `calm_days` after it was resolved; in the quiet period after a complaint, in a day. None when
    they may be written to now."""
    now = localtime.now()
    mine = Ticket.customer == customer_id
    if Ticket.select().where(mine, Ticket.state != RESOLVED).exists():
        return now + ASK_AGAIN_AFTER
    resolved = Ticket.select(fn.MAX(Ticket.resolved_at)).where(mine, Ticket.handed_over_at.is_null(False))
    last = Ticket.resolved_at.python_value(resolved.scalar())
    if last is not None and last + timedelta(days=calm_days) > now:
        return last + timedelta(days=calm_days)
    return now + ASK_AGAIN_AFTER if quiet_period.is_resting(customer_id) else None


def has_testimonial() -> bool:
    """Whether a testimonial is published."""
    return bool(published.published(1))


def _orders(customer_id: int) -> Any:
    return Purchase.select().where(Purchase.customer == customer_id, Purchase.state == PAID)


def _items(customer_id: int) -> list[tuple[str, bool]]:
    """The products the customer bought and kept, each as its code and whether it is a premium one."""
    rows: Any = (
        PurchaseItem.select(PurchaseItem.sku, fn.COALESCE(Product.premium, False))
        .join(Purchase)
        .join(Product, JOIN.LEFT_OUTER, on=(Product.sku == PurchaseItem.sku))
        .where(Purchase.customer == customer_id, Purchase.state == PAID)
        .distinct()
        .tuples()
    )
    return [(sku, bool(premium)) for sku, premium in rows]


def _stage_facts(customer_id: int, **known: bool) -> StageFacts:
    totals: list[int] = [
        total
        for (total,) in _orders(customer_id)
        .select(Purchase.total_yen - Purchase.refunded_yen)
        .order_by(Purchase.ordered_at, Purchase.id)
        .tuples()
    ]
    joined = ReferralCode.select(ReferralCode.joined_count).where(ReferralCode.customer == customer_id)
    return StageFacts(
        order_count=len(totals),
        first_order_yen=totals[0] if totals else 0,
        sales_yen=sum(totals),
        friends_joined=joined.scalar() or 0,
        has_testimonial=ShownTestimonial.select().where(ShownTestimonial.customer == customer_id).exists(),
        **known,
    )


def _clicked(customer_id: int, enrolment_id: int) -> frozenset[str]:
    """The steps of this enrolment whose links the customer opened."""
    rows: Any = (
        ShortLink.select(ShortLink.step_key, ShortLink.cause)
        .join(LinkClick)
        .where(ShortLink.customer == customer_id, ShortLink.step_key.is_null(False))
        .distinct()
        .tuples()
    )
    return frozenset(step for step, cause in rows if cause == f"flow:{enrolment_id}:{step}")


def _bought_since(customer_id: int, enrolment: Enrolment) -> bool:
    """Whether an order came in since the customer entered, other than the one they entered by. Older orders that
    an import brings later do not count."""
    entered_on = localtime.local_date(enrolment.entered_at)
    since = (Purchase.recorded_at >= enrolment.entered_at) & (Purchase.ordered_on >= entered_on)
    others = Purchase.order_number != (enrolment.order_number or "")
    return bool(_orders(customer_id).where(since, others).exists())
