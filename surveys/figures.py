"""Loads the figures of the survey: by month and in all, set-based."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import peewee

from bot import localtime
from surveys.answers import SurveyAnswer
from surveys.invitations import SurveyInvitation
from surveys.nps import Nps
from surveys.segments import Segment


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


def invited_count(first_on: date, last_on: date) -> int:
    """How many invitations went out on those days: what the response rate is measured against."""
    begin, end = localtime.start_of(first_on), localtime.start_of(last_on + timedelta(days=1))
    query = SurveyInvitation.select().where(
        SurveyInvitation.asked_at >= begin, SurveyInvitation.asked_at < end
    )
    return int(query.count())


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
