"""Decides whom a person should contact before they are lost; pure. R, recency, is days since the last purchase."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

CONTACT_AFTER_DAYS = 30
POOR_AFTER_DAYS = 60
URGENT_BEFORE_DAYS = 10


class Contact(StrEnum):
    """Whether a repeat buyer needs a person now."""

    NOT_NEEDED = "not_needed"
    NEEDED = "needed"
    URGENT = "urgent"
    LATE = "late"


@dataclass(frozen=True)
class RecencyRules:
    """Contact from the day R passes `contact_after_days`; urgent in the last days before answers turn poor."""

    contact_after_days: int = CONTACT_AFTER_DAYS
    poor_after_days: int = POOR_AFTER_DAYS
    urgent_before_days: int = URGENT_BEFORE_DAYS


@dataclass(frozen=True)
class Window:
    """Last purchases on these days, both included."""

    first_on: date
    last_on: date


def days(last_purchased_on: date, today: date) -> int:
    """R. An order dated ahead counts as today's."""
    return max(0, (today - last_purchased_on).days)


def contact(purchase_count: int, recency_days: int | None, rules: RecencyRules | None = None) -> Contact:
    """Only repeat buyers (two purchases or more) are contacted one by one."""
    rules = rules or RecencyRules()
    if recency_days is None or purchase_count < 2 or recency_days <= rules.contact_after_days:
        return Contact.NOT_NEEDED
    if recency_days > rules.poor_after_days:
        return Contact.LATE
    is_urgent = recency_days > rules.poor_after_days - rules.urgent_before_days
    return Contact.URGENT if is_urgent else Contact.NEEDED


def window(today: date, rules: RecencyRules | None = None) -> Window:
    """The days of last purchase for which contact is needed or urgent: what a list has to look for."""
    rules = rules or RecencyRules()
    return Window(
        first_on=today - timedelta(days=rules.poor_after_days),
        last_on=today - timedelta(days=rules.contact_after_days + 1),
    )
