"""Decides what staff see of the customer beside the chat: from customers, surveys and rewards together."""

from dataclasses import dataclass
from datetime import date

from bot import localtime
from customers.customer import Customer
from surveys import answers
from surveys.answers import SurveyAnswer


@dataclass(frozen=True, slots=True)
class Card:
    """One customer, at a glance."""

    customer: Customer
    answer: SurveyAnswer | None
    recency_days: int | None
    """Days since the last purchase; None before the first."""

    @property
    def first_purchased_on(self) -> date | None:
        """The day of the first purchase."""
        return self.customer.first_purchased_on


def of(customer: Customer) -> Card:
    """The card of that customer."""
    last_on = customer.last_purchased_on
    return Card(
        customer=customer,
        answer=answers.latest_of(customer.id),
        recency_days=(localtime.today() - last_on).days if last_on else None,
    )
