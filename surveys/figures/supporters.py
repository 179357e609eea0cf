"""Finds the supporters: customers whose latest answer was a 9 or 10. Whether they can be written to is for the caller."""

from datetime import date
from typing import Any

import peewee

from surveys.nps.answers import SurveyAnswer
from surveys.nps.segments import Segment


def promoters_on(on: date) -> Any:
    """Query of the customers whose latest answer until the end of that day was a promoter's; one column, no customer
    twice."""
    later = SurveyAnswer.alias()
    answered_since = later.select(peewee.Value(1)).where(
        later.customer == SurveyAnswer.customer, later.id > SurveyAnswer.id, later.answered_on <= on
    )
    is_latest = (SurveyAnswer.answered_on <= on) & ~peewee.fn.EXISTS(answered_since)
    return SurveyAnswer.select(SurveyAnswer.customer).where(
        SurveyAnswer.segment == Segment.PROMOTER, is_latest
    )
