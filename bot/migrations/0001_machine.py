"""The base tables: conversations, inbox, outbox, notices, heartbeats."""

import peewee


def up(migrator, db):
    class Conversation(db.Model):
        key = peewee.CharField(unique=True)
        line_user_id = peewee.CharField(null=True)
        blocked_at = peewee.DateTimeField(null=True)
        not_before = peewee.DateTimeField(null=True)
        exchange_kind = peewee.CharField(null=True)
        exchange_data = peewee.TextField(null=True)
        exchange_until = peewee.DateTimeField(null=True)

        class Meta:
            legacy_table_names = False

    class InboxEvent(db.Model):
        event_id = peewee.CharField(unique=True)
        conversation = peewee.ForeignKeyField(Conversation)
        source = peewee.CharField()
        body = peewee.TextField()
        occurred_at = peewee.DateTimeField()
        received_at = peewee.DateTimeField()
        state = peewee.CharField()
        attempt_count = peewee.IntegerField()
        error = peewee.TextField(null=True)
        finished_at = peewee.DateTimeField(null=True)

        class Meta:
            legacy_table_names = False

    class OutboxMessage(db.Model):
        conversation = peewee.ForeignKeyField(Conversation)
        kind = peewee.CharField()
        messages = peewee.TextField()
        cause = peewee.CharField()
        staff_id = peewee.IntegerField(null=True)
        reply_token = peewee.CharField(null=True)
        reply_until = peewee.DateTimeField(null=True)
        retry_key = peewee.CharField()
        state = peewee.CharField()
        attempt_count = peewee.IntegerField()
        in_doubt = peewee.BooleanField()
        not_before = peewee.DateTimeField(null=True)
        leased_until = peewee.DateTimeField(null=True)
        sent_as = peewee.CharField(null=True)
        line_status = peewee.IntegerField(null=True)
        line_answer = peewee.TextField(null=True)
        request_id = peewee.CharField(null=True)
        created_at = peewee.DateTimeField()
        unsure_since = peewee.DateTimeField(null=True)
        sent_at = peewee.DateTimeField(null=True)

        class Meta:
            legacy_table_names = False

    class Notice(db.Model):
        cause = peewee.CharField(unique=True)
        sentence = peewee.TextField()
        raised_at = peewee.DateTimeField()

        class Meta:
            legacy_table_names = False

    class Heartbeat(db.Model):
        process = peewee.CharField(unique=True)
        seen_at = peewee.DateTimeField()
        shop_time_at = peewee.DateTimeField()

        class Meta:
            legacy_table_names = False

    db.create_tables([Conversation, InboxEvent, OutboxMessage, Notice, Heartbeat])
    db.execute_sql("CREATE INDEX inbox_event_next ON inbox_event (occurred_at, id) WHERE state = 'pending'")
    db.execute_sql(
        "CREATE INDEX inbox_event_next_of ON inbox_event (conversation_id, occurred_at, id) "
        "WHERE state = 'pending'"
    )
    db.execute_sql("CREATE INDEX inbox_event_parked ON inbox_event (id) WHERE state = 'parked'")
    db.execute_sql("CREATE INDEX outbox_message_due ON outbox_message (id) WHERE state = 'due'")
    db.execute_sql(
        "CREATE INDEX outbox_message_stuck ON outbox_message (state, id) WHERE state IN ('held', 'parked')"
    )
