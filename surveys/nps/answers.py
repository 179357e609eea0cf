"""Stores the score and the comment: one answer for each invitation.

Whether a tap is the first, a correction or too late is decided in `asking.py`; replies are in
`handlers/score_answered.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import peewee

from bot import localtime
from bot.config import shop
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from customers.people.customer import Customer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.segments import Segment, segment_of
from surveys.nps.settings import SurveyRules

LONGEST_COMMENT = 5000


class SurveyAnswer(Model):
    """One customer's score for one invitation, and their comment."""

    invitation = peewee.ForeignKeyField(SurveyInvitation, unique=True)
    invitation_id: int
    customer = peewee.ForeignKeyField(Customer, index=False)
    customer_id: int
    score = peewee.SmallIntegerField()
    segment = peewee.CharField()
    answered_at = UtcDateTimeField()
    answered_on = peewee.DateField(index=True)
    corrected_at = UtcDateTimeField(null=True)
    comment = peewee.TextField(default="")
    commented_at = UtcDateTimeField(null=True)
    """When the first comment came; a rewritten one does not restart the time for rewriting."""
    read_at = UtcDateTimeField(null=True)
    read_by_id = peewee.IntegerField(null=True)

    class Meta:
        table_name = "survey_answer"
        indexes = ((("customer", "id"), False),)


class Tap(StrEnum):
    """What a tap on a score is."""

    FIRST = "first"
    CORRECTION = "correction"
    SAME = "same"
    TOO_LATE = "too-late"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer after a tap, and what kind of tap it was."""

    answer_id: int
    score: int
    segment: Segment
    tap: Tap
    answered_at: datetime
    moved: bool = False
    """A correction that changed the segment, so that a different question follows."""


def tap(
    score: int, answered_score: int | None, answered_at: datetime | None, now: datetime, within: timedelta
) -> Tap:
    """The first tap counts; another within the hour corrects it; later ones change nothing."""
    if answered_score is None or answered_at is None:
        return Tap.FIRST
    if now - answered_at > within:
        return Tap.TOO_LATE
    return Tap.SAME if score == answered_score else Tap.CORRECTION


def record_score(customer_id: int, invitation_id: int, score: int) -> Recorded | None:
    """Record a tapped score; None when the invitation is not this customer's.

    A tap on an old message counts for the customer's newest invitation, so that taps on many old messages are
    one answer.
    """
    require_transaction()
    newest = _newest_with_answer(customer_id)
    if newest is None or (newest.id != invitation_id and not _was_put_to(customer_id, invitation_id)):
        return None
    now = localtime.now()
    answer: Any = getattr(newest, "surveyanswer", None)
    within = timedelta(minutes=shop.get(SurveyRules).correction_minutes)
    before = answer and answer.segment
    kind = tap(score, answer and answer.score, answer and answer.answered_at, now, within)
    if kind is Tap.FIRST:
        answer = SurveyAnswer.create(
            invitation=newest.id,
            customer=customer_id,
            score=score,
            segment=segment_of(score),
            answered_at=now,
            answered_on=localtime.local_date(now),
        )
    elif kind is Tap.CORRECTION:
        answer.score, answer.segment, answer.corrected_at = score, segment_of(score), now
        answer.save(only=[SurveyAnswer.score, SurveyAnswer.segment, SurveyAnswer.corrected_at])
    segment = Segment(answer.segment)
    moved = kind is Tap.CORRECTION and segment != before
    return Recorded(answer.id, answer.score, segment, kind, answer.answered_at, moved)


def add_comment(customer_id: int, answer_id: int, words: str) -> SurveyAnswer | None:
    """Store the comment beside the score; a later one replaces it and is unread again. None when the answer
    is not the customer's."""
    require_transaction()
    found = SurveyAnswer.get_or_none(SurveyAnswer.id == answer_id, SurveyAnswer.customer == customer_id)
    if found is None:
        return None
    found.comment, found.commented_at = words[:LONGEST_COMMENT], found.commented_at or localtime.now()
    found.read_at = found.read_by_id = None
    found.save(
        only=[SurveyAnswer.comment, SurveyAnswer.commented_at, SurveyAnswer.read_at, SurveyAnswer.read_by_id]
    )
    return found


def reword(customer_id: int, old: Sequence[str], new: str) -> int:
    """The customer edited or unsent a message: replace its words in comments; how many answers. Empty words
    are skipped."""
    require_transaction()
    theirs = (SurveyAnswer.customer == customer_id) & SurveyAnswer.comment.in_(
        [words[:LONGEST_COMMENT] for words in old if words]
    )
    return int(SurveyAnswer.update(comment=new[:LONGEST_COMMENT]).where(theirs).execute())


@dataclass(frozen=True, slots=True)
class MayStill:
    """How often a customer can answer the survey now, and add a comment to an answer: 0 or 1 each."""

    answer_count: int
    comment_count: int


def may_still(customer_id: int) -> MayStill:
    """Whether the survey is open to a customer who asks for it now. Reads only."""
    newest = _newest_with_answer(customer_id)
    answer = latest_of(customer_id)
    is_answered = newest is not None and answer is not None and answer.invitation_id == newest.id
    if answer is None or not is_answered or localtime.now() >= open_again_at(answer):
        return MayStill(1, 1)
    return MayStill(0, 0 if answer.comment else 1)


def open_again_at(answer: SurveyAnswer) -> datetime:
    """From when the customer can answer again, in UTC."""
    answered_at: datetime = answer.answered_at
    return answered_at + timedelta(days=shop.get(SurveyRules).ask_again_after_days)


def time_to_rewrite(answer: SurveyAnswer) -> timedelta:
    """How long the customer may still replace the comment, as long as the score may be corrected; negative
    when over."""
    within = timedelta(minutes=shop.get(SurveyRules).correction_minutes)
    return (answer.commented_at or localtime.now()) + within - localtime.now()


def of_customer(customer_id: int) -> list[SurveyAnswer]:
    """The customer's answers, oldest first."""
    return list(SurveyAnswer.select().where(SurveyAnswer.customer == customer_id).order_by(SurveyAnswer.id))


def latest_of(customer_id: int) -> SurveyAnswer | None:
    """The customer's newest answer; None without one."""
    query = SurveyAnswer.select().where(SurveyAnswer.customer == customer_id)
    found: SurveyAnswer | None = query.order_by(SurveyAnswer.id.desc()).first()
    return found


def _newest_with_answer(customer_id: int) -> SurveyInvitation | None:
    found: SurveyInvitation | None = (
        SurveyInvitation.select(SurveyInvitation, SurveyAnswer)
        .join(SurveyAnswer, peewee.JOIN.LEFT_OUTER)
        .where(SurveyInvitation.customer == customer_id)
        .order_by(SurveyInvitation.id.desc())
        .first()
    )
    return found


def _was_put_to(customer_id: int, invitation_id: int) -> bool:
    theirs = (SurveyInvitation.id == invitation_id) & (SurveyInvitation.customer == customer_id)
    return bool(SurveyInvitation.select().where(theirs).exists())


def latest_of_many(customer_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The score and the segment of each customer's newest answer, in one statement; without those who never
    answered."""
    newest = SurveyAnswer.select(peewee.fn.MAX(SurveyAnswer.id)).where(
        SurveyAnswer.customer.in_(customer_ids)
    )
    columns = (SurveyAnswer.customer, SurveyAnswer.score, SurveyAnswer.segment)
    rows: Any = SurveyAnswer.select(*columns).where(
        SurveyAnswer.id.in_(newest.group_by(SurveyAnswer.customer))
    )
    return {customer_id: (score, segment) for customer_id, score, segment in rows.tuples()}


def answered_after(position: int, limit: int) -> list[tuple[int, int | None, datetime]]:
    """Answers with a higher id, in its order: each as its id, the customer and when it was given. A correction
    changes the row."""
    query: Any = SurveyAnswer.select(SurveyAnswer.id, SurveyAnswer.customer, SurveyAnswer.answered_at)
    return list(query.where(SurveyAnswer.id > position).order_by(SurveyAnswer.id).limit(limit).tuples())


erasure.blanked(SurveyAnswer, {"comment": ""})
