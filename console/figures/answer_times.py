"""The rolling 90 days of answers, and how soon low scores were answered: for the pages and the definitions alike."""

from datetime import date, datetime, timedelta

from bot import localtime
from customers.values import windows
from customers.values.windows import Window
from support.bad_moments import low_scores
from surveys.figures.closed_loop import Case, Promptness, promptness

QUARTER_DAYS = 90
"""Days of the rolling window, which has enough answers where a calendar month has too few."""


def quarter(on: date) -> Window:
    """The 90 days that end on that day."""
    return windows.days(on, QUARTER_DAYS)


def quarter_before(on: date) -> Window:
    """The 90 days before those."""
    return windows.days(quarter(on).first_on - timedelta(days=1), QUARTER_DAYS)


def promptness_of(window: Window) -> Promptness:
    """How soon the low scores of the window were answered, as known at its end."""
    begin, end = bounds(window)
    cases = [
        Case(each.opened_at, each.responded_at, each.due_at, each.working_time)
        for each in low_scores.first_responses(begin, end)
    ]
    return promptness(cases, min(localtime.now(), end))


def bounds(window: Window) -> tuple[datetime, datetime]:
    """When the window begins, and when the day after it begins."""
    return localtime.start_of(window.first_on), localtime.start_of(window.last_on + timedelta(days=1))
