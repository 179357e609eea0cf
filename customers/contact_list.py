"""Finds the repeat buyers whom a person should contact now; the rule is `recency`'s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from customers import recency
from customers.customer import Customer
from customers.recency import Contact, RecencyRules


@dataclass(frozen=True)
class DueContact:
    """A customer to contact, and how pressing it is."""

    customer: Customer
    recency_days: int
    contact: Contact


def page(
    today: date, limit: int = 50, offset: int = 0, rules: RecencyRules | None = None
) -> list[DueContact]:
    """The most pressing first."""
    rows = (
        Customer.select()
        .where(_is_due(today, rules))
        .order_by(Customer.last_purchased_on, Customer.id)
        .limit(limit)
        .offset(offset)
    )
    due = []
    for customer in rows:
        days = recency.days(customer.last_purchased_on or today, today)
        due.append(DueContact(customer, days, recency.contact(customer.purchase_count, days, rules)))
    return due


def count(today: date, rules: RecencyRules | None = None) -> int:
    return int(Customer.select(fn.COUNT(Customer.id)).where(_is_due(today, rules)).scalar() or 0)


def _is_due(today: date, rules: RecencyRules | None) -> Any:
    window = recency.window(today, rules)
    return Customer.last_purchased_on.between(window.first_on, window.last_on) & (
        Customer.purchase_count >= 2
    )
