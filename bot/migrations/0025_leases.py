"""A lease names the process that holds it; a refused reply token is remembered; who holds leases is a table."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class WorkerProcess(db.Model):
        key = peewee.CharField(unique=True)
        machine = peewee.CharField()
        beat_count = peewee.IntegerField()

        class Meta:
            legacy_table_names = False

    db.create_tables([WorkerProcess])
    run(
        migrator.add_column("outbox_message", "leased_by", peewee.CharField(null=True)),
        migrator.add_column("outbox_message", "leased_at", peewee.DateTimeField(null=True)),
    )
    kind, no = ("BOOLEAN", "FALSE") if isinstance(db, peewee.PostgresqlDatabase) else ("INTEGER", "0")
    db.execute_sql(f"ALTER TABLE outbox_message ADD COLUMN token_refused {kind} NOT NULL DEFAULT {no}")
    # The processes that held these are not running now: LINE may have some of them.
    db.execute_sql(
        "UPDATE outbox_message SET leased_by = 'before-0025', leased_at = COALESCE(unsure_since, created_at) "
        "WHERE state = 'due' AND leased_until IS NOT NULL"
    )
    db.execute_sql("ALTER TABLE outbox_message DROP COLUMN leased_until")
    db.execute_sql("DROP INDEX outbox_message_due")
    db.execute_sql(
        "CREATE INDEX outbox_message_due_of ON outbox_message (conversation_id, id) WHERE state = 'due'"
    )
