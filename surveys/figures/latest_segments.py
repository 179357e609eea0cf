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


def ids_of(segment: Segment, on: date) -> Any:
    """Query of the ids of customers whose latest answer by that day is of that segment."""
    return SurveyAnswer.select(SurveyAnswer.customer).where(_latest(on), SurveyAnswer.segment == segment)


def ids_of_answered(on: date) -> Any:
    """Query of the ids of customers who had answered by that day."""
    return SurveyAnswer.select(SurveyAnswer.customer).where(SurveyAnswer.answered_on <= on)


def _latest(on: date) -> Any:
    later = SurveyAnswer.alias()
    answered_since = later.select(peewee.Value(1)).where(
        later.customer == SurveyAnswer.customer, later.id > SurveyAnswer.id, later.answered_on <= on
    )
    return (SurveyAnswer.answered_on <= on) & ~peewee.fn.EXISTS(answered_since)
