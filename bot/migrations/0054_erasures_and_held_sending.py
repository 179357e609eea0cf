"""Erasures of customers without the person, the marks by which one who comes back is recognised, and whether sending
is held after a restore."""

import peewee
from playhouse.migrate import migrate as run

KNOWN = {
    "followed": "SELECT id, '{}', followed_at FROM customer WHERE followed_at IS NOT NULL",
    "blocked": "SELECT id, '{}', blocked_at FROM customer WHERE blocked_at IS NOT NULL",
    "opted-out": "SELECT id, '{}', opted_out_at FROM customer WHERE opted_out_at IS NOT NULL",
    "linked": "SELECT customer_id, '{}', tied_at FROM buyer WHERE customer_id IS NOT NULL AND tied_at IS NOT NULL",
}
"""What earlier versions stored of the history: the latest of each."""


def up(migrator, db):
    run(migrator.add_column("customer", "erased_at", peewee.DateTimeField(null=True)))

    class Erasure(db.Model):
        erased_at = peewee.DateTimeField(index=True)
        staff_id = peewee.IntegerField(null=True)
        tables = peewee.TextField(default="{}")

        class Meta:
            table_name = "erasure"

    class ErasedMark(db.Model):
        mark = peewee.CharField(64, unique=True)
        made_on = peewee.DateField(index=True)

        class Meta:
            table_name = "erased_mark"

    class SendingHold(db.Model):
        name = peewee.CharField(16, unique=True)
        held_at = peewee.DateTimeField()
        data_from = peewee.DateTimeField()

        class Meta:
            table_name = "sending_hold"

    class DataJob(db.Model):
        kind = peewee.CharField(16)
        state = peewee.CharField(16)
        requested_at = peewee.DateTimeField()
        requested_by = peewee.IntegerField(null=True)
        started_at = peewee.DateTimeField(null=True)
        finished_at = peewee.DateTimeField(null=True)
        done_count = peewee.BigIntegerField(default=0)
        total_count = peewee.BigIntegerField(default=0)
        file_name = peewee.CharField(120, default="")
        byte_count = peewee.BigIntegerField(default=0)
        error = peewee.TextField(default="")
        checked_at = peewee.DateTimeField(null=True)
        facts = peewee.TextField(default="{}")

        class Meta:
            table_name = "data_job"
            indexes = ((("kind", "requested_at"), False),)

    class ConsentEntry(db.Model):
        customer_id = peewee.IntegerField(index=True)
        change = peewee.CharField(16)
        changed_at = peewee.DateTimeField()

        class Meta:
            table_name = "consent_entry"

    db.create_tables([Erasure, ErasedMark, SendingHold, DataJob, ConsentEntry])
    for change, asked in KNOWN.items():
        db.execute_sql(f"INSERT INTO consent_entry (customer_id, change, changed_at) {asked.format(change)}")
