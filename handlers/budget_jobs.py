"""The clock's job for the month's budget of pushes: counts what is scheduled in every domain and stores the forecast.

The rules are in `journeys/sending/budget.py`; what reads the result is `journeys/sending/budget_state.py`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import localtime
from bot.db.database import write_transaction
from journeys.campaigns import expected as expected_campaigns
from journeys.enrolments import expected as expected_enrolments
from journeys.sending import budget_state
from journeys.sending.budget import Demand
from journeys.sending.budget_counts import PAST_DAYS, Past
from journeys.sending.budget_state import MonthBudget
from journeys.sending.message_kinds import KIND_RULES, Kind
from surveys.nps import expected as expected_surveys


def refresh_budget() -> int:
    """Compute the month's budget again, once an hour and at the beginning of a month; 1 when it did. Two clocks
    compute the same figures."""
    if budget_state.is_current():
        return 0
    compute_now()
    return 1


def compute_now() -> None:
    """Compute the month's budget again, because what it depends on has changed at once."""
    row = this_month()
    with write_transaction():
        budget_state.store(row)


def this_month() -> MonthBudget:
    """This month's figures and forecast, counted now and not stored."""
    return budget_state.compute(_scheduled)


def _scheduled(known: Past, month_end: datetime) -> Sequence[Demand]:
    """Surveys after purchases, steps of flows, and campaigns."""
    last_on = localtime.local_date(month_end) - timedelta(days=1)
    survey = KIND_RULES[Kind.SURVEY]
    surveys = known.pushes_of(expected_surveys.expected_until(last_on), Kind.SURVEY)
    since = localtime.now() - timedelta(days=PAST_DAYS)
    return [
        Demand(survey.message_class, survey.priority, surveys),
        *expected_enrolments.due_until(month_end, since),
        *expected_campaigns.until(month_end),
    ]
