"""Reads what one customer bought and did, for the rank, and lists where each fact is read.

For many customers at once see `batch_sql.py`, which a test compares with this module.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from bot import localtime
from bot.config import shop
from customers.orders.purchases import Purchase, is_purchase
from customers.people.active_days import CustomerDay
from customers.people.active_days import DayKind as Day
from customers.people.customer import Customer
from customers.values import windows
from customers.values.windows import Window
from rewards.ledger.actions import Action
from rewards.ledger.ledger import EntryKind, LedgerEntry
from rewards.ranks import average_ltv
from rewards.ranks.rules import Axes, Facts, Rank, axes_of
from rewards.ranks.settings import RankSection
from rewards.ranks.shown_testimonials import ShownTestimonial
from rewards.ranks.tables import CustomerRank

ACTIONS = {
    "survey_answer_count": Action.SURVEY_ANSWER,
    "referral_bought_count": Action.REFERRAL,
    "opinion_count": Action.COMMENT,
}
"""The action of the ledger that each fact counts. Refused and reversed entries do not count. Testimonials are
counted apart: those that the shop shows."""
DAYS = {"reply_day_count": Day.WROTE, "click_day_count": Day.OPENED}
"""The kind of days that each fact counts."""


@dataclass(frozen=True, slots=True)
class RankInputs:
    """One customer: the rank and axes as stored (None without any), and the axes and facts now."""

    rank: Rank | None
    stored: Axes | None
    below_since: date | None
    falls_on: date | None
    axes: Axes
    facts: Facts


def read(customer_id: int, as_of: date | None = None, section: RankSection | None = None) -> RankInputs:
    """The customer at the end of today or of `as_of`, by the rules in force or by that section, in one statement.
    What is dated later does not count.

    Raises LookupError where there is no such customer.
    """
    section = section or shop.get(RankSection)
    on = as_of or localtime.today()
    return _read(customer_id, on, windows.months(on, section.qualifying_months), section)


def _read(customer_id: int, on: date, period: Window, section: RankSection) -> RankInputs:
    row = _statement(customer_id, on, period).dicts().first()
    if row is None:
        raise LookupError(f"there is no customer {customer_id}")
    facts = _facts_of(row, on, section)
    axes = axes_of(facts, section.rules())
    if not row["rank"]:
        return RankInputs(None, None, row["below_since"], row["falls_on"], axes, facts)
    stored = Axes(row["money"], row["behaviour"], row["relationship"])
    return RankInputs(Rank(row["rank"]), stored, row["below_since"], row["falls_on"], axes, facts)


def promised(customer_id: int, until: date) -> Facts:
    """The facts of today that are certain to count still on that day, with the highest average that can be in
    force until then: a rank reached by these facts is reached on any day up to `until`."""
    section, today = shop.get(RankSection), localtime.today()
    lasting = Window(windows.months(until, section.qualifying_months).first_on, today)
    facts = _read(customer_id, today, lasting, section).facts
    return replace(facts, average_ltv_yen=average_ltv.highest(today, until))


def _statement(customer_id: int, on: date, period: Window) -> Any:
    """The customer's stored rank, and what counts in the period, as one row."""
    acted = _actions(customer_id, period).alias("acted")
    bought = _purchases(customer_id, period).alias("bought")
    came = _days(customer_id, period).alias("came")
    shown = ShownTestimonial.select(fn.COUNT(ShownTestimonial.id)).where(
        ShownTestimonial.customer == Customer.id,
        ShownTestimonial.shown_on.between(period.first_on, period.last_on),
    )
    columns = [getattr(acted.c, name) for name in ACTIONS] + [getattr(came.c, name) for name in DAYS]
    query: Any = Customer.select(
        Customer.registered_at,
        Customer.first_seen_at,
        CustomerRank.rank,
        CustomerRank.money,
        CustomerRank.behaviour,
        CustomerRank.relationship,
        CustomerRank.below_since,
        CustomerRank.falls_on,
        bought.c.sales_yen,
        bought.c.purchase_count,
        shown.alias("testimonial_count"),
        average_ltv.in_force(on).alias("average_ltv_yen"),
        *columns,
    ).join(CustomerRank, JOIN.LEFT_OUTER, on=(CustomerRank.customer == Customer.id))
    for counted in (acted, bought, came):
        query = query.switch(Customer).join(
            counted, JOIN.LEFT_OUTER, on=(counted.c.customer_id == Customer.id)
        )
    return query.where(Customer.id == customer_id)


def _facts_of(row: dict[str, Any], on: date, section: RankSection) -> Facts:
    counts = ("sales_yen", "purchase_count", "testimonial_count", *ACTIONS, *DAYS)
    joined_on = localtime.local_date(row["registered_at"] or row["first_seen_at"])
    return Facts(
        months_since_joining=windows.full_months(joined_on, on),
        average_ltv_yen=int(row["average_ltv_yen"] or section.average_ltv_yen),
        **{name: int(row[name] or 0) for name in counts},
    )


def _actions(customer_id: int, period: Window) -> Any:
    reversal = LedgerEntry.alias()
    is_reversed = reversal.select(reversal.id).where(reversal.reverses == LedgerEntry.id)
    counts = [
        fn.SUM(Case(None, [(LedgerEntry.action == str(action), 1)], 0)).alias(name)
        for name, action in ACTIONS.items()
    ]
    return (
        LedgerEntry.select(LedgerEntry.customer, *counts)
        .where(
            LedgerEntry.customer == customer_id,
            LedgerEntry.kind == EntryKind.EARN,
            LedgerEntry.occurred_on.between(period.first_on, period.last_on),
            ~fn.EXISTS(is_reversed),
        )
        .group_by(LedgerEntry.customer)
    )


def _purchases(customer_id: int, period: Window) -> Any:
    sales = fn.SUM(Purchase.total_yen - Purchase.refunded_yen)
    return (
        Purchase.select(
            Purchase.customer,
            sales.alias("sales_yen"),
            fn.COUNT(Purchase.id).alias("purchase_count"),
        )
        .where(
            Purchase.customer == customer_id,
            is_purchase(),
            Purchase.ordered_on.between(period.first_on, period.last_on),
        )
        .group_by(Purchase.customer)
    )


def _days(customer_id: int, period: Window) -> Any:
    counts = [
        fn.SUM(Case(None, [(CustomerDay.kind == kind, 1)], 0)).alias(name) for name, kind in DAYS.items()
    ]
    return (
        CustomerDay.select(CustomerDay.customer, *counts)
        .where(CustomerDay.customer == customer_id, CustomerDay.day.between(period.first_on, period.last_on))
        .group_by(CustomerDay.customer)
    )
