"""Changes of the shop's settings that come into force on a day."""

import peewee


def up(migrator, db):
    class PlannedShopChange(db.Model):
        content = peewee.TextField()
        from_on = peewee.DateField(index=True)
        made_at = peewee.DateTimeField()
        made_by_id = peewee.IntegerField(null=True)
        note = peewee.TextField(default="")
        state = peewee.CharField(16, default="waiting")
        settled_at = peewee.DateTimeField(null=True)
        settled_by_id = peewee.IntegerField(null=True)
        version_id = peewee.IntegerField(null=True)
        fault = peewee.TextField(default="")

        class Meta:
            table_name = "planned_shop_change"

    db.create_tables([PlannedShopChange])
