"""What customers send: pictures, videos, voice messages, files."""

import peewee


def up(migrator, db):
    class Conversation(db.Model):
        class Meta:
            legacy_table_names = False

    class Media(db.Model):
        message_id = peewee.CharField(unique=True)
        conversation = peewee.ForeignKeyField(Conversation)
        kind = peewee.CharField(constraints=[peewee.Check("kind IN ('image', 'video', 'audio', 'file')")])
        state = peewee.CharField(constraints=[peewee.Check("state IN ('wanted', 'kept', 'gone')")])
        gone_because = peewee.CharField(null=True)
        content_type = peewee.CharField(null=True)
        byte_count = peewee.BigIntegerField(null=True)
        file_name = peewee.CharField(null=True)
        received_at = peewee.DateTimeField()
        kept_at = peewee.DateTimeField(null=True)

        class Meta:
            legacy_table_names = False

    db.create_tables([Media])
