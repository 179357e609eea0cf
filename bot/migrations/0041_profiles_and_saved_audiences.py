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
    ):
        db.execute_sql(statement)
