"""Who signs in with a code of their telephone as well, and the hashes of their recovery codes."""

import peewee


def up(migrator, db):
    class Staff(db.Model):
        class Meta:
            legacy_table_names = False

    class SecondFactor(db.Model):
        staff = peewee.ForeignKeyField(Staff, unique=True, on_delete="CASCADE")
        salt = peewee.CharField(64)
        begun_at = peewee.DateTimeField()
        on_at = peewee.DateTimeField(null=True)
        last_step = peewee.IntegerField(default=0)

        class Meta:
            legacy_table_names = False

    class RecoveryCode(db.Model):
        staff = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
        code_hash = peewee.CharField(64, unique=True)

        class Meta:
            legacy_table_names = False

    db.create_tables([SecondFactor, RecoveryCode])
