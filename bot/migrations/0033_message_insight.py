"""Aggregation units of pushes and LINE's sums of them; indexes for clicks by step of a flow,
and for all messages of a customer."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class MessageInsight(db.Model):
        unit = peewee.CharField(30, unique=True)
        subject = peewee.CharField(150)
        first_used_on = peewee.DateField(index=True)
        opened_count = peewee.IntegerField(null=True)
        clicked_count = peewee.IntegerField(null=True)
        played_count = peewee.IntegerField(null=True)
        asked_at = peewee.DateTimeField(null=True)
        answered_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "message_insight"

    db.create_tables([MessageInsight])
    run(migrator.add_column("outbox_message", "aggregation_unit", peewee.CharField(30, null=True)))
    by_day_only = peewee.BooleanField(default=False, constraints=[peewee.SQL("DEFAULT FALSE")])
    run(migrator.add_column("outbox_message", "by_day_only", by_day_only))
    for statement in (
        "CREATE INDEX short_link_step ON short_link (flow_key, step_key) WHERE flow_key IS NOT NULL",
        "CREATE INDEX planned_message_customer ON planned_message (customer_id, id)",
    ):
        db.execute_sql(statement)
