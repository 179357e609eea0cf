"""Counts the survey's figures in SQL: NPS in all, of each customer's latest answer, by month, product and cohort;
response and recovery. What is dated after the end of a window is not in it.

What the figures mean is in `surveys/nps/net_promoter_score.py` and `closed_loop.py`.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import peewee

from bot import localtime
from customers.orders.purchases import PurchaseItem
from customers.people.customer import Customer
from customers.values.windows import Window
from surveys.figures.closed_loop import Recovery, Response
from surveys.nps.answers import SurveyAnswer
from surveys.nps.asking import Occasion
from surveys.nps.invitations import ASKED_FOR, SurveyInvitation
from surveys.nps.net_promoter_score import Nps
from surveys.nps.segments import Segment


def nps(window: Window) -> Nps:
    """NPS of all answers given in the window; who answered twice counts twice."""
    return _counted(_in(window))


def nps_of_latest(window: Window) -> Nps:
    """NPS of the customers who answered in the window, each by their latest answer in it."""
    return _counted(SurveyAnswer.id.in_(_latest(window)))


def nps_by_month(window: Window) -> list[tuple[date, Nps]]:
    """NPS of all answers of each calendar month of the shop that has any, oldest first."""
    month = SurveyAnswer.answered_on.year * 100 + SurveyAnswer.answered_on.month
    rows: Any = (
        SurveyAnswer.select(month, SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id))
        .where(_in(window))
        .group_by(month, SurveyAnswer.segment)
        .tuples()
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for number, segment, count in rows:
        counts[int(number)][segment] = count
    return [(date(number // 100, number % 100, 1), _nps(counts[number])) for number in sorted(counts)]


def answerers(window: Window) -> Any:
    """Query of the customers who answered in the window."""
    return SurveyAnswer.select(SurveyAnswer.customer).where(_in(window)).distinct()


def answerers_of(segment: Segment, window: Window) -> Any:
    """Query of the customers whose latest answer in the window is of that segment."""
    latest = SurveyAnswer.id.in_(_latest(window))
    return SurveyAnswer.select(SurveyAnswer.customer).where(latest, SurveyAnswer.segment == segment)


def nps_by_product(window: Window, most: int) -> list[tuple[str, str, Nps]]:
    """NPS by product of the order the survey was about: code, name and NPS, the most answered first. An
    answer about two products counts for both."""
    name = peewee.fn.MAX(PurchaseItem.name)
    rows: Any = (
        SurveyAnswer.select(
            PurchaseItem.sku, name, SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id.distinct())
        )
        .join(SurveyInvitation)
        .join(PurchaseItem, on=PurchaseItem.purchase == SurveyInvitation.purchase)
        .where(_in(window), PurchaseItem.sku != "")
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


def nps_by_cohort(window: Window) -> list[tuple[date | None, Nps]]:
    """NPS by the month of the first purchase, oldest first; None for customers without a purchase."""
    month = Customer.first_purchased_on.year * 100 + Customer.first_purchased_on.month
    rows: Any = (
        SurveyAnswer.select(month, SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id))
        .join(Customer)
        .where(_in(window))
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


def response(window: Window) -> Response:
    """Of the questions that the shop asked in the window: how many, to how many customers, and how many have an answer
    by its end. A question that the customer asked for is not counted."""
    rows: Any = (
        asked(window)
        .select(
            peewee.fn.COUNT(SurveyInvitation.id),
            peewee.fn.COUNT(SurveyInvitation.customer.distinct()),
            peewee.fn.COUNT(SurveyAnswer.id),
        )
        .tuples()
    )
    return Response(*(int(each) for each in rows[0]))


def recovery(window: Window) -> Recovery:
    """Of the questions asked again in the window, after a ticket for a low score was resolved: how many, how many have
    an answer by its end, and how many of those are a passive's or a promoter's."""
    rows: Any = (
        asked_again(window)
        .select(SurveyAnswer.segment, peewee.fn.COUNT(SurveyInvitation.id))
        .group_by(SurveyAnswer.segment)
        .tuples()
    )
    counts: dict[Any, int] = dict(rows)
    asked_count, silent = sum(counts.values()), counts.pop(None, 0)
    answered = asked_count - silent
    return Recovery(asked_count, answered, answered - counts.get(Segment.DETRACTOR, 0))


def asked(window: Window) -> Any:
    """Query of the questions that the shop asked in the window, each with its answer by the end of it, if any; to be
    given its columns."""
    return _asked(window, ~SurveyInvitation.cause.startswith(ASKED_FOR))


def asked_again(window: Window) -> Any:
    """The same of those asked after a ticket for a low score."""
    return _asked(window, SurveyInvitation.cause.startswith(f"{Occasion.TICKET}:"))


def _asked(window: Window, cause: Any) -> Any:
    begin, end = localtime.start_of(window.first_on), localtime.start_of(window.last_on + timedelta(days=1))
    by_then = (SurveyAnswer.invitation == SurveyInvitation.id) & (SurveyAnswer.answered_on <= window.last_on)
    return (
        SurveyInvitation.select(SurveyInvitation.customer)
        .join(SurveyAnswer, peewee.JOIN.LEFT_OUTER, on=by_then)
        .where(SurveyInvitation.asked_at >= begin, SurveyInvitation.asked_at < end, cause)
    )


def _in(window: Window) -> Any:
    return SurveyAnswer.answered_on.between(window.first_on, window.last_on)


def _latest(window: Window) -> Any:
    """Query of the id of each customer's latest answer in the window: ids rise with time."""
    each = SurveyAnswer.alias()
    days = each.answered_on.between(window.first_on, window.last_on)
    return each.select(peewee.fn.MAX(each.id)).where(days).group_by(each.customer)


def promoter_ids() -> Any:
    """Query of the customers whose latest answer is a promoter's, for figures of other domains."""
    later = SurveyAnswer.alias()
    answered_since = later.select(peewee.Value(1)).where(
        later.customer == SurveyAnswer.customer, later.id > SurveyAnswer.id
    )
    promoting = (SurveyAnswer.segment == Segment.PROMOTER) & ~peewee.fn.EXISTS(answered_since)
    return SurveyAnswer.select(SurveyAnswer.customer).where(promoting)


def _counted(which: Any) -> Nps:
    rows: Any = (
        SurveyAnswer.select(SurveyAnswer.segment, peewee.fn.COUNT(SurveyAnswer.id))
        .where(which)
        .group_by(SurveyAnswer.segment)
        .tuples()
    )
    return _nps(dict(rows))


def _nps(counts: dict[str, int]) -> Nps:
    return Nps(
        promoter_count=counts.get(Segment.PROMOTER, 0),
        passive_count=counts.get(Segment.PASSIVE, 0),
        detractor_count=counts.get(Segment.DETRACTOR, 0),
    )
