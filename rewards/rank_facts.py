"""Reads what one customer bought and did, for the rank; decides nothing. For everybody at once see `everybody.py`."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from bot import localtime, shop
from customers.customer import Customer
from customers.days import CustomerDay
from customers.days import Kind as Day
from customers.purchases import PAID, Purchase
from rewards import average_ltv
from rewards.ledger import Kind, LedgerEntry
from rewards.points import Action
from rewards.qualifying_period import months_before, months_between
from rewards.rank_settings import RankSection
from rewards.rank_tables import Standing
from rewards.ranks import Axes, Facts, Rank, axes_of
from rewards.shown_testimonials import ShownTestimonial

COUNTED = {
    "survey_answer_count": Action.SURVEY_ANSWER,
    "referral_bought_count": Action.REFERRAL,
    "opinion_count": Action.COMMENT,
}
"""Which action of the ledger each fact counts. What was refused or taken back does not count. Testimonials are
counted apart: those that the shop shows."""
DAYS = {"reply_day_count": Day.WROTE, "click_day_count": Day.OPENED}
"""Which days each fact counts."""


@dataclass(frozen=True, slots=True)
class Known:
    """One customer: the standing as stored (rank None without one), and what the facts say now."""

    rank: Rank | None
    stored: Axes | None
    below_since: date | None
    falls_on: date | None
    axes: Axes
    facts: Facts


def read(customer_id: int, as_of: date | None = None, section: RankSection | None = None) -> Known:
    """The customer now, in one statement; with `as_of`, as of the end of that day and by that section of rules."""
    section = section or shop.get(RankSection)
    today = as_of or localtime.today()
    since = months_before(today, section.qualifying_months)
    acted = _actions(customer_id, since, as_of).alias("acted")
    bought = _purchases(customer_id, since, as_of).alias("bought")
    came = _days(customer_id, since, as_of).alias("came")
    columns = [getattr(acted.c, name) for name in COUNTED] + [getattr(came.c, name) for name in DAYS]
    row: dict[str, Any] | None = (
        Customer.select(
            Customer.registered_at,
            Customer.first_seen_at,
            Standing.rank,
            Standing.money,
            Standing.behaviour,
            Standing.relationship,
            Standing.below_since,
            Standing.falls_on,
            bought.c.sales_yen,
            bought.c.purchase_count,
            _shown(since, as_of).alias("testimonial_count"),
            average_ltv.in_force(today).alias("average_ltv_yen"),
            *columns,
        )
        .join(Standing, JOIN.LEFT_OUTER, on=(Standing.customer == Customer.id))
        .switch(Customer)
        .join(acted, JOIN.LEFT_OUTER, on=(acted.c.customer_id == Customer.id))
        .switch(Customer)
        .join(bought, JOIN.LEFT_OUTER, on=(bought.c.customer_id == Customer.id))
        .switch(Customer)
        .join(came, JOIN.LEFT_OUTER, on=(came.c.customer_id == Customer.id))
        .where(Customer.id == customer_id)
        .dicts()
        .first()
    )
    if row is None:
        raise LookupError(f"there is no customer {customer_id}")
    joined_on = localtime.local_date(row["registered_at"] or row["first_seen_at"])
    facts = Facts(
        sales_yen=int(row["sales_yen"] or 0),
        purchase_count=int(row["purchase_count"] or 0),
        months_since_joining=months_between(joined_on, today),
        average_ltv_yen=int(row["average_ltv_yen"] or section.average_ltv_yen),
        testimonial_count=int(row["testimonial_count"] or 0),
        **{name: int(row[name] or 0) for name in (*COUNTED, *DAYS)},
    )
    stored = Axes(row["money"], row["behaviour"], row["relationship"]) if row["rank"] else None
    return Known(
        Rank(row["rank"]) if row["rank"] else None,
        stored,
        row["below_since"],
        row["falls_on"],
        axes_of(facts, section.rules()),
        facts,
    )


def promised(customer_id: int, until: date) -> Facts:
    """What is certain to count still on that day, of what counts today, against the highest average that can be in
    force until then: what reaches a rank by these facts reaches it on any day up to `until`. Two statements."""
    now, then = read(customer_id).facts, read(customer_id, until).facts
    return replace(
        then,
        months_since_joining=now.months_since_joining,
        average_ltv_yen=average_ltv.highest(localtime.today(), until),
    )


def _actions(customer_id: int, since: date, until: date | None) -> Any:
    reversal = LedgerEntry.alias()
    taken_back = reversal.select(reversal.id).where(reversal.reverses == LedgerEntry.id)
    counts = [
        fn.SUM(Case(None, [(LedgerEntry.action == str(action), 1)], 0)).alias(name)
        for name, action in COUNTED.items()
    ]
    return (
        LedgerEntry.select(LedgerEntry.customer, *counts)
        .where(
            LedgerEntry.customer == customer_id,
            LedgerEntry.kind == Kind.EARN,
            LedgerEntry.occurred_on.between(since, until or date.max),
            ~fn.EXISTS(taken_back),
        )
        .group_by(LedgerEntry.customer)
    )


def _shown(since: date, until: date | None) -> Any:
    return ShownTestimonial.select(fn.COUNT(ShownTestimonial.id)).where(
        ShownTestimonial.customer == Customer.id, ShownTestimonial.shown_on.between(since, until or date.max)
    )


def _purchases(customer_id: int, since: date, until: date | None) -> Any:
    sales = fn.SUM(Purchase.total_yen - Purchase.refunded_yen)
    return (
        Purchase.select(
            Purchase.customer,
            sales.alias("sales_yen"),
            fn.COUNT(Case(None, [(Purchase.total_yen > Purchase.refunded_yen, 1)])).alias("purchase_count"),
        )
        .where(
            Purchase.customer == customer_id,
            Purchase.state == PAID,
            Purchase.ordered_on.between(since, until or date.max),
        )
        .group_by(Purchase.customer)
    )


def _days(customer_id: int, since: date, until: date | None) -> Any:
    counts = [
        fn.SUM(Case(None, [(CustomerDay.kind == kind, 1)], 0)).alias(name) for name, kind in DAYS.items()
    ]
    return (
        CustomerDay.select(CustomerDay.customer, *counts)
        .where(CustomerDay.customer == customer_id, CustomerDay.day.between(since, until or date.max))
        .group_by(CustomerDay.customer)
    )
