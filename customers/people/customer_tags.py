"""Stores tags of customers, set by buttons, steps of flows and staff; flows branch on them."""

from collections.abc import Collection
from typing import Any

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.db.value_lists import is_one_of
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


def of_customers(customer_ids: Collection[int]) -> dict[int, list[str]]:
    """The tags of each customer, in order; without those who have none."""
    theirs = CustomerTag.select(CustomerTag.customer, CustomerTag.tag)
    rows: Any = theirs.where(is_one_of(CustomerTag.customer, customer_ids)).order_by(CustomerTag.tag).tuples()
    found: dict[int, list[str]] = {}
    for customer_id, tag in rows:
        found.setdefault(customer_id, []).append(tag)
    return found


def customers_with(tag: str, limit: int, after_id: int = 0) -> list[int]:
    """The next customers with that tag, by id."""
    rows: Any = CustomerTag.select(CustomerTag.customer).where(
        CustomerTag.tag == plain(tag), CustomerTag.customer > after_id
    )
    return [customer_id for (customer_id,) in rows.order_by(CustomerTag.customer).limit(limit).tuples()]


def of_customer(customer_id: int) -> set[str]:
    """The customer's tags."""
    rows: Any = CustomerTag.select(CustomerTag.tag).where(CustomerTag.customer == customer_id).tuples()
    return {tag for (tag,) in rows}


erasure.deleted(CustomerTag)
