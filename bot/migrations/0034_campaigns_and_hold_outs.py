"""Campaigns with their recipients, multicasts, the periods of hold-outs, and what each customer is to the shop
for lists and audiences."""

import json

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class Conversation(db.Model):
        class Meta:
            table_name = "conversation"

    class Campaign(db.Model):
        name = peewee.CharField(120)
        definition = peewee.TextField()
        state = peewee.CharField(10, default="draft", index=True)
        reason = peewee.CharField(32, default="")
        scheduled_at = peewee.DateTimeField(null=True)
        created_at = peewee.DateTimeField()
        created_by = peewee.IntegerField(null=True)
        changed_at = peewee.DateTimeField()
        frozen_at = peewee.DateTimeField(null=True)
        frozen_to_id = peewee.IntegerField(default=0)
        started_at = peewee.DateTimeField(null=True)
        progress_at = peewee.DateTimeField(null=True)
        finished_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "campaign"

    class CampaignRecipient(db.Model):
        campaign = peewee.ForeignKeyField(Campaign, on_delete="CASCADE", backref="+", index=False)
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
        conversation_id = peewee.IntegerField()
        state = peewee.CharField(10, default="waiting")
        reason = peewee.CharField(32, default="")
        send_at = peewee.DateTimeField()
        planned_id = peewee.IntegerField(null=True)
        settled_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "campaign_recipient"
            indexes = ((("campaign", "customer"), True), (("campaign", "state", "reason"), False))

    class Multicast(db.Model):
        cause = peewee.CharField(255, unique=True)
        messages = peewee.TextField()
        retry_key = peewee.CharField(36)
        aggregation_unit = peewee.CharField(30, null=True)
        state = peewee.CharField(10, default="due")
        reason = peewee.CharField(32, default="")
        attempt_count = peewee.IntegerField(default=0)
        unsure_since = peewee.DateTimeField(null=True)
        leased_by = peewee.CharField(64, null=True)
        leased_at = peewee.DateTimeField(null=True)
        not_before = peewee.DateTimeField(null=True)
        created_at = peewee.DateTimeField()
        sent_at = peewee.DateTimeField(null=True)
        line_status = peewee.IntegerField(null=True)
        line_answer = peewee.TextField(default="")
        request_id = peewee.CharField(64, null=True)

        class Meta:
            table_name = "multicast"

    class HoldOutPeriod(db.Model):
        subject = peewee.CharField(150)
        percent = peewee.IntegerField()
        started_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField(null=True)
        end_reason = peewee.CharField(32, default="")

        class Meta:
            table_name = "hold_out_period"
            indexes = ((("subject", "started_at"), False),)

    class CustomerProfile(db.Model):
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+", primary_key=True)
        rank = peewee.SmallIntegerField(default=1)
        score = peewee.SmallIntegerField(null=True)
        segment = peewee.CharField(16, null=True)
        stage = peewee.CharField(20)
        stage_since = peewee.DateTimeField()
        changed_at = peewee.DateTimeField()

        class Meta:
            table_name = "customer_profile"
            indexes = ((("stage", "customer"), False), (("rank", "customer"), False))

    db.create_tables([Campaign, CampaignRecipient, Multicast, HoldOutPeriod, CustomerProfile])
    run(migrator.add_column("outbox_message", "multicast_id", peewee.IntegerField(null=True)))
    for statement in (
        "CREATE INDEX campaign_recipient_waiting ON campaign_recipient (campaign_id, send_at, id) "
        "WHERE state = 'waiting'",
        "CREATE INDEX multicast_due ON multicast (id) WHERE state = 'due'",
        "CREATE INDEX outbox_message_multicast ON outbox_message (multicast_id) WHERE multicast_id IS NOT NULL",
        "CREATE INDEX outbox_message_in_a_call ON outbox_message (multicast_id) WHERE state = 'in-a-call'",
        "CREATE INDEX multicast_parked ON multicast (id) WHERE state = 'parked'",
        "CREATE UNIQUE INDEX hold_out_period_open ON hold_out_period (subject) WHERE ended_at IS NULL",
    ):
        db.execute_sql(statement)
    _say_nobody_is_held_out(db)


def _say_nobody_is_held_out(db):
    """Flows of before wrote to everybody unless they said otherwise. From now on a flow that says nothing holds
    out a share, so the old ones say it."""
    mark = "%s" if isinstance(db, peewee.PostgresqlDatabase) else "?"
    for table, column in (("flow_version", "definition"), ("flow", "draft")):
        rows = db.execute_sql(f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()  # noqa: S608 -- fixed names
        for row_id, text in rows:
            values = json.loads(text)
            if isinstance(values, dict) and "holdout_percent" not in values:
                changed = json.dumps(values | {"holdout_percent": 0}, ensure_ascii=False)
                statement = f"UPDATE {table} SET {column} = {mark} WHERE id = {mark}"  # noqa: S608 -- fixed names
                db.execute_sql(statement, (changed, row_id))
