"""Stores tags of customers, set by buttons, steps of flows and staff; flows branch on them."""

import unicodedata
from typing import Any

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.people.customer import Customer

LONGEST = 60


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


def plain(tag: str) -> str:
    """A tag in its stored form: normal width, single blanks, without # and commas; empty when nothing is left."""
    text = unicodedata.normalize("NFKC", tag).replace(",", " ").lstrip("# ")
    return " ".join(text.split())[:LONGEST].strip()


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
