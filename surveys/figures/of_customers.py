"""Reads what each of some customers answered and wrote, one statement a subject."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from peewee import Case, fn

from bot.db.value_lists import is_one_of
from surveys.nps.answers import SurveyAnswer
from surveys.testimonials.tables import Testimonial, TestimonialState


class Answers(NamedTuple):
    """A customer's answers: how many, and the newest."""

    answer_count: int
    score: int
    segment: str
    answered_at: datetime


class Testimonials(NamedTuple):
    """How many testimonials a customer wrote, and how many of them are published."""

    written_count: int
    published_count: int


def answers_of(customer_ids: Collection[int]) -> dict[int, Answers]:
    """By customer; without those who never answered. The newest answer is the one recorded last, as in `answers.py`."""
    theirs = is_one_of(SurveyAnswer.customer, customer_ids)
    columns = (SurveyAnswer.customer, SurveyAnswer.score, SurveyAnswer.segment, SurveyAnswer.answered_at)
    rows: Any = SurveyAnswer.select(*columns).where(theirs).order_by(SurveyAnswer.id).tuples()
    found: dict[int, Answers] = {}
    for customer_id, score, segment, answered_at in rows:
        before = found[customer_id].answer_count if customer_id in found else 0
        found[customer_id] = Answers(before + 1, score, segment, answered_at)
    return found


def testimonials_of(customer_ids: Collection[int]) -> dict[int, Testimonials]:
    """By customer; without those who wrote none."""
    published = Case(None, [(Testimonial.state == TestimonialState.PUBLISHED, 1)], 0)
    rows: Any = (
        Testimonial.select(Testimonial.customer, fn.COUNT(Testimonial.id), fn.SUM(published))
        .where(is_one_of(Testimonial.customer, customer_ids))
        .group_by(Testimonial.customer)
        .tuples()
    )
    return {customer_id: Testimonials(int(written), int(shown)) for customer_id, written, shown in rows}
