"""Who joined by LINE Login before adding the shop: by whose code, until they follow."""

import peewee


def up(migrator, db):
    class ReferralLogin(db.Model):
        line_user_id = peewee.CharField(64, unique=True)
        code = peewee.CharField(9)
        joined_at = peewee.DateTimeField(index=True)

        class Meta:
            table_name = "referral_login"

    db.create_tables([ReferralLogin])
