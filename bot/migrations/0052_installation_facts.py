"""Single facts about the installation, one row each: LINE's health, what an owner confirmed in set-up."""

import peewee


def up(migrator, db):
    class Fact(db.Model):
        key = peewee.CharField(64, unique=True)
        value = peewee.TextField()
        changed_at = peewee.DateTimeField()

        class Meta:
            table_name = "installation_fact"

    db.create_tables([Fact])
