"""The table of hold-out periods; `periods.py` writes it."""

import peewee

from bot.db.database import Model, UtcDateTimeField


class HoldOutPeriod(Model):
    """A time during which a subject held out the same share. Only customers assigned within one period are compared
    with each other."""

    subject = peewee.CharField(150)
    """`flow:7`, `campaign:3`, `shop:2026`, `contacts`, `recommendations`."""
    percent = peewee.IntegerField()
    started_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)
    """Null for the one in force, of which each subject has at most one."""
    end_reason = peewee.CharField(32, default="")
    """`decided`, `percent-changed`, `structure-changed` …"""

    class Meta:
        table_name = "hold_out_period"
        indexes = ((("subject", "started_at"), True),)
