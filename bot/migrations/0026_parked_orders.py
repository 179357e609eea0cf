"""Orders that are not understood wait for the owner, with the meanings the owner has given to words and
numbers. An alias of a mailbox is known as one, a refund may be reported as a total, and a coupon remembers
the request that used it."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class ParkedOrder(db.Model):
        reason = peewee.CharField(16)
        word_key = peewee.CharField(100)
        word = peewee.CharField(100)
        order_number = peewee.CharField(80, index=True)
        source = peewee.CharField(32)
        place = peewee.CharField(200, default="")
        amount = peewee.CharField(60, default="")
        content = peewee.TextField(default="")
        parked_at = peewee.DateTimeField()
        closed_at = peewee.DateTimeField(null=True)
        closed_by = peewee.IntegerField(null=True)
        outcome = peewee.CharField(24, default="")

        class Meta:
            table_name = "parked_order"
            indexes = (
                (("order_number", "reason", "word_key"), True),
                (("closed_at", "reason", "word_key"), False),
            )

    class OrderMeaning(db.Model):
        kind = peewee.CharField(16)
        word_key = peewee.CharField(100)
        word = peewee.CharField(100)
        meaning = peewee.CharField(24)
        decided_at = peewee.DateTimeField()
        decided_by = peewee.IntegerField(null=True)

        class Meta:
            table_name = "order_meaning"
            indexes = ((("kind", "word_key"), True),)

    db.create_tables([ParkedOrder, OrderMeaning])
    run(
        migrator.add_column("buyer", "mailbox_hash", peewee.CharField(64, null=True, index=True)),
        migrator.add_column("refund", "is_total", peewee.BooleanField(default=False)),
        migrator.add_column("coupon", "redeemed_request", peewee.CharField(300, default="")),
    )
