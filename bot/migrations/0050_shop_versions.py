"""The versions of the shop's settings that owners make in the console."""

import peewee


def up(migrator, db):
    class ShopVersion(db.Model):
        content = peewee.TextField()
        made_at = peewee.DateTimeField()
        made_by_id = peewee.IntegerField(null=True)
        note = peewee.TextField(default="")

        class Meta:
            table_name = "shop_version"

    db.create_tables([ShopVersion])
