"""The console's tables: staff, failed tries to sign in, cached figures."""

import peewee


def up(migrator, db):
    class Staff(db.Model):
        email = peewee.CharField(unique=True)
        name = peewee.CharField()
        password_hash = peewee.CharField()
        role = peewee.CharField(constraints=[peewee.Check("role IN ('owner', 'staff')")])
        language = peewee.CharField()
        session_stamp = peewee.CharField()
        created_at = peewee.DateTimeField()
        disabled_at = peewee.DateTimeField(null=True)

        class Meta:
            legacy_table_names = False

    class SignInFailure(db.Model):
        email = peewee.CharField()
        address = peewee.CharField()
        failed_at = peewee.DateTimeField(index=True)

        class Meta:
            legacy_table_names = False
            indexes = ((("email", "failed_at"), False), (("address", "failed_at"), False))

    class KeptFigures(db.Model):
        name = peewee.CharField(unique=True)
        body = peewee.TextField()
        counted_at = peewee.DateTimeField()

        class Meta:
            legacy_table_names = False

    db.create_tables([Staff, SignInFailure, KeptFigures])
