"""The history of what a customer allowed: added or blocked the shop, stopped or resumed messages, linked an account.
Rows are only ever added."""

from datetime import datetime
from enum import StrEnum

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction


class ConsentChange(StrEnum):
    """What the customer did."""

    FOLLOWED = "followed"
    """Added the shop or unblocked it; the greeting names the privacy policy."""
    BLOCKED = "blocked"
    OPTED_OUT = "opted-out"
    OPTED_IN = "opted-in"
    LINKED = "linked"
    UNLINKED = "unlinked"


class ConsentEntry(Model):
    """One change by one customer."""

    customer_id = peewee.IntegerField(index=True)
    change = peewee.CharField(16)
    changed_at = UtcDateTimeField()

    class Meta:
        table_name = "consent_entry"


def add(customer_id: int, change: ConsentChange, at: datetime | None = None) -> None:
    """Add an entry; `at` is when it happened, by default now."""
    require_transaction()
    ConsentEntry.insert(customer_id=customer_id, change=change, changed_at=at or localtime.now()).execute()


def of_customer(customer_id: int) -> list[ConsentEntry]:
    """The customer's entries, oldest first."""
    mine = ConsentEntry.select().where(ConsentEntry.customer_id == customer_id)
    return list(mine.order_by(ConsentEntry.changed_at, ConsentEntry.id))


erasure.deleted(ConsentEntry, lambda who: ConsentEntry.customer_id == who.customer_id)
