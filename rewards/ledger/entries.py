"""The tables of the ledger; `ledger.py` and `lots.py` write them.

Entries and uses are written once and never changed. The account is a cache computed from them, for finding
who is due.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from peewee import CharField, DateField, ForeignKeyField, IntegerField, SmallIntegerField

from bot import localtime
from bot.config import shop
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once
from customers.people.customer import Customer
from rewards.ledger import rule_versions
from rewards.ledger.settings import PointRules

LONGEST_NOTE = 255


class EntryKind(StrEnum):
    """The kind of an entry."""

    EARN = "earn"
    PENDING = "pending"
    """Promised and held; changes no balance until an `earn` releases it."""
    BURN = "burn"
    EXPIRE = "expire"
    REVERSE = "reverse"
    """Undoes another entry, wholly or in part."""
    ADJUST = "adjust"
    """By staff: who and why is stored with it."""
    REFUSED = "refused"
    """Would have earned, but a rule refused it; the note says which."""


class LedgerEntry(Model):
    """One entry of the ledger, written once.

    `points` is the change of the balance, `held` the change of the points still held back; both totals are
    plain sums. An entry with positive points is a lot: `LotUse` says what was used of it.
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
    """The lot's own last day; a lot without one expires by inactivity or never."""
    note = CharField(LONGEST_NOTE, default="")
    staff_id = IntegerField(null=True)
    reverses = ForeignKeyField("self", null=True, index=False)
    reverses_id: int | None

    balance_after: int | None = None
    """Not a column: set on the entry that was just written."""

    class Meta:
        table_name = "ledger_entry"
        indexes = ((("customer", "id"), False),)


class LotUse(Model):
    """So many points of a lot were used by an entry: a spending, an expiry, a reversal. Written once."""

    entry = ForeignKeyField(LedgerEntry, backref="+", index=False)
    entry_id: int
    lot = ForeignKeyField(LedgerEntry, backref="+", index=False)
    lot_id: int
    points = IntegerField()

    class Meta:
        table_name = "lot_use"
        indexes = ((("entry", "lot"), True), (("lot",), False))


class PendingPoints(Model):
    """A pending entry that is to be released on that day. The row is deleted when that is done."""

    entry = ForeignKeyField(LedgerEntry, unique=True, backref="+")
    entry_id: int
    customer = ForeignKeyField(Customer, backref="+")
    customer_id: int
    due_on = DateField(index=True)

    class Meta:
        table_name = "pending_points"


class PointsAccount(Model):
    """When points of the customer expire: a cache computed from the entries, checked by `points
    reconcile`."""

    customer = ForeignKeyField(Customer, unique=True, backref="+")
    customer_id: int
    last_active_on = DateField()
    """The last earning or spending."""
    idle_until = DateField(null=True)
    """The last day of lots without a day of their own, as promised at the last activity."""
    expires_on = DateField(null=True)
    """The next day at whose end points expire."""
    warned_days = SmallIntegerField(null=True)
    """The last warning sent for that day, by its number of days before."""

    class Meta:
        table_name = "points_account"
        indexes = ((("expires_on", "warned_days"), False),)


def write(
    customer_id: int, kind: str, action: str, points: int, cause: str, note: str = "", **more: Any
) -> LedgerEntry | None:
    """Adds the entry, once for its cause; None when that cause has its entry already."""
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


erasure.blanked(LedgerEntry, {"note": ""})
erasure.detached(LotUse, "Which points were spent; sums stay.")
erasure.detached(PendingPoints, "Points of nobody that fall due; sums stay.")
erasure.detached(PointsAccount, "Days on which points expire; sums stay.")
