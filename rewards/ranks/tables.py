"""Keeps who holds which rank since when, how each rank changed, and what the customer has yet to be told of it."""

from peewee import BigIntegerField, CharField, DateField, ForeignKeyField, IntegerField, SmallIntegerField

from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer


class CustomerRank(Model):
    """A customer's rank and axes as last reviewed."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    rank = SmallIntegerField(index=True)
    money = SmallIntegerField()
    behaviour = SmallIntegerField()
    relationship = SmallIntegerField()
    since = UtcDateTimeField()
    reviewed_at = UtcDateTimeField()
    rule_version = CharField(12)
    below_since = DateField(null=True)
    """Since when the rank is no longer deserved; None while it is."""
    falls_on = DateField(null=True)
    """The review day the customer was warned of."""
    held_until = DateField(null=True)
    """Until that day the rank stays, whatever is no longer counted: a qualifying period from when it was reached, or
    deserved again after a warning. None for Basic, and for a rank that was fallen to."""

    class Meta:
        table_name = "standing"


class RankChange(Model):
    """One change of rank: never altered, never deleted."""

    customer = ForeignKeyField(Customer)
    customer_id: int
    before = SmallIntegerField(null=True)
    after = SmallIntegerField()
    money = SmallIntegerField()
    behaviour = SmallIntegerField()
    relationship = SmallIntegerField()
    changed_at = UtcDateTimeField()
    rule_version = CharField(12)
    cause = CharField(64, default="")
    """`joined`, `acted`, `night:2026-06-15` or `refund`."""
    average_ltv_yen = BigIntegerField(null=True)
    """What money was measured against then."""

    class Meta:
        table_name = "rank_change"


class RankNews(Model):
    """Something the nights found that the customer has yet to be told, by day and a bounded number a day."""

    customer = ForeignKeyField(Customer, index=False)
    customer_id: int
    kind = CharField(16)
    rank = SmallIntegerField()
    made_on = DateField()
    notified_on = DateField(column_name="told_on", null=True)

    class Meta:
        table_name = "rank_news"
        indexes = ((("customer", "kind", "made_on"), True),)


class RankReview(Model):
    """How far one night's look at everybody has come, and what it found."""

    review_on = DateField(column_name="night_on", unique=True)
    done_to_id = IntegerField(default=0)
    rose_count = IntegerField(default=0)
    fell_count = IntegerField(default=0)
    below_count = IntegerField(default=0)
    """Those to be warned."""
    average_ltv_yen = BigIntegerField()
    """Fixed for the night, so that everybody is measured alike."""
    rule_version = CharField(12)
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "rank_night"
