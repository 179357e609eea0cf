"""The second LINE account: the account of each event and message, its friends, and its own figures of the month."""

import peewee


def up(migrator, db):
    class Conversation(db.Model):
        class Meta:
            table_name = "conversation"

    class SupportFriend(db.Model):
        conversation = peewee.ForeignKeyField(
            Conversation, on_delete="CASCADE", backref="+", primary_key=True, index=False
        )
        followed_at = peewee.DateTimeField(null=True)
        left_at = peewee.DateTimeField(null=True)
        invited_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "support_friend"

    db.create_tables([SupportFriend])
    for table in ("inbox_event", "outbox_message", "month_quota"):
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN channel VARCHAR(8) NOT NULL DEFAULT 'main'")
