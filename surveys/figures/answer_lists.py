"""Lists the answers behind a number of `survey_figures.py`: of a window, segment, product, month of first purchase.

Newest first, from a place on; comments with search and tags are in `surveys/comments/verbatims.py`.

A page walks the answers, newest first, until it is full. Where only few of them can be wanted, since a product was sold
seldom or few customers bought first on these days, it begins with those orders or customers instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from bot.db.database import Model
from bot.db.workloads import short_read
from customers.orders.purchases import PurchaseItem
from customers.people.customer import Customer
from customers.values.windows import Window
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.segments import Segment

BATCH = 1_000
FEW = 20_000
"""Up to so many orders or customers, reading the answers of all is faster than walking."""
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
    few = _of_few_orders(which) or _of_few_customers(which)
    if few is None:
        wanted = _of_product(which) & _bought_first(which)
        query = query.where(_of_these_days(which, after), wanted).limit(limit)
    else:
        # The table is made before it is sorted: else the database would walk the answers for the sake of the order.
        found = few.where(_of_these_days(which, after)).cte("found", materialized=True)
        newest = found.select_from(found.c.id).order_by(found.c.answered_on.desc(), found.c.id.desc())
        query = query.where(answer.id.in_(newest.limit(limit)))
    with short_read():
        rows: Any = query.order_by(answer.answered_on.desc(), answer.id.desc()).tuples()
        return [Listed(*each) for each in rows]


def every(which: Which) -> Iterator[Listed]:
    """All of them, with one batch in memory at a time."""
    after: Place | None = None
    while found := page(which, after, BATCH):
        yield from found
        after = found[-1].answered_on, found[-1].answer_id


def _of_few_orders(which: Which) -> Any:
    """The answers about the wanted product, found by its orders; None where these are many."""
    sold = PurchaseItem.sku == which.sku
    if not which.sku or not _are_few(PurchaseItem, sold):
        return None
    # CROSS JOIN: SQLite reads the tables in this order.
    query = PurchaseItem.select(SurveyAnswer.id, SurveyAnswer.answered_on).distinct()
    for model in (SurveyInvitation, SurveyAnswer, Customer):
        query = query.join(model, peewee.JOIN.CROSS)
    return query.where(
        sold,
        SurveyInvitation.purchase == PurchaseItem.purchase,
        SurveyAnswer.invitation == SurveyInvitation.id,
        SurveyAnswer.customer == Customer.id,
        _bought_first(which),
    )


def _of_few_customers(which: Which) -> Any:
    """The answers of the customers who bought first on the wanted days; None where these are many."""
    wanted = _bought_first(which)
    if which.first_bought in (None, NO_PURCHASE) or not _are_few(Customer, wanted):
        return None
    query = Customer.select(SurveyAnswer.id, SurveyAnswer.answered_on).join(SurveyAnswer, peewee.JOIN.CROSS)
    return query.where(wanted, SurveyAnswer.customer == Customer.id, _of_product(which))


def _are_few(model: type[Model], wanted: Any) -> bool:
    return bool(model.select(peewee.Value(1)).where(wanted).limit(FEW + 1).count() <= FEW)


def _of_these_days(which: Which, after: Place | None) -> Any:
    answer = SurveyAnswer
    wanted = answer.answered_on.between(which.window.first_on, which.window.last_on)
    if which.segment is not None:
        wanted &= answer.segment == which.segment
    if after is not None:
        day, answer_id = after
        wanted &= (answer.answered_on <= day) & ((answer.answered_on < day) | (answer.id < answer_id))
    return wanted


def _of_product(which: Which) -> Any:
    if not which.sku:
        return True
    items = PurchaseItem.select(peewee.Value(1)).join(
        SurveyInvitation, on=SurveyInvitation.purchase == PurchaseItem.purchase
    )
    return peewee.fn.EXISTS(
        items.where(SurveyInvitation.id == SurveyAnswer.invitation, PurchaseItem.sku == which.sku)
    )


def _bought_first(which: Which) -> Any:
    if which.first_bought is None:
        return True
    if which.first_bought == NO_PURCHASE:
        return Customer.first_purchased_on.is_null()
    return Customer.first_purchased_on.between(which.first_bought.first_on, which.first_bought.last_on)
