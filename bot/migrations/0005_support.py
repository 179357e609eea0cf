"""The support tables: FAQ entries, the questions asked, tickets; and what the transcript needs in the base
tables."""

from typing import Any

import peewee


def up(_migrator: Any, db: peewee.Database) -> None:
    """Make the tables."""

    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Conversation(Base):
        pass

    class Customer(Base):
        pass

    class FaqEntry(Base):
        question = peewee.CharField(200, unique=True)
        paraphrases = peewee.TextField()
        answer = peewee.TextField()
        tags = peewee.TextField()
        revision = peewee.IntegerField()
        created_at = peewee.DateTimeField()
        changed_at = peewee.DateTimeField()
        withdrawn_at = peewee.DateTimeField(null=True)

    class FaqAsked(Base):
        conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE")
        entry = peewee.ForeignKeyField(FaqEntry, null=True)
        words = peewee.TextField()
        outcome = peewee.CharField(16)
        asked_at = peewee.DateTimeField(index=True)
        settled_at = peewee.DateTimeField(null=True)

    class Ticket(Base):
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE")
        conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE")
        state = peewee.CharField(16)
        cause = peewee.CharField(32)
        cause_key = peewee.CharField(150, unique=True)
        assignee_id = peewee.IntegerField(null=True, index=True)
        note = peewee.TextField()
        opened_at = peewee.DateTimeField()
        since_at = peewee.DateTimeField()
        first_response_at = peewee.DateTimeField(null=True)
        resolved_at = peewee.DateTimeField(null=True)
        resolved_by_id = peewee.IntegerField(null=True)

    db.create_tables([FaqEntry, FaqAsked, Ticket])
    db.execute_sql("CREATE UNIQUE INDEX ticket_one_open ON ticket (customer_id) WHERE state <> 'resolved'")
    db.execute_sql("CREATE INDEX ticket_queue ON ticket (state, since_at, id)")
    db.execute_sql("CREATE INDEX inbox_event_transcript ON inbox_event (conversation_id, received_at, id)")
    db.execute_sql(
        "CREATE INDEX outbox_message_transcript ON outbox_message (conversation_id, created_at, id)"
    )
