"""How far the deletion of old data has come."""

import peewee


def up(migrator, db):
    class RetentionCursor(db.Model):
        name = peewee.CharField(16, unique=True)
        position = peewee.BigIntegerField(default=0)

        class Meta:
            table_name = "retention_cursor"

    db.create_tables([RetentionCursor])
