"""Stores tags of customers, set by buttons, steps of flows and staff; flows branch on them."""

from typing import Any

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.people.customer import Customer
from customers.people.tag_form import LONGEST
from customers.people.tag_form import plain as plain


class CustomerTag(Model):
    """A tag on a customer."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+", index=False)
    customer_id: int
    tag = peewee.CharField(LONGEST)
    cause = peewee.CharField(255, default="")
    set_at = UtcDateTimeField()

    class Meta:
        table_name = "customer_tag"
        indexes = ((("customer", "tag"), True), (("tag", "customer"), False))


def add(customer_id: int, tag: str, cause: str = "") -> bool:
    """Set the tag; False when the customer has it already or it is empty."""
    require_transaction()
    tag = plain(tag)
    values = {"customer": customer_id, "tag": tag, "cause": cause[:255], "set_at": localtime.now()}
    return bool(tag) and insert_once(CustomerTag, **values) is not None


def remove(customer_id: int, tag: str) -> bool:
    """Take the tag off; False when the customer does not have it."""
    require_transaction()
    query = CustomerTag.delete().where(CustomerTag.customer == customer_id, CustomerTag.tag == plain(tag))
    return bool(query.execute())


def of_customer(customer_id: int) -> set[str]:
    """The customer's tags."""
    rows: Any = CustomerTag.select(CustomerTag.tag).where(CustomerTag.customer == customer_id).tuples()
    return {tag for (tag,) in rows}
