"""Who joined by LINE Login before adding the shop, until they follow; who cancelled a coupon, when and why."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class ReferralLogin(db.Model):
        line_user_id = peewee.CharField(64, unique=True)
        code = peewee.CharField(9)
        joined_at = peewee.DateTimeField(index=True)

        class Meta:
            table_name = "referral_login"

    db.create_tables([ReferralLogin])
    run(
        migrator.add_column("coupon", "cancelled_at", peewee.DateTimeField(null=True)),
        migrator.add_column("coupon", "cancelled_by", peewee.IntegerField(null=True)),
        migrator.add_column("coupon", "cancel_reason", peewee.CharField(200, default="")),
    )
