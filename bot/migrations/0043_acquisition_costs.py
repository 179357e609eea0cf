"""What winning a customer costs and the margin of sales, as the owner enters them: versions that are only added."""

import peewee


def up(migrator, db):
    class AcquisitionCost(db.Model):
        from_month = peewee.DateField(index=True)
        cpo_yen = peewee.IntegerField(null=True)
        margin_permille = peewee.SmallIntegerField(null=True)
        entered_at = peewee.DateTimeField()
        staff_id = peewee.IntegerField(null=True)
        undone_id = peewee.IntegerField(null=True)

        class Meta:
            table_name = "acquisition_cost"

    db.create_tables([AcquisitionCost])
