"""The links by which staff choose a new password."""

import peewee


def up(migrator, db):
    class Staff(db.Model):
        class Meta:
            table_name = "staff"

    class PasswordLink(db.Model):
        token_hash = peewee.CharField(64, unique=True)
        staff = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
        made_at = peewee.DateTimeField()
        used_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "password_link"

    db.create_tables([PasswordLink])
