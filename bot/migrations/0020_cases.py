"""Cases that a low score opens: from when on a person has the chat, and who is given cases."""

import peewee


def up(migrator, db):
    class OnDuty(db.Model):
        staff_id = peewee.IntegerField(unique=True)
        given_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "on_duty"

    db.create_tables([OnDuty])
    for statement in (
        "ALTER TABLE ticket ADD COLUMN handed_over_at TIMESTAMP",
        "UPDATE ticket SET handed_over_at = opened_at",
        "INSERT INTO on_duty (staff_id) SELECT id FROM staff WHERE disabled_at IS NULL",
    ):
        db.execute_sql(statement)
