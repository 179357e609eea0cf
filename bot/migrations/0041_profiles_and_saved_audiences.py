"""How far profiles of customers are up to date, changes of their stages, saved audiences; indexes for what
changes later than it was stored, and for recent clicks."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class ProfileCursor(db.Model):
        source = peewee.CharField(32, unique=True)
        position = peewee.BigIntegerField(default=0)
        read_at = peewee.DateTimeField()
        finished_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "profile_cursor"

    class StageChange(db.Model):
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
        before = peewee.CharField(20)
        after = peewee.CharField(20)
        changed_at = peewee.DateTimeField(index=True)

        class Meta:
            table_name = "stage_change"

    class SavedAudience(db.Model):
        name = peewee.CharField(60, unique=True)
        definition = peewee.TextField()
        changed_by = peewee.IntegerField(null=True)
        changed_at = peewee.DateTimeField()

        class Meta:
            table_name = "saved_audience"

    db.create_tables([ProfileCursor, StageChange, SavedAudience])
    for statement in (
        "CREATE INDEX link_click_clicked_at ON link_click (clicked_at, link_id)",
        "CREATE INDEX purchase_credited_later ON purchase (credited_at) WHERE credited_at > recorded_at",
        "CREATE INDEX purchase_cancelled_at ON purchase (cancelled_at) WHERE cancelled_at IS NOT NULL",
        "CREATE INDEX referral_decided_at ON referral (decided_at) WHERE decided_at IS NOT NULL",
        "CREATE INDEX campaign_recipient_sent ON campaign_recipient (settled_at, customer_id, state) "
        "WHERE state = 'sent'",
    ):
        db.execute_sql(statement)
    if not isinstance(db, peewee.PostgresqlDatabase):
        # PostgreSQL reads the table in parallel; there, an index with last_seen_at would make each message of a
        # customer change all indexes of the row.
        db.execute_sql(
            "CREATE INDEX customer_can_be_written_to ON customer "
            "(last_purchased_on, purchase_count, sales_yen, registered_at, first_seen_at) "
            "WHERE NOT (conversation_id IS NULL OR line_user_id IS NULL OR blocked_at IS NOT NULL "
            "OR opted_out_at IS NOT NULL OR (followed_at IS NULL AND last_seen_at IS NULL))"
        )
