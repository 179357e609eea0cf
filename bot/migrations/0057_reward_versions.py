"""Versions of rewards; coupons keep the terms under which they were issued; notes of staff on an order."""

import peewee


def up(migrator, db):
    class Reward(db.Model):
        class Meta:
            table_name = "reward"

    class RewardVersion(db.Model):
        reward = peewee.ForeignKeyField(Reward, on_delete="CASCADE", backref="+", index=False)
        number = peewee.IntegerField()
        terms = peewee.TextField()
        made_at = peewee.DateTimeField()
        made_by_id = peewee.IntegerField(null=True)

        class Meta:
            table_name = "reward_version"
            indexes = ((("reward", "number"), True),)

    class OrderNote(db.Model):
        order_number = peewee.CharField(64, index=True)
        kind = peewee.CharField(24)
        body = peewee.TextField(default="")
        written_at = peewee.DateTimeField()
        written_by_id = peewee.IntegerField(null=True)

        class Meta:
            table_name = "order_note"

    db.create_tables([RewardVersion, OrderNote])
    for statement in (
        "ALTER TABLE reward ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE coupon ADD COLUMN issued_name VARCHAR(40) NOT NULL DEFAULT ''",
        "ALTER TABLE coupon ADD COLUMN issued_text VARCHAR(200) NOT NULL DEFAULT ''",
        "ALTER TABLE coupon ADD COLUMN issued_yen INTEGER",
        "UPDATE coupon SET "
        "issued_name = (SELECT name FROM reward WHERE reward.id = coupon.reward_id), "
        "issued_text = (SELECT value_text FROM reward WHERE reward.id = coupon.reward_id), "
        "issued_yen = (SELECT value_yen FROM reward WHERE reward.id = coupon.reward_id)",
    ):
        db.execute_sql(statement)
