"""Multicasts: one call of LINE that sends the same messages to up to 500 people.

Each recipient has a row in the outbox of its own, which shows in their chat and counts as a push; its state follows
the call's. `bot/worker/multicast_sender.py` makes the calls.
"""

import peewee

from bot.db.database import Model, UtcDateTimeField

MOST_RECIPIENTS = 500
"""https://developers.line.biz/en/reference/messaging-api/#send-multicast-message"""
DUE, SENT, PARKED, DISSOLVED = "due", "sent", "parked", "dissolved"


class Multicast(Model):
    """One call, and what LINE answered."""

    cause = peewee.CharField(255, unique=True)
    messages = peewee.TextField()
    retry_key = peewee.CharField(36)
    aggregation_unit = peewee.CharField(30, null=True)
    state = peewee.CharField(10, default=DUE)
    """`due`; `sent`; `parked` (LINE refused it, or may have accepted it a day ago); `dissolved` (it reached nobody, and
    its recipients were given back)."""
    attempt_count = peewee.IntegerField(default=0)
    unsure_since = UtcDateTimeField(null=True)
    """Since when LINE may have accepted it without our knowing; LINE remembers a retry key for 24 hours."""
    leased_by = peewee.CharField(64, null=True)
    leased_at = UtcDateTimeField(null=True)
    not_before = UtcDateTimeField(null=True)
    created_at = UtcDateTimeField()
    sent_at = UtcDateTimeField(null=True)
    line_status = peewee.IntegerField(null=True)
    line_answer = peewee.TextField(default="")
    request_id = peewee.CharField(64, null=True)

    class Meta:
        table_name = "multicast"
