"""The rewards' tables: rules, ledger, customer ranks, referral codes and referrals."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class RuleVersion(db.Model):
        version = peewee.CharField(12, unique=True)
        section = peewee.CharField(32)
        rules = peewee.TextField()
        first_used_at = peewee.DateTimeField()

        class Meta:
            table_name = "rule_version"

    class LedgerEntry(db.Model):
        customer = peewee.ForeignKeyField(Customer, index=False)
        kind = peewee.CharField(16)
        action = peewee.CharField(32)
        points = peewee.IntegerField()
        cause = peewee.CharField(190, unique=True)
        rule_version = peewee.CharField(12)
        occurred_at = peewee.DateTimeField()
        occurred_on = peewee.DateField()
        note = peewee.CharField(255)
        staff_id = peewee.IntegerField(null=True)
        reverses = peewee.ForeignKeyField("self", null=True, index=False)

        class Meta:
            table_name = "ledger_entry"
            indexes = ((("customer", "id"), False),)

    class Standing(db.Model):
        customer = peewee.ForeignKeyField(Customer, unique=True)
        rank = peewee.SmallIntegerField(index=True)
        money = peewee.SmallIntegerField()
        behaviour = peewee.SmallIntegerField()
        relationship = peewee.SmallIntegerField()
        since = peewee.DateTimeField()
        reviewed_at = peewee.DateTimeField()
        rule_version = peewee.CharField(12)

        class Meta:
            table_name = "standing"

    class RankChange(db.Model):
        customer = peewee.ForeignKeyField(Customer)
        before = peewee.SmallIntegerField(null=True)
        after = peewee.SmallIntegerField()
        money = peewee.SmallIntegerField()
        behaviour = peewee.SmallIntegerField()
        relationship = peewee.SmallIntegerField()
        changed_at = peewee.DateTimeField()
        rule_version = peewee.CharField(12)

        class Meta:
            table_name = "rank_change"

    class ShopFigure(db.Model):
        name = peewee.CharField(32, unique=True)
        value = peewee.BigIntegerField()
        counted_at = peewee.DateTimeField()

        class Meta:
            table_name = "shop_figure"

    class ReferralCode(db.Model):
        customer = peewee.ForeignKeyField(Customer, unique=True)
        code = peewee.CharField(9, unique=True)
        made_at = peewee.DateTimeField()
        invited_count = peewee.IntegerField()
        last_invited_at = peewee.DateTimeField(null=True)
        joined_count = peewee.IntegerField()
        bought_count = peewee.IntegerField()

        class Meta:
            table_name = "referral_code"
            indexes = ((("bought_count", "joined_count", "invited_count"), False),)

    class Referral(db.Model):
        referrer = peewee.ForeignKeyField(Customer, index=False)
        referee = peewee.ForeignKeyField(Customer, unique=True)
        code = peewee.CharField(9)
        state = peewee.CharField(16)
        reason = peewee.CharField(64)
        invited_at = peewee.DateTimeField(null=True)
        joined_at = peewee.DateTimeField()
        bought_at = peewee.DateTimeField(null=True)
        rewarded_at = peewee.DateTimeField(null=True)
        purchase_cause = peewee.CharField(190, null=True)

        class Meta:
            table_name = "referral"
            indexes = ((("referrer", "joined_at"), False),)

    db.create_tables([RuleVersion, LedgerEntry, Standing, RankChange, ShopFigure, ReferralCode, Referral])
    db.execute_sql(
        "CREATE INDEX ledger_entry_reverses ON ledger_entry (reverses_id) WHERE reverses_id IS NOT NULL"
    )
    db.execute_sql("CREATE INDEX referral_held ON referral (id) WHERE state = 'held'")
