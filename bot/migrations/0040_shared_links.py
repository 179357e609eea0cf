"""Short links that all recipients of one text share, and how often they were opened."""

import peewee


def up(migrator, db):
    class SharedLink(db.Model):
        code = peewee.CharField(16, unique=True)
        subject = peewee.CharField(150)
        url = peewee.CharField(1000)
        created_at = peewee.DateTimeField()

        class Meta:
            table_name = "shared_link"
            indexes = ((("subject", "url"), True),)

    class SharedClick(db.Model):
        link = peewee.ForeignKeyField(SharedLink, on_delete="CASCADE", backref="+")
        clicked_at = peewee.DateTimeField()

        class Meta:
            table_name = "shared_click"

    db.create_tables([SharedLink, SharedClick])
