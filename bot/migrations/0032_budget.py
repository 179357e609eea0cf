"""The month's budget of pushes, as last computed; indexes by which a month's messages are counted."""

import peewee


def up(migrator, db):
    class MonthBudget(db.Model):
        month = peewee.DateField(unique=True)
        quota = peewee.IntegerField(null=True)
        limit_count = peewee.IntegerField(null=True)
        used_count = peewee.IntegerField()
        reserved_count = peewee.IntegerField()
        demand_count = peewee.IntegerField()
        waiting_count = peewee.IntegerField()
        cutoff_worth = peewee.IntegerField()
        cutoff_room = peewee.IntegerField()
        cutoff_total = peewee.IntegerField(null=True)
        demand = peewee.TextField()
        outbox_id = peewee.IntegerField()
        computed_at = peewee.DateTimeField()

        class Meta:
            table_name = "month_budget"

    db.create_tables([MonthBudget])
    for statement in (
        "CREATE INDEX outbox_message_pushed ON outbox_message (sent_at) WHERE sent_as = 'push'",
        "CREATE INDEX planned_message_settled ON planned_message (settled_at) WHERE state = 'sent'",
    ):
        db.execute_sql(statement)
