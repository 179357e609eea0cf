"""The segment of each customer by their latest answer, as a query for figures of other domains."""

from datetime import date
from typing import Any

import peewee

from surveys.nps.answers import SurveyAnswer
from surveys.nps.segments import Segment

SILENT = "silent"
"""The group of those who have not answered."""


def latest_segments(on: date) -> Any:
    """Query of customer id and segment, of those who had answered by that day."""
    answered = _latest(on)
    return SurveyAnswer.select(SurveyAnswer.customer, SurveyAnswer.segment).where(answered)


def is_of(segment: Segment, on: date, customer_id: Any) -> Any:
    """The condition that the latest answer of a customer by that day is of that segment; `customer_id` is the column
    of a query of customers."""
    theirs = SurveyAnswer.customer == customer_id
    return _exists(theirs, _latest(on), SurveyAnswer.segment == segment)


def has_answered(on: date, customer_id: Any) -> Any:
    """The condition that a customer had answered by that day."""
    return _exists(SurveyAnswer.customer == customer_id, SurveyAnswer.answered_on <= on)


def _exists(*conditions: Any) -> Any:
    return peewee.fn.EXISTS(SurveyAnswer.select(peewee.Value(1)).where(*conditions))


def _latest(on: date) -> Any:
    later = SurveyAnswer.alias()
    answered_since = later.select(peewee.Value(1)).where(
        later.customer == SurveyAnswer.customer, later.id > SurveyAnswer.id, later.answered_on <= on
    )
    return (SurveyAnswer.answered_on <= on) & ~peewee.fn.EXISTS(answered_since)
