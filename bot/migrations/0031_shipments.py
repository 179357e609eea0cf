"""Shipments: one row a parcel of an order; and the day on which an order is expected to arrive."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class Shipment(db.Model):
        order_number = peewee.CharField(80, index=False)
        carrier = peewee.CharField(64, default="")
        carrier_written = peewee.CharField(64, default="")
        tracking_number = peewee.CharField(40, default="")
        tracking_url = peewee.CharField(1000, default="")
        items = peewee.TextField(default="[]")
        dispatched_at = peewee.DateTimeField(null=True)
        delivered_at = peewee.DateTimeField(null=True)
        arrives_on = peewee.DateField(null=True)
        source = peewee.CharField(32)
        recorded_at = peewee.DateTimeField()
        dispatch_noted_at = peewee.DateTimeField(null=True)
        delivery_noted_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "shipment"
            indexes = ((("order_number", "carrier", "tracking_number"), True),)

    run(migrator.add_column("purchase", "arrives_on", peewee.DateField(null=True)))
    db.create_tables([Shipment])
