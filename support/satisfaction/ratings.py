"""Stores the answers to 「対応はいかがでしたか？」, one for each ticket, and counts them by month and by staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

import peewee

from bot import localtime
from bot.config import shop
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.values.windows import Window
from support.bad_moments import quiet_period
from support.proportion import Share
from support.satisfaction.settings import SatisfactionRules
from support.tickets import tickets
from support.tickets.tickets import Ticket

SCORES = range(1, 6)
SATISFIED_FROM = 4
LONGEST_COMMENT = 2000
LATEST_DAYS = 7
"""Days after the quiet period within which a complaint's customer is still asked."""


class Satisfaction(Model):
    """How satisfied a customer was with the handling of one ticket: 1 (not at all) to 5."""

    ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", unique=True, backref="+")
    ticket_id: int
    staff_id = peewee.IntegerField(null=True)
    """The ticket's assignee when it was resolved."""
    asked_at = UtcDateTimeField()
    asked_on = peewee.DateField()
    score = peewee.SmallIntegerField(null=True)
    answered_at = UtcDateTimeField(null=True)
    comment = peewee.TextField(default="")


class Tap(Enum):
    """What a tapped choice counts as."""

    FIRST = "first"
    CORRECTION = "correction"
    TOO_LATE = "too late"


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one month, or for one person's tickets."""

    key: Any
    asked_count: int
    satisfied: Share


def ask(ticket: Ticket) -> bool:
    """Record that the customer is asked. False when staff never answered, or the customer has answered already."""
    require_transaction()
    if ticket.first_response_at is None:
        return False
    now = localtime.now()
    made = insert_once(
        Satisfaction,
        ticket=ticket.id,
        staff_id=ticket.assignee_id or ticket.resolved_by_id,
        asked_at=now,
        asked_on=localtime.local_date(now),
        comment="",
    )
    there = of_ticket(ticket.id)
    return made is not None or (there is not None and there.score is None)


def complaints_to_ask(limit: int) -> list[Ticket]:
    """Complaints that staff answered, whose quiet period ended lately, and of which the customer was not asked.

    Tickets for a low score alone are asked about when resolved; customers in danger never are.
    """
    now = localtime.now()
    over = Ticket.resolved_at.between(
        now - timedelta(days=quiet_period.days() + LATEST_DAYS), now - timedelta(days=quiet_period.days())
    )
    asked = Satisfaction.select(Satisfaction.ticket)
    graver = (
        (Ticket.urgency > 0) & (Ticket.cause != tickets.DANGER) & (Ticket.state == peewee.SQL("'resolved'"))
    )
    query = Ticket.select().where(
        graver, over, Ticket.first_response_at.is_null(False), Ticket.id.not_in(asked)
    )
    return list(query.order_by(Ticket.id).limit(limit))


def rate(ticket_id: int, customer_id: int, score: int) -> Tap | None:
    """Record the choice; it counts from the first tap and can be changed for a while. None if the customer
    was not asked."""
    require_transaction()
    asked = _asked_of(ticket_id, customer_id)
    if asked is None or score not in SCORES:
        return None
    now = localtime.now()
    mine = Satisfaction.id == asked.id
    first = Satisfaction.update(score=score, answered_at=now).where(mine, Satisfaction.score.is_null())
    if first.execute():
        return Tap.FIRST
    lasting = timedelta(minutes=shop.get(SatisfactionRules).correction_minutes)
    in_time = Satisfaction.answered_at >= now - lasting
    corrected = Satisfaction.update(score=score).where(mine, in_time).execute()
    return Tap.CORRECTION if corrected else Tap.TOO_LATE


def may_correct(ticket_id: int, customer_id: int) -> bool:
    """Whether the customer may still choose, or change the choice."""
    asked = _asked_of(ticket_id, customer_id)
    lasting = timedelta(minutes=shop.get(SatisfactionRules).correction_minutes)
    return asked is not None and (asked.answered_at is None or asked.answered_at >= localtime.now() - lasting)


def add_comment(ticket_id: int, customer_id: int, comment: str) -> bool:
    """Store the comment beside the choice; the first one counts. False when it is empty or a later one."""
    require_transaction()
    asked, words = _asked_of(ticket_id, customer_id), _plain(comment)
    if asked is None or not words:
        return False
    query = Satisfaction.update(comment=words).where(Satisfaction.id == asked.id, Satisfaction.comment == "")
    return bool(query.execute())


def reword(customer_id: int, old: Iterable[str], new: str) -> int:
    """The customer edited or unsent a message: replace its words in comments; how many."""
    require_transaction()
    theirs = Satisfaction.ticket.in_(Ticket.select(Ticket.id).where(Ticket.customer == customer_id))
    said = Satisfaction.comment.in_([words for words in map(_plain, old) if words])
    return int(Satisfaction.update(comment=_plain(new)).where(theirs, said).execute())


def of_ticket(ticket_id: int) -> Satisfaction | None:
    """What was asked and answered about that ticket; None when it was not asked."""
    found: Satisfaction | None = Satisfaction.get_or_none(Satisfaction.ticket == ticket_id)
    return found


def by_month(window: Window) -> list[Group]:
    """The calendar months in which anybody was asked, oldest first; the key is the month's first day."""
    month = Satisfaction.asked_on.year * 100 + Satisfaction.asked_on.month
    rows = _counted(month, window)
    return [Group(date(key // 100, key % 100, 1), asked, share) for key, asked, share in sorted(rows)]


def by_staff(window: Window) -> list[Group]:
    """By the tickets' assignee, those with most answers first; the key is the person's id, 0 for none."""
    rows = sorted(_counted(Satisfaction.staff_id, window), key=lambda row: (-row[2].answer_count, row[0]))
    return [Group(*row) for row in rows]


def latest_comments(window: Window, limit: int = 30) -> list[Satisfaction]:
    """The latest comments, with their tickets."""
    query: Any = Satisfaction.select(Satisfaction, Ticket).join(Ticket)
    return list(
        query.where(_asked_in(window), Satisfaction.comment != "")
        .order_by(Satisfaction.answered_at.desc())
        .limit(limit)
    )


def total(window: Window) -> Group:
    """All questions asked in the window, with the answers that there were by its end."""
    found = _counted(peewee.Value(1), window)
    return Group(None, *found[0][1:]) if found else Group(None, 0, Share(0, 0))


def customers_answered(window: Window) -> Any:
    """Query of the customers who were asked in the window and had answered by its end."""
    answered = _asked_in(window) & _answered_by_end(window) & Satisfaction.score.is_null(False)
    return Ticket.select(Ticket.customer).join(Satisfaction).where(answered).distinct()


def listed(window: Window, staff_id: int | None, before_id: int, limit: int) -> list[Satisfaction]:
    """The questions asked in the window, with their tickets, newest first, below an id; of one person's tickets where
    one is given, 0 for those of nobody."""
    which = _asked_in(window) & (Satisfaction.id < before_id)
    if staff_id is not None:
        which &= (Satisfaction.staff_id == staff_id) if staff_id else Satisfaction.staff_id.is_null()
    query: Any = Satisfaction.select(Satisfaction, Ticket).join(Ticket).where(which)
    return list(query.order_by(Satisfaction.id.desc()).limit(limit))


def _plain(comment: str) -> str:
    return comment.strip()[:LONGEST_COMMENT]


def _asked_in(window: Window) -> Any:
    return Satisfaction.asked_on.between(window.first_on, window.last_on)


def _answered_by_end(window: Window) -> Any:
    return Satisfaction.answered_at < localtime.start_of(window.last_on + timedelta(days=1))


def _counted(key: Any, window: Window) -> list[tuple[int, int, Share]]:
    score = peewee.Case(None, [(_answered_by_end(window), Satisfaction.score)])
    asked: Any = (
        Satisfaction.select(key.alias("name"), score.alias("score")).where(_asked_in(window)).alias("asked")
    )
    rows: Any = (
        Satisfaction.select(asked.c.name, asked.c.score, peewee.fn.COUNT(peewee.SQL("1")))
        .from_(asked)
        .group_by(asked.c.name, asked.c.score)
        .tuples()
    )
    by_score: dict[int, dict[int | None, int]] = defaultdict(dict)
    for group, score, count in rows:
        by_score[int(group or 0)][score] = count
    return [(group, sum(scores.values()), _share(scores)) for group, scores in by_score.items()]


def _share(scores: dict[int | None, int]) -> Share:
    answered = {score: count for score, count in scores.items() if score is not None}
    satisfied = sum(count for score, count in answered.items() if score >= SATISFIED_FROM)
    return Share(satisfied, sum(answered.values()))


def _asked_of(ticket_id: int, customer_id: int) -> Satisfaction | None:
    """The question as asked of that customer: only the ticket's own customer may answer, as a button's data
    could be forged."""
    query: Any = Satisfaction.select().join(Ticket)
    found: Satisfaction | None = query.where(
        Satisfaction.ticket == ticket_id, Ticket.customer == customer_id
    ).first()
    return found


erasure.blanked(
    Satisfaction,
    {"comment": ""},
    lambda who: Satisfaction.ticket.in_(Ticket.select(Ticket.id).where(Ticket.customer == who.customer_id)),
)
