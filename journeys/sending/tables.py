"""The tables of unasked messages and of what became of each; `planned.py` writes them."""

import peewee

from bot import localtime
from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer

WAITING, SENT, SKIPPED, DROPPED = "waiting", "sent", "skipped", "dropped"
DEFER, SKIP = "defer", "skip"
ERASED = "erased"
"""Why it is not sent: the customer was erased."""


class PlannedMessage(Model):
    """One unasked message of one customer, from the moment it is planned until it is sent or given up."""

    customer = peewee.ForeignKeyField(Customer, index=False, on_delete="CASCADE", backref="+")
    customer_id: int
    conversation = peewee.ForeignKeyField(Conversation, index=False, backref="+")
    conversation_id: int
    kind = peewee.CharField(32)
    """A `Kind` of `message_kinds.py`."""
    message_class = peewee.CharField(16)
    priority = peewee.SmallIntegerField()
    cause = peewee.CharField(255, unique=True)
    """Why it exists (`survey:12`, `flow:7:voices`): once only, decided by the unique index."""
    messages = peewee.TextField(default="[]")
    """LINE's message objects as JSON; empty where they are made when it is sent."""
    data = peewee.TextField(default="{}")
    """What is needed to make them, as JSON, or to check that they still apply."""
    when_busy = peewee.CharField(8, default=DEFER)
    created_at = UtcDateTimeField()
    earliest_at = UtcDateTimeField()
    """From then on it may go along with a reply."""
    latest_at = UtcDateTimeField()
    """Then it is pushed."""
    expires_at = UtcDateTimeField(null=True)
    """When it was held until then, it is given up."""
    due_at = UtcDateTimeField()
    """When the clock looks at it next: `latest_at`, or later while something holds it."""
    state = peewee.CharField(8, default=WAITING)
    reason = peewee.CharField(32, default="")
    """What holds it while it waits, or why it was not sent."""
    settled_at = UtcDateTimeField(null=True)
    """When it left for the outbox or was given up."""
    outbox_id = peewee.IntegerField(null=True, index=True)
    """The call it was sent with; that row says how (reply or push) and when."""
    carries_cost = peewee.BooleanField(default=False)
    """Of the messages of one call, the one that its cost is counted for."""
    enrolment_id = peewee.IntegerField(null=True, index=True)
    step_key = peewee.CharField(64, null=True)

    class Meta:
        table_name = "planned_message"


class JourneyEntry(Model):
    """One line of what became of an enrolment or a planned message; only ever added to."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    enrolment_id = peewee.IntegerField(null=True, index=True)
    planned_id = peewee.IntegerField(null=True, index=True)
    happened_at = UtcDateTimeField()
    what = peewee.CharField(24)
    """`entered`, `passed-over`, `planned`, `held`, `sent`, `skipped`, `dropped`, `moved`, `ended` …"""
    step_key = peewee.CharField(64, null=True)
    detail = peewee.CharField(255, default="")

    class Meta:
        table_name = "journey_entry"


erasure.blanked(
    PlannedMessage,
    lambda: {
        "messages": "[]",
        "data": "{}",
        "state": peewee.Case(None, [(PlannedMessage.state == WAITING, DROPPED)], PlannedMessage.state),
        "reason": peewee.Case(None, [(PlannedMessage.state == WAITING, ERASED)], PlannedMessage.reason),
        "settled_at": erasure.unless_set(PlannedMessage.settled_at, localtime.now()),
    },
)
erasure.blanked(JourneyEntry, {"detail": ""})
