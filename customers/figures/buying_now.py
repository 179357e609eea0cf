"""Counts of customers by the day they bought, for the sentence beside a setting that depends on it."""

from datetime import date, timedelta

from bot import localtime
from customers.orders.purchases import Purchase, is_purchase
from customers.people.customer import Customer

REPEAT = 2
"""From so many purchases on, a customer is a repeat buyer."""


def bought_days_ago(days: int) -> int:
    """How many customers on LINE bought so many days before today."""
    return int(
        Purchase.select(Purchase.customer)
        .join(Customer)
        .where(
            Purchase.ordered_on == _days_ago(days),
            is_purchase(),
            Customer.conversation.is_null(is_null=False),
        )
        .distinct()
        .count()
    )


def repeat_buyers_between(from_days: int, until_days: int) -> int:
    """How many repeat buyers on LINE bought last so many days ago: from the first number, below the second."""
    query = Customer.select().where(
        Customer.purchase_count >= REPEAT,
        Customer.conversation.is_null(is_null=False),
        Customer.last_purchased_on.between(_days_ago(until_days - 1), _days_ago(from_days)),
    )
    return int(query.count()) if from_days < until_days else 0


def _days_ago(days: int) -> date:
    return localtime.today() - timedelta(days=days)
