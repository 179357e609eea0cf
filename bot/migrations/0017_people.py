"""What people changed; invitations to sign in; where people are signed in."""

import peewee


def up(migrator, db):
    class Staff(db.Model):
        class Meta:
            legacy_table_names = False

    class AuditEntry(db.Model):
        at = peewee.DateTimeField()
        staff_id = peewee.IntegerField(null=True)
        kind = peewee.CharField(64)
        about = peewee.TextField()
        details = peewee.TextField()

        class Meta:
            legacy_table_names = False
            indexes = ((("at",), False), (("staff_id", "id"), False), (("kind", "id"), False))

    class StaffSession(db.Model):
        key_hash = peewee.CharField(64, unique=True)
        staff = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
        device = peewee.CharField(60)
        made_at = peewee.DateTimeField()
        seen_at = peewee.DateTimeField()

        class Meta:
            legacy_table_names = False

    class StaffInvitation(db.Model):
        token_hash = peewee.CharField(64, unique=True)
        role = peewee.CharField(16)
        name = peewee.CharField(100)
        made_at = peewee.DateTimeField()
        invited_by = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
        used_at = peewee.DateTimeField(null=True)

        class Meta:
            legacy_table_names = False

    db.create_tables([AuditEntry, StaffSession, StaffInvitation])
    db.execute_sql("ALTER TABLE staff ADD COLUMN signed_in_at TIMESTAMP")
