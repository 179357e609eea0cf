"""The tables of profiles and saved audiences. A profile is what of a customer comes from other domains, as last
computed; `profiles.py` keeps it. What is in the own row of a customer, their orders, tags and clicks is read where
it is.
"""

import peewee

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer


class CustomerProfile(Model):
    """Rank, newest score and stage of a customer."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+", primary_key=True)
    customer_id: int
    rank = peewee.SmallIntegerField(default=1)
    """1 Basic … 4 Ambassador."""
    score = peewee.SmallIntegerField(null=True)
    segment = peewee.CharField(16, null=True)
    """By the newest score; null without an answer."""
    stage = peewee.CharField(20)
    """A `Stage` of `journeys/enrolments/stages.py`."""
    stage_since = UtcDateTimeField(index=True)
    changed_at = UtcDateTimeField()

    class Meta:
        table_name = "customer_profile"
        indexes = ((("stage", "customer"), False), (("rank", "customer"), False))


class StageChange(Model):
    """One change of a customer's stage; never changed or deleted. The first stage of a customer is none."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    before = peewee.CharField(20)
    after = peewee.CharField(20)
    changed_at = UtcDateTimeField(index=True)

    class Meta:
        table_name = "stage_change"


class ProfileCursor(Model):
    """How far one source of changes was read for the profiles; `rebuild` is the walk over all customers."""

    source = peewee.CharField(32, unique=True)
    position = peewee.BigIntegerField(default=0)
    """The id up to which all rows were read; of `rebuild`, the last customer computed."""
    read_at = UtcDateTimeField()
    """When it was last read; of `rebuild`, when it began."""
    finished_at = UtcDateTimeField(null=True)
    """Of `rebuild`: null while it goes on."""

    class Meta:
        table_name = "profile_cursor"


class SavedAudience(Model):
    """A filter that staff gave a name."""

    name = peewee.CharField(60, unique=True)
    definition = peewee.TextField()
    """`definition.py`'s `Audience` as JSON."""
    changed_by = peewee.IntegerField(null=True)
    """The member of staff."""
    changed_at = UtcDateTimeField()

    class Meta:
        table_name = "saved_audience"


erasure.deleted(CustomerProfile)
erasure.detached(StageChange, "Stages of past days, for the figures.")
erasure.nothing("It says how far profiles were computed.", ProfileCursor)
erasure.nothing("They are the shop's filters.", SavedAudience)
