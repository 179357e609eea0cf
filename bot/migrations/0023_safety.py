"""Which stored files were cleaned of metadata, and when a person last confirmed a sign-in with their password."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    run(
        migrator.add_column("media", "cleaned_at", peewee.DateTimeField(null=True)),
        migrator.add_column("staff_session", "confirmed_at", peewee.DateTimeField(null=True)),
    )
