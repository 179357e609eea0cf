"""Ranks that fall after a warning, the nightly review of all customers, and simulations of new rules."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class RankNews(db.Model):
        customer = peewee.ForeignKeyField(Customer, index=False)
        kind = peewee.CharField(16)
        rank = peewee.SmallIntegerField()
        made_on = peewee.DateField()
        told_on = peewee.DateField(null=True)

        class Meta:
            table_name = "rank_news"
            indexes = ((("customer", "kind", "made_on"), True),)

    class RankNight(db.Model):
        night_on = peewee.DateField(unique=True)
        done_to_id = peewee.IntegerField()
        rose_count = peewee.IntegerField()
        fell_count = peewee.IntegerField()
        below_count = peewee.IntegerField()
        average_ltv_yen = peewee.BigIntegerField()
        rule_version = peewee.CharField(12)
        finished_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "rank_night"

    class RankTrial(db.Model):
        rules = peewee.TextField()
        as_of = peewee.DateField()
        made_at = peewee.DateTimeField()
        staff_name = peewee.CharField(100)
        average_ltv_yen = peewee.BigIntegerField(null=True)
        result = peewee.TextField(null=True)

        class Meta:
            table_name = "rank_trial"

    db.create_tables([RankNews, RankNight, RankTrial])
    for statement in (
        "ALTER TABLE standing ADD COLUMN below_since DATE",
        "ALTER TABLE standing ADD COLUMN falls_on DATE",
        "ALTER TABLE rank_change ADD COLUMN cause VARCHAR(64) NOT NULL DEFAULT ''",
        "ALTER TABLE rank_change ADD COLUMN average_ltv_yen BIGINT",
        "CREATE INDEX rank_news_untold ON rank_news (kind, id) WHERE told_on IS NULL",
        "CREATE INDEX rank_news_told ON rank_news (told_on, kind) WHERE told_on IS NOT NULL",
        # What the axes count of the ledger, and nothing else: the nightly review reads a tenth of it.
        "CREATE INDEX ledger_entry_counted ON ledger_entry (customer_id, action, occurred_on, kind, id) "
        "WHERE kind = 'earn' AND action IN ('survey-answer', 'referral', 'testimonial', 'comment')",
        # A year's purchases of each customer, read from the index alone.
        "CREATE INDEX purchase_of_customer ON purchase "
        "(customer_id, ordered_on, state, total_yen, refunded_yen)",
        "DROP INDEX purchase_customer_id_ordered_on",
    ):
        db.execute_sql(statement)
