"""The table of monthly reports."""

import peewee

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField


class MonthlyReport(Model):
    """The figures of one calendar month as they were counted after its end."""

    month = peewee.DateField(unique=True)
    """Its first day."""
    figures = peewee.TextField(default="{}")
    """Counted so far, as JSON: by the figure's name, its values of that month, of the month before and of the same
    month a year before (`figures.py`)."""
    made_at = UtcDateTimeField(null=True)
    """When the last figure was counted; null until then."""

    class Meta:
        table_name = "monthly_report"


erasure.nothing("It holds figures of all customers, without names.", MonthlyReport)
