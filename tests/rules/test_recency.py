"""Repeat buyers are contacted after 30 days without a purchase, and before 60."""

from datetime import date, timedelta

import pytest

from customers import recency
from customers.recency import Contact, RecencyRules

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("purchase_count", "recency_days", "contact"),
    [
        (0, None, Contact.NOT_NEEDED),
        (1, 45, Contact.NOT_NEEDED),
        (2, 0, Contact.NOT_NEEDED),
        (2, 30, Contact.NOT_NEEDED),
        (2, 31, Contact.NEEDED),
        (9, 50, Contact.NEEDED),
        (2, 51, Contact.URGENT),
        (2, 60, Contact.URGENT),
        (2, 61, Contact.LATE),
    ],
)
def test_who_needs_contact(purchase_count: int, recency_days: int | None, contact: Contact) -> None:
    assert recency.contact(purchase_count, recency_days) is contact


def test_recency_counts_days_and_never_below_zero() -> None:
    assert recency.days(date(2026, 3, 1), TODAY) == 30
    assert recency.days(date(2026, 4, 2), TODAY) == 0


@pytest.mark.parametrize("rules", [RecencyRules(), RecencyRules(20, 45, 5)])
def test_the_window_holds_exactly_those_who_need_contact(rules: RecencyRules) -> None:
    window = recency.window(TODAY, rules)
    for days in range(100):
        needs = recency.contact(2, days, rules) in (Contact.NEEDED, Contact.URGENT)
        assert (window.first_on <= TODAY - timedelta(days=days) <= window.last_on) is needs
