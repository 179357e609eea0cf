"""The tables of ranks, their changes, the nightly reviews and the notifications still to be sent."""

from peewee import BigIntegerField, CharField, DateField, ForeignKeyField, IntegerField, SmallIntegerField

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer


class CustomerRank(Model):
    """A customer's rank and axes as last reviewed."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    rank = SmallIntegerField()
    money = SmallIntegerField()
    behaviour = SmallIntegerField()
    relationship = SmallIntegerField()
    since = UtcDateTimeField()
    reviewed_at = UtcDateTimeField()
    rule_version = CharField(12)
    below_since = DateField(null=True)
    """Since when the rank is no longer deserved; NULL while it is."""
    falls_on = DateField(null=True)
    """The day of the fall named in the warning."""
    held_until = DateField(null=True)
    """Until that day the rank stays, even if it is no longer deserved: a qualifying period from when it was
    reached, or deserved again after a warning. NULL for Basic, and for a rank that was fallen to."""

    class Meta:
        table_name = "standing"
        indexes = ((("rank", "customer"), False),)


class RankChange(Model):
    """One change of a rank; never changed or deleted."""

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
    """The average against which money was measured then, in yen."""

    class Meta:
        table_name = "rank_change"


class RankNews(Model):
    """A rise or coming fall that a nightly review found, to be sent to the customer in the daytime."""

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
    """The progress of one nightly review, and what it found."""

    review_on = DateField(column_name="night_on", unique=True)
    done_to_id = IntegerField(default=0)
    rose_count = IntegerField(default=0)
    fell_count = IntegerField(default=0)
    below_count = IntegerField(default=0)
    """Customers to be warned."""
    average_ltv_yen = BigIntegerField()
    """Fixed for the night, so that all customers are measured by the same average."""
    rule_version = CharField(12)
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "rank_night"


erasure.detached(CustomerRank, "A rank and its numbers, for the figures.")
erasure.detached(RankChange, "Ranks and numbers of past days, for the figures.")
erasure.deleted(RankNews)
erasure.nothing("It counts all customers of a night.", RankReview)
