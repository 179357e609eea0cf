"""The table of customers' profiles: what of each customer comes from other domains, as last computed.

`profiles.py` keeps it; what is in the customer's own row, their orders, tags and clicks is read where it is.
"""

import peewee

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
    stage_since = UtcDateTimeField()
    changed_at = UtcDateTimeField()

    class Meta:
        table_name = "customer_profile"
        indexes = ((("stage", "customer"), False), (("rank", "customer"), False))
