"""Stores what staff note about a customer; customers never see it. A note is never changed after it was written."""

from collections.abc import Sequence
from datetime import timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from customers.people.customer import Customer

LONGEST = 2000
DOUBLE = timedelta(minutes=1)
"""The same note again within this time is a double click."""


class CustomerNote(Model):
    """A note by a person of staff."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    staff_id = peewee.IntegerField()
    body = peewee.TextField()
    written_at = UtcDateTimeField()

    class Meta:
        table_name = "customer_note"


def add(customer_id: int, staff_id: int, body: str) -> bool:
    """Store a note, once. False for an empty one."""
    require_transaction()
    body = body.replace("\r\n", "\n").strip()[:LONGEST]
    if not body:
        return False
    newest = of_customer(customer_id, 1)
    is_double = newest and (newest[0].staff_id, newest[0].body) == (staff_id, body)
    if not (is_double and newest[0].written_at > localtime.now() - DOUBLE):
        CustomerNote.create(customer=customer_id, staff_id=staff_id, body=body, written_at=localtime.now())
    return True


def of_customer(customer_id: int, limit: int) -> Sequence[CustomerNote]:
    """The latest notes, the newest first."""
    mine = CustomerNote.select().where(CustomerNote.customer == customer_id)
    return list(mine.order_by(CustomerNote.id.desc()).limit(limit))


erasure.deleted(CustomerNote)
