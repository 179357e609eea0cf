"""Rewards and coupons, birthdays, member codes; what staff decided of a referral; our rich menus at LINE."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class Conversation(db.Model):
        class Meta:
            table_name = "conversation"

    class Reward(db.Model):
        name = peewee.CharField(40)
        kind = peewee.CharField(16)
        points_price = peewee.IntegerField()
        stock = peewee.IntegerField(null=True)
        issued_count = peewee.IntegerField()
        starts_on = peewee.DateField(null=True)
        ends_on = peewee.DateField(null=True)
        per_customer = peewee.IntegerField(null=True)
        minimum_rank = peewee.SmallIntegerField()
        value_text = peewee.CharField(200)
        value_yen = peewee.IntegerField()
        is_discount = peewee.BooleanField()
        valid_days = peewee.IntegerField()
        active = peewee.BooleanField()
        made_at = peewee.DateTimeField()

        class Meta:
            table_name = "reward"

    class Coupon(db.Model):
        customer = peewee.ForeignKeyField(Customer, index=False)
        reward = peewee.ForeignKeyField(Reward, index=False)
        code = peewee.CharField(14, unique=True)
        state = peewee.CharField(16)
        cause = peewee.CharField(190, unique=True)
        issued_at = peewee.DateTimeField()
        valid_until = peewee.DateField()
        redeemed_at = peewee.DateTimeField(null=True)
        redeemed_by = peewee.CharField(120)

        class Meta:
            table_name = "coupon"
            indexes = ((("customer", "reward"), False),)

    class Birthday(db.Model):
        customer = peewee.ForeignKeyField(Customer, unique=True)
        month = peewee.SmallIntegerField()
        day = peewee.SmallIntegerField()
        told_at = peewee.DateTimeField()
        changed_by_id = peewee.IntegerField(null=True)

        class Meta:
            table_name = "birthday"
            indexes = ((("month", "day"), False),)

    class MemberCode(db.Model):
        customer = peewee.ForeignKeyField(Customer, unique=True)
        code = peewee.CharField(14, unique=True)

        class Meta:
            table_name = "member_code"

    class RichMenu(db.Model):
        name = peewee.CharField(32, unique=True)
        content_hash = peewee.CharField(64)
        line_id = peewee.CharField(64)
        published_at = peewee.DateTimeField()

        class Meta:
            table_name = "rich_menu"

    class MenuLink(db.Model):
        conversation = peewee.ForeignKeyField(Conversation, unique=True)
        line_id = peewee.CharField(64)

        class Meta:
            table_name = "menu_link"

    db.create_tables([Reward, Coupon, Birthday, MemberCode, RichMenu, MenuLink])
    db.execute_sql("CREATE INDEX coupon_open ON coupon (valid_until) WHERE state = 'issued'")
    run(
        migrator.add_column("referral", "held_at", peewee.DateTimeField(null=True)),
        migrator.add_column("referral", "due_on", peewee.DateField(null=True)),
        migrator.add_column("referral", "decided_at", peewee.DateTimeField(null=True)),
        migrator.add_column("referral", "decided_by", peewee.IntegerField(null=True)),
    )
    db.execute_sql("CREATE INDEX referral_due ON referral (due_on) WHERE state = 'bought'")
