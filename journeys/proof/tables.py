"""The tables of hold-out periods and of the shop-wide hold-out; `periods.py` and `assignment.py` write them."""

import peewee

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer


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
        indexes = ((("subject", "started_at"), False),)


class ShopAssignment(Model):
    """On which side of a year's shop-wide hold-out a customer is, from the first trigger of any flow or campaign
    that counts."""

    year = peewee.SmallIntegerField()
    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    is_held_out = peewee.BooleanField()
    assigned_at = UtcDateTimeField()

    class Meta:
        table_name = "shop_assignment"
        indexes = ((("year", "customer"), True),)


erasure.nothing("It is about comparisons of the shop.", HoldOutPeriod)
erasure.detached(ShopAssignment, "A side of a comparison, for its result.")
