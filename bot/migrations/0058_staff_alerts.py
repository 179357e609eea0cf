"""What staff are alerted of, what each chose, their devices, and what is sent to each."""

import peewee


def up(migrator, db):
    class StaffSession(db.Model):
        class Meta:
            table_name = "staff_session"

    class StaffAlert(db.Model):
        cause = peewee.CharField(120, unique=True)
        occasion = peewee.CharField(16)
        kind = peewee.CharField(16)
        ticket_id = peewee.IntegerField(index=True)
        for_staff_id = peewee.IntegerField(null=True)
        made_at = peewee.DateTimeField()
        addressed_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "staff_alert"

    class AlertWays(db.Model):
        staff_id = peewee.IntegerField()
        kind = peewee.CharField(16)
        push = peewee.BooleanField()
        desktop = peewee.BooleanField()
        sound = peewee.BooleanField()
        own_line = peewee.BooleanField()

        class Meta:
            table_name = "alert_ways"
            indexes = ((("staff_id", "kind"), True),)

    class AlertTimes(db.Model):
        staff_id = peewee.IntegerField(unique=True)
        quiet_from = peewee.SmallIntegerField(null=True)
        quiet_until = peewee.SmallIntegerField(null=True)
        urgent_always = peewee.BooleanField(default=False)
        own_line = peewee.BooleanField(default=False)

        class Meta:
            table_name = "alert_times"

    class PushDevice(db.Model):
        session = peewee.ForeignKeyField(StaffSession, on_delete="CASCADE", backref="+")
        staff_id = peewee.IntegerField(index=True)
        endpoint = peewee.CharField(1000, unique=True)
        browser_key = peewee.CharField(100)
        browser_secret = peewee.CharField(50)
        name = peewee.CharField(60)
        made_at = peewee.DateTimeField()
        sent_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "push_device"

    class AlertDelivery(db.Model):
        alert = peewee.ForeignKeyField(StaffAlert, null=True, on_delete="CASCADE", backref="+", index=False)
        device = peewee.ForeignKeyField(PushDevice, on_delete="CASCADE", backref="+")
        state = peewee.CharField(10, default="due")
        attempt_count = peewee.SmallIntegerField(default=0)
        status = peewee.IntegerField(null=True)
        made_at = peewee.DateTimeField()
        not_before = peewee.DateTimeField()

        class Meta:
            table_name = "alert_delivery"
            indexes = ((("alert", "device"), True),)

    db.create_tables([StaffAlert, AlertWays, AlertTimes, PushDevice, AlertDelivery])
    for statement in (
        "CREATE INDEX staff_alert_to_address ON staff_alert (id) WHERE addressed_at IS NULL",
        "CREATE INDEX alert_delivery_due ON alert_delivery (not_before) WHERE state = 'due'",
    ):
        db.execute_sql(statement)
