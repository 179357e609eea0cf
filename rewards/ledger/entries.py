"""Decides what a line of the ledger is and what stands beside it; which lines are written is for `ledger.py`.

Entries and uses are written once and never changed. The account is a cache of what they say, for finding who is due.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from peewee import CharField, DateField, ForeignKeyField, IntegerField, SmallIntegerField

from bot import localtime
from bot.config import shop
from bot.db.database import Model, UtcDateTimeField, insert_once
from customers.people.customer import Customer
from rewards.ledger import rule_versions
from rewards.ledger.settings import PointRules

LONGEST_NOTE = 255


class EntryKind(StrEnum):
    """What an entry is."""

    EARN = "earn"
    PENDING = "pending"
    """Promised and held; changes no balance until an `earn` releases it."""
    BURN = "burn"
    EXPIRE = "expire"
    REVERSE = "reverse"
    """Undoes another entry, wholly or in part."""
    ADJUST = "adjust"
    """By hand: who and why stand with it."""
    REFUSED = "refused"
    """Would have earned, and a rule said no; the note says which."""


class LedgerEntry(Model):
    """One line of the ledger, written once.

    `points` is what it changes in the balance, `held` what it changes in the points still held back; so both
    are plain sums. An entry with points above zero is a lot: `LotUse` says what became of it.
    """

    customer = ForeignKeyField(Customer, index=False)
    customer_id: int
    kind = CharField(16)
    action = CharField(32)
    points = IntegerField()
    held = IntegerField(default=0)
    cause = CharField(190, unique=True)
    rule_version = CharField(12)
    occurred_at = UtcDateTimeField()
    occurred_on = DateField()
    expires_on = DateField(null=True)
    """The lot's own last day; a lot without one expires by idleness or never."""
    note = CharField(LONGEST_NOTE, default="")
    staff_id = IntegerField(null=True)
    reverses = ForeignKeyField("self", null=True, index=False)
    reverses_id: int | None

    balance_after: int | None = None
    """No column: known to whoever has just written the entry."""

    class Meta:
        table_name = "ledger_entry"
        indexes = ((("customer", "id"), False),)


class LotUse(Model):
    """So many points of that lot went into that entry: a spending, an expiry, a taking back. Written once."""

    entry = ForeignKeyField(LedgerEntry, backref="+", index=False)
    entry_id: int
    lot = ForeignKeyField(LedgerEntry, backref="+", index=False)
    lot_id: int
    points = IntegerField()

    class Meta:
        table_name = "lot_use"
        indexes = ((("entry", "lot"), True), (("lot",), False))


class PendingPoints(Model):
    """Work to do: that held entry is released on that day. The row goes when it is done."""

    entry = ForeignKeyField(LedgerEntry, unique=True, backref="+")
    entry_id: int
    customer = ForeignKeyField(Customer, backref="+")
    customer_id: int
    due_on = DateField(index=True)

    class Meta:
        table_name = "pending_points"


class PointsAccount(Model):
    """What the clock looks for: a cache of the customer's entries, proven by `points reconcile`."""

    customer = ForeignKeyField(Customer, unique=True, backref="+")
    customer_id: int
    last_active_on = DateField()
    """The last earning or spending."""
    idle_until = DateField(null=True)
    """The last day of what has no day of its own, as promised at the last activity."""
    expires_on = DateField(null=True)
    """The next day at whose end something expires."""
    warned_days = SmallIntegerField(null=True)
    """The last warning before that day, by its days before."""

    class Meta:
        table_name = "points_account"
        indexes = ((("expires_on", "warned_days"), False),)


def write(
    customer_id: int, kind: str, action: str, points: int, cause: str, note: str = "", **more: Any
) -> LedgerEntry | None:
    """Add the entry, once for its cause; None when that cause has its entry already."""
    now: datetime = localtime.now()
    today: date = localtime.local_date(now)
    values: dict[str, Any] = {
        "customer_id": customer_id,
        "kind": str(kind),
        "action": str(action),
        "points": points,
        "held": 0,
        "cause": cause,
        "rule_version": rule_versions.store("points", shop.get(PointRules)),
        "occurred_at": now,
        "occurred_on": today,
        "note": note[:LONGEST_NOTE],
        **more,
    }
    entry_id = insert_once(LedgerEntry, **values)
    return None if entry_id is None else LedgerEntry(id=entry_id, **values)
