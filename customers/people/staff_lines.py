"""The customers as whom members of staff use LINE: they get tests, are never held out, and are in no comparison."""

import peewee

from bot.db import erasure
from bot.db.database import Model, require_transaction
from customers.people.customer import Customer


class StaffLine(Model):
    """Whose LINE a member of staff tests with."""

    staff_id = peewee.IntegerField(unique=True)
    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int

    class Meta:
        table_name = "staff_line"


def of_staff(staff_id: int) -> Customer | None:
    """The customer that this member of staff chose."""
    query = Customer.select().join(StaffLine, on=StaffLine.customer == Customer.id)
    found: Customer | None = query.where(StaffLine.staff_id == staff_id).first()
    return found


def choose(staff_id: int, customer: Customer) -> None:
    """Store the customer as this member of staff's own LINE."""
    require_transaction()
    StaffLine.insert(staff_id=staff_id, customer=customer.id).on_conflict(
        conflict_target=[StaffLine.staff_id], update={StaffLine.customer: customer.id}
    ).execute()


def of_all_staff() -> set[int]:
    """The customers who are members of staff: a few."""
    return {row.customer_id for row in StaffLine.select(StaffLine.customer)}


erasure.deleted(StaffLine)
