"""Counts the survey's figures in SQL: NPS in all, by month, product, cohort and any group; response and recovery.

What the figures mean is in `surveys/nps/net_promoter_score.py` and `closed_loop.py`.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import peewee

from bot import localtime
from customers.orders.purchases import PurchaseItem
from customers.people.customer import Customer
from surveys.figures.closed_loop import Recovery, Response
from surveys.nps.answers import SurveyAnswer
from surveys.nps.asking import Occasion
from surveys.nps.invitations import ASKED_FOR, SurveyInvitation
from surveys.nps.net_promoter_score import Nps
from surveys.nps.segments import Segment


def nps(first_on: date, last_on: date) -> Nps:
    """NPS of the answers given on those days, both included."""
    rows: Any = (
        SurveyAnswer.select(SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id))
        .where(SurveyAnswer.answered_on.between(first_on, last_on))
        .group_by(SurveyAnswer.segment)
        .tuples()
    )
    return _nps(dict(rows))


def nps_by_month(first_on: date, last_on: date) -> list[tuple[date, Nps]]:
    """NPS of each calendar month of the shop that has answers, oldest first."""
    month = SurveyAnswer.answered_on.year * 100 + SurveyAnswer.answered_on.month
    rows: Any = (
        SurveyAnswer.select(month, SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id))
        .where(SurveyAnswer.answered_on.between(first_on, last_on))
        .group_by(month, SurveyAnswer.segment)
        .tuples()
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for number, segment, count in rows:
        counts[int(number)][segment] = count
    return [(date(number // 100, number % 100, 1), _nps(counts[number])) for number in sorted(counts)]


def nps_by_product(first_on: date, last_on: date, most: int) -> list[tuple[str, str, Nps]]:
    """NPS by product of the order the survey was about: code, name and NPS, the most answered first. An
    answer about two products counts for both."""
    name = peewee.fn.MAX(PurchaseItem.name)
    rows: Any = (
        SurveyAnswer.select(
            PurchaseItem.sku, name, SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id.distinct())
        )
        .join(SurveyInvitation)
        .join(PurchaseItem, on=PurchaseItem.purchase == SurveyInvitation.purchase)
        .where(SurveyAnswer.answered_on.between(first_on, last_on), PurchaseItem.sku != "")
        .group_by(PurchaseItem.sku, SurveyAnswer.segment)
        .tuples()
    )
    names: dict[str, str] = {}
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for sku, called, segment, count in rows:
        names[sku] = called or sku
        counts[sku][segment] = count
    found = [(sku, names[sku], _nps(each)) for sku, each in counts.items()]
    return sorted(found, key=lambda each: (-each[2].answer_count, each[0]))[:most]


def nps_by_cohort(first_on: date, last_on: date) -> list[tuple[date | None, Nps]]:
    """NPS by the month of the first purchase, oldest first; None for customers without a purchase."""
    month = Customer.first_purchased_on.year * 100 + Customer.first_purchased_on.month
    rows: Any = (
        SurveyAnswer.select(month, SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id))
        .join(Customer)
        .where(SurveyAnswer.answered_on.between(first_on, last_on))
        .group_by(month, SurveyAnswer.segment)
        .tuples()
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for number, segment, count in rows:
        counts[int(number or 0)][segment] = count
    return [
        (date(number // 100, number % 100, 1) if number else None, _nps(counts[number]))
        for number in sorted(counts)
    ]


def nps_by_group(first_on: date, last_on: date, groups: Any) -> dict[Any, Nps]:
    """NPS of each group; `groups` is a query of (customer, group), which another domain supplies."""
    named = groups.alias("named")
    customer, group = (getattr(named.c, column.column_name) for column in groups.selected_columns)
    rows: Any = (
        SurveyAnswer.select(group, SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id))
        .join(named, on=customer == SurveyAnswer.customer)
        .where(SurveyAnswer.answered_on.between(first_on, last_on))
        .group_by(group, SurveyAnswer.segment)
        .tuples()
    )
    counts: dict[Any, dict[str, int]] = defaultdict(dict)
    for name, segment, count in rows:
        counts[name][segment] = count
    return {name: _nps(each) for name, each in counts.items()}


def response(first_on: date, last_on: date) -> Response:
    """How many of those the shop asked on these days have answered. A customer who asked for the survey is
    not counted."""
    rows: Any = _asked(first_on, last_on, ~SurveyInvitation.cause.startswith(ASKED_FOR))
    invited, answered = rows.select(
        peewee.fn.COUNT(SurveyInvitation.id), peewee.fn.COUNT(SurveyAnswer.id)
    ).tuples()[0]
    return Response(int(invited), int(answered))


def recovery(first_on: date, last_on: date) -> Recovery:
    """How many of those asked again on these days, after a ticket for a low score, have recovered."""
    rows: Any = _asked(first_on, last_on, SurveyInvitation.cause.startswith(f"{Occasion.TICKET}:"))
    counts: dict[Any, int] = dict(
        rows.select(SurveyAnswer.segment, peewee.fn.COUNT(SurveyInvitation.id))
        .group_by(SurveyAnswer.segment)
        .tuples()
    )
    asked, silent = sum(counts.values()), counts.pop(None, 0)
    return Recovery(asked, asked - silent, asked - silent - counts.get(Segment.DETRACTOR, 0))


def _asked(first_on: date, last_on: date, cause: Any) -> Any:
    begin, end = localtime.start_of(first_on), localtime.start_of(last_on + timedelta(days=1))
    return (
        SurveyInvitation.select()
        .join(SurveyAnswer, peewee.JOIN.LEFT_OUTER)
        .where(SurveyInvitation.asked_at >= begin, SurveyInvitation.asked_at < end, cause)
    )


def promoter_ids() -> Any:
    """Query of the customers whose latest answer is a promoter's, for figures of other domains."""
    later = SurveyAnswer.alias()
    answered_since = later.select(peewee.Value(1)).where(
        later.customer == SurveyAnswer.customer, later.id > SurveyAnswer.id
    )
    promoting = (SurveyAnswer.segment == Segment.PROMOTER) & ~peewee.fn.EXISTS(answered_since)
    return SurveyAnswer.select(SurveyAnswer.customer).where(promoting)


def _nps(counts: dict[str, int]) -> Nps:
    return Nps(
        promoter_count=counts.get(Segment.PROMOTER, 0),
        passive_count=counts.get(Segment.PASSIVE, 0),
        detractor_count=counts.get(Segment.DETRACTOR, 0),
    )
