"""What the chat page needs: canned texts, who is in a chat, the month's limit as LINE reported it, words to
search."""

from typing import Any

import peewee


def up(_migrator: Any, db: peewee.Database) -> None:
    """Make the tables. Old lines are made searchable by `manage.py migrate`, in chunks."""

    class Base(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Conversation(Base):
        pass

    class InboxEvent(Base):
        pass

    class Ticket(Base):
        pass

    class CannedText(Base):
        name = peewee.CharField(40, unique=True)
        body = peewee.TextField()
        changed_by_id = peewee.IntegerField(null=True)
        changed_at = peewee.DateTimeField()

    class ChatPresence(Base):
        ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
        staff_id = peewee.IntegerField()
        seen_at = peewee.DateTimeField()
        typed_at = peewee.DateTimeField(null=True)

        class Meta:
            indexes = ((("ticket", "staff_id"), True),)

    class MonthQuota(Base):
        quota = peewee.IntegerField(null=True)
        used_count = peewee.IntegerField()
        asked_at = peewee.DateTimeField()
        outbox_id = peewee.IntegerField()

    class TranscriptText(Base):
        event = peewee.ForeignKeyField(InboxEvent, primary_key=True, on_delete="CASCADE")
        conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE")
        message_id = peewee.CharField(null=True, unique=True)
        folded = peewee.TextField()

    db.create_tables([CannedText, ChatPresence, MonthQuota, TranscriptText])
    if isinstance(db, peewee.PostgresqlDatabase):
        db.execute_sql("ALTER TABLE transcript_text ADD COLUMN words tsvector")
        # A short list of what is not sorted in yet, so that the event that finds it full waits only briefly.
        db.execute_sql(
            "CREATE INDEX transcript_text_words ON transcript_text USING gin (words) "
            "WITH (gin_pending_list_limit = 256)"
        )
    else:
        db.execute_sql(
            "CREATE VIRTUAL TABLE transcript_word USING fts5 "
            "(words, content='', tokenize='unicode61 remove_diacritics 0')"
        )
