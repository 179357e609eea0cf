"""Searches comments by words, segment, tag, month, product, and whether staff have read them; newest first.

Words and products have no index: at most SCAN_LIMIT comments are read for a page, however many there are, and
the page says where the search continues.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import peewee
from peewee import fn

from bot import localtime
from bot.db.database import require_transaction
from bot.text.folding import folded
from customers.orders.purchases import PurchaseItem
from customers.people.customer import Customer
from surveys.comments.tags import AnswerTag
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.segments import Segment

SCAN_LIMIT = 10_000
SCAN_LIMIT_FOR_PRODUCT = 4_000


@dataclass(frozen=True, slots=True)
class Sought:
    """The search's criteria; an empty one matches all."""

    words: str = ""
    segment: Segment | None = None
    tag: str = ""
    month: date | None = None
    sku: str = ""
    only_unread: bool = False


@dataclass(frozen=True, slots=True)
class Verbatim:
    """One customer's comment, with its score and what they bought."""

    answer_id: int
    customer_id: int
    display_name: str
    score: int
    segment: str
    comment: str
    answered_at: datetime
    read_at: datetime | None
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the results. `cursor` is where the search continues (None: at its end); `is_cut` says that the
    page is not full only because the scan limit was reached."""

    found: list[Verbatim]
    cursor: str | None
    is_cut: bool = False


def search(sought: Sought, cursor: str | None, length: int) -> Page:
    """One page of comments, newest first."""
    within = _indexed_query(sought, _read_cursor(cursor))
    if not sought.words and not sought.sku:
        places = list(within.limit(length + 1).tuples())
        shown = places[:length]
        return Page(_load(shown), _cursor_of(shown[-1]) if len(places) > length else None)
    scan_limit = SCAN_LIMIT_FOR_PRODUCT if sought.sku else SCAN_LIMIT
    window = within.limit(scan_limit)
    if sought.sku:
        some = window.alias("window")
        columns = (some.c.answered_on, some.c.id, some.c.comment, some.c.invitation_id)
        window = SurveyAnswer.select(*columns).from_(some)
        window = window.where(fn.EXISTS(_bought(some.c.invitation_id, sought.sku)))
        window = window.order_by(some.c.answered_on.desc(), some.c.id.desc())
    places = list(islice(_matching_words(window, sought.words), length + 1))
    shown = places[:length]
    if len(places) > length:
        return Page(_load(shown), _cursor_of(shown[-1]))
    last = list(within.offset(scan_limit - 1).limit(1).tuples())
    return Page(_load(shown), _cursor_of(last[0]) if last else None, is_cut=bool(last))


def _matching_words(window: Any, words: str) -> Iterator[tuple[Any, int]]:
    """Day and id of the comments that hold every word, compared in folded form, which no database does."""
    wanted = folded(words).split()
    for day, answer_id, comment, _ in window.tuples().iterator():
        compared = folded(comment) if wanted else ""
        if all(word in compared for word in wanted):
            yield day, answer_id


def find(answer_id: int) -> Verbatim | None:
    """One comment; None when there is none."""
    found = _load([(None, answer_id)])
    return found[0] if found else None


def mark_read(answer_id: int, staff_id: int) -> bool:
    """Mark the comment as read. False when it was already."""
    require_transaction()
    unread = (SurveyAnswer.id == answer_id) & SurveyAnswer.read_at.is_null()
    query = SurveyAnswer.update(read_at=localtime.now(), read_by_id=staff_id).where(unread)
    return bool(query.execute() == 1)


def unread_count(most: int) -> int:
    """How many comments nobody has read, counted to at most `most`."""
    unread = SurveyAnswer.select(SurveyAnswer.id).where(
        SurveyAnswer.comment != "", SurveyAnswer.read_at.is_null()
    )
    return int(unread.limit(most).count())


def _indexed_query(sought: Sought, after: tuple[date, int] | None) -> Any:
    """The query for the criteria that have an index: day, id, words and invitation, newest first."""
    answer = SurveyAnswer
    query: Any = answer.select(answer.answered_on, answer.id, answer.comment, answer.invitation)
    query = query.where(answer.comment != "")
    if sought.segment is not None:
        query = query.where(answer.segment == sought.segment)
    if sought.only_unread:
        query = query.where(answer.read_at.is_null())
    if sought.month is not None:
        last_on = (sought.month.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        query = query.where(answer.answered_on.between(sought.month.replace(day=1), last_on))
    if sought.tag:
        query = query.join(AnswerTag, on=AnswerTag.answer == answer.id).where(AnswerTag.tag == sought.tag)
    if after is not None:
        day, number = after
        query = query.where(answer.answered_on <= day, (answer.answered_on < day) | (answer.id < number))
    return query.order_by(answer.answered_on.desc(), answer.id.desc())


def _bought(invitation_id: Any, sku: str) -> Any:
    """Subquery: whether the survey was about an order with that product."""
    return (
        SurveyInvitation.select(peewee.Value(1))
        .join(PurchaseItem, on=PurchaseItem.purchase == SurveyInvitation.purchase)
        .where(SurveyInvitation.id == invitation_id, PurchaseItem.sku == sku)
    )


def _load(places: Sequence[Sequence[Any]]) -> list[Verbatim]:
    ids = [place[1] for place in places]
    query: Any = (
        SurveyAnswer.select(SurveyAnswer, SurveyInvitation, Customer)
        .join(SurveyInvitation)
        .switch(SurveyAnswer)
        .join(Customer)
        .where(SurveyAnswer.id.in_(ids), SurveyAnswer.comment != "")
    )
    rows = {row.id: row for row in query}
    products = _products([row.invitation.purchase_id for row in rows.values()])
    return [
        Verbatim(
            answer_id=row.id,
            customer_id=row.customer_id,
            display_name=row.customer.display_name,
            score=row.score,
            segment=row.segment,
            comment=row.comment,
            answered_at=row.answered_at,
            read_at=row.read_at,
            products=products.get(row.invitation.purchase_id, ()),
        )
        for row in (rows[number] for number in ids if number in rows)
    ]


def _products(purchase_ids: Sequence[int | None]) -> dict[int | None, tuple[str, ...]]:
    """The names of what was bought in each of these orders."""
    lines: dict[int | None, list[str]] = defaultdict(list)
    bought: Any = PurchaseItem.select(PurchaseItem.purchase, PurchaseItem.name, PurchaseItem.sku).where(
        PurchaseItem.purchase.in_([each for each in set(purchase_ids) if each is not None])
    )
    for purchase_id, name, sku in bought.order_by(PurchaseItem.id).tuples():
        if (name or sku) not in lines[purchase_id]:
            lines[purchase_id].append(name or sku)
    return {purchase_id: tuple(names) for purchase_id, names in lines.items()}


def _cursor_of(place: Sequence[Any]) -> str:
    return f"{place[0]}.{place[1]}"


def _read_cursor(cursor: str | None) -> tuple[date, int] | None:
    """The place a cursor stands for; None, the beginning, when it is not a valid cursor."""
    day, _, number = (cursor or "").partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
