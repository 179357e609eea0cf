"""Lists the answers behind a number of `survey_figures.py`: of a window, segment, product, month of first purchase.

Newest first, from a place on; comments with search and tags are in `surveys/comments/verbatims.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from customers.orders.purchases import PurchaseItem
from customers.people.customer import Customer
from customers.values.windows import Window
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.segments import Segment

BATCH = 1_000
NO_PURCHASE = Window(date.max, date.max)
"""In place of days of the first purchase: of customers without one."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which answers are listed."""

    window: Window
    segment: Segment | None = None
    sku: str = ""
    first_bought: Window | None = None
    """The days of the customers' first purchase."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer."""

    answer_id: int
    customer_id: int
    customer_name: str
    score: int
    segment: str
    answered_on: date
    comment: str


Place = tuple[date, int]
"""The day and the id of an answer: the list goes on after it."""


def page(which: Which, after: Place | None, limit: int) -> list[Listed]:
    """The next so many answers."""
    answer = SurveyAnswer
    query: Any = answer.select(
        *(answer.id, answer.customer, Customer.display_name, answer.score, answer.segment),
        *(answer.answered_on, answer.comment),
    ).join(Customer)
    query = query.where(_are(which))
    if after is not None:
        day, answer_id = after
        query = query.where(answer.answered_on <= day, (answer.answered_on < day) | (answer.id < answer_id))
    rows: Any = query.order_by(answer.answered_on.desc(), answer.id.desc()).limit(limit).tuples()
    return [Listed(*each) for each in rows]


def every(which: Which) -> Iterator[Listed]:
    """All of them, with one batch in memory at a time."""
    after: Place | None = None
    while found := page(which, after, BATCH):
        yield from found
        after = found[-1].answered_on, found[-1].answer_id


def _are(which: Which) -> Any:
    wanted = SurveyAnswer.answered_on.between(which.window.first_on, which.window.last_on)
    if which.segment is not None:
        wanted &= SurveyAnswer.segment == which.segment
    if which.sku:
        items = PurchaseItem.select(peewee.Value(1)).join(
            SurveyInvitation, on=SurveyInvitation.purchase == PurchaseItem.purchase
        )
        wanted &= peewee.fn.EXISTS(
            items.where(SurveyInvitation.id == SurveyAnswer.invitation, PurchaseItem.sku == which.sku)
        )
    if which.first_bought == NO_PURCHASE:
        wanted &= Customer.first_purchased_on.is_null()
    elif which.first_bought is not None:
        days = which.first_bought
        wanted &= Customer.first_purchased_on.between(days.first_on, days.last_on)
    return wanted
