"""On which side of the shop-wide hold-out a customer is, and which variant of a step they were given."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class Enrolment(db.Model):
        class Meta:
            table_name = "enrolment"

    class ShopAssignment(db.Model):
        year = peewee.SmallIntegerField()
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
        is_held_out = peewee.BooleanField()
        assigned_at = peewee.DateTimeField()

        class Meta:
            table_name = "shop_assignment"
            indexes = ((("year", "customer"), True),)

    class StepAssignment(db.Model):
        enrolment = peewee.ForeignKeyField(Enrolment, on_delete="CASCADE", backref="+", index=False)
        step_key = peewee.CharField(64)
        variant = peewee.CharField(64)
        assigned_at = peewee.DateTimeField()

        class Meta:
            table_name = "step_assignment"
            indexes = ((("enrolment", "step_key"), True),)

    db.create_tables([ShopAssignment, StepAssignment])
