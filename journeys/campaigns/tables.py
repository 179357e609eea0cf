"""The tables of campaigns and their recipients; `campaigns.py` and `recipients.py` write them."""

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer

DRAFT, SCHEDULED, SENDING, STOPPED, LATE, DONE, CANCELLED = (
    "draft",
    "scheduled",
    "sending",
    "stopped",
    "late",
    "done",
    "cancelled",
)
WAITING, IN_A_CALL, PLANNED, SENT, SKIPPED, FAILED, HELD_OUT = (
    "waiting",
    "in-a-call",
    "planned",
    "sent",
    "skipped",
    "failed",
    "held-out",
)

ERASED = "erased"
"""Why it is not sent: the customer was erased."""


class Campaign(Model):
    """One message to a group of customers."""

    name = peewee.CharField(120)
    definition = peewee.TextField()
    """`definition.py`'s `CampaignDefinition` as JSON; fixed once it is scheduled."""
    state = peewee.CharField(10, default=DRAFT, index=True)
    """`draft`, `scheduled`, `sending`; `stopped` (by a person, may go on), `late` (asks before it goes on), `done`,
    `cancelled`."""
    reason = peewee.CharField(32, default="")
    """Why it is stopped or late: `staff`, `quota`, `outage`, `refused` …"""
    scheduled_at = UtcDateTimeField(null=True)
    created_at = UtcDateTimeField()
    created_by = peewee.IntegerField(null=True)
    """The member of staff."""
    changed_at = UtcDateTimeField()
    frozen_at = UtcDateTimeField(null=True)
    """When its audience was complete in `campaign_recipient`; null before."""
    frozen_to_id = peewee.IntegerField(default=0)
    """Customers up to this id are in, while the audience is being frozen."""
    started_at = UtcDateTimeField(null=True)
    progress_at = UtcDateTimeField(null=True)
    """When it last got on; a long silence afterwards was an outage."""
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "campaign"


class CampaignRecipient(Model):
    """One customer of a campaign's frozen audience, and what became of the message to them."""

    campaign = peewee.ForeignKeyField(Campaign, on_delete="CASCADE", backref="+", index=False)
    campaign_id: int
    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    conversation_id = peewee.IntegerField()
    state = peewee.CharField(10, default=WAITING)
    """`waiting`; `in-a-call` (its multicast is on its way); `planned` (a planned message of its own); settled: `sent`,
    `skipped`, `failed`, `held-out`."""
    reason = peewee.CharField(32, default="")
    """Why it was skipped or failed, or waits; reasons of `journeys/sending/limits.py`."""
    send_at = UtcDateTimeField()
    """The campaign's time, or earlier for those with early access."""
    planned_id = peewee.IntegerField(null=True)
    """The planned message."""
    settled_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "campaign_recipient"
        indexes = ((("campaign", "customer"), True), (("campaign", "state", "reason"), False))


erasure.nothing("They are the shop's campaigns.", Campaign)
erasure.blanked(
    CampaignRecipient,
    lambda: {
        "settled_at": erasure.unless_set(CampaignRecipient.settled_at, localtime.now()),
        "reason": peewee.Case(
            None, [(CampaignRecipient.state.in_((WAITING, PLANNED)), ERASED)], CampaignRecipient.reason
        ),
        "state": peewee.Case(
            None, [(CampaignRecipient.state.in_((WAITING, PLANNED)), SKIPPED)], CampaignRecipient.state
        ),
    },
)
