"""Customers whom staff write to by themselves because they have not bought for a while, and the days' numbers."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class Contact(db.Model):
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+", index=False)
        purchase_id = peewee.IntegerField()
        purchased_on = peewee.DateField()
        due_on = peewee.DateField()
        until_on = peewee.DateField()
        usual_days = peewee.IntegerField(null=True)
        order_count = peewee.IntegerField()
        year_yen = peewee.BigIntegerField()
        product_name = peewee.CharField(255, default="")
        repurchase_days = peewee.IntegerField(null=True)
        assigned_at = peewee.DateTimeField()
        state = peewee.CharField(10, default="due")
        reason = peewee.CharField(32, default="")
        show_on = peewee.DateField(null=True)
        staff_id = peewee.IntegerField(null=True)
        text = peewee.TextField(default="")
        attempt_count = peewee.SmallIntegerField(default=0)
        taken_at = peewee.DateTimeField(null=True)
        contacted_at = peewee.DateTimeField(null=True)
        replied_at = peewee.DateTimeField(null=True)
        won_on = peewee.DateField(null=True)
        won_yen = peewee.IntegerField(default=0)
        ended_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "contact"
            indexes = ((("customer", "purchase_id"), True),)

    class ContactDay(db.Model):
        day = peewee.DateField(unique=True)
        found_at = peewee.DateTimeField(null=True)
        capacity = peewee.IntegerField(null=True)

        class Meta:
            table_name = "contact_day"

    db.create_tables([Contact, ContactDay])
    for statement in (
        "CREATE INDEX contact_queue ON contact (year_yen DESC, id) WHERE state = 'due'",
        "CREATE INDEX contact_until ON contact (until_on) WHERE state = 'due'",
        "CREATE INDEX contact_ended ON contact (state, id) WHERE state <> 'due'",
        "CREATE INDEX contact_taken ON contact (taken_at) WHERE taken_at IS NOT NULL",
        "CREATE INDEX contact_made ON contact (contacted_at) WHERE contacted_at IS NOT NULL",
    ):
        db.execute_sql(statement)
