"""Which stored files were cleaned of metadata, when a person last confirmed a sign-in, which messages were changed."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    run(
        migrator.add_column("media", "cleaned_at", peewee.DateTimeField(null=True)),
        migrator.add_column("staff_session", "confirmed_at", peewee.DateTimeField(null=True)),
    )

    class ChangedMessage(db.Model):
        message_id = peewee.CharField(unique=True)
        is_unsent = peewee.BooleanField()
        changed_at = peewee.DateTimeField()

        class Meta:
            table_name = "changed_message"

    db.create_tables([ChangedMessage])
