"""Decides nothing about worth; keeps every point given or taken, once by its cause, and never changes an entry.

`points` of an entry is what it changes in the balance, so the balance is always the plain sum.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from peewee import JOIN, Case, CharField, DateField, ForeignKeyField, IntegerField, fn

from bot import localtime, shop
from bot.database import Model, UtcDateTimeField, insert_once, is_postgres, require_transaction
from customers.customer import Customer
from rewards import rule_versions
from rewards.points import Action
from rewards.rules import PointRules

LONGEST_NOTE = 255


class Kind(StrEnum):
    """What an entry is."""

    EARN = "earn"
    PENDING = "pending"
    """Promised and held; changes no balance until an `earn` settles it."""
    BURN = "burn"
    EXPIRE = "expire"
    REVERSE = "reverse"
    ADJUST = "adjust"
    REFUSED = "refused"
    """Would have earned, and a rule said no; the note says which."""


class LedgerEntry(Model):
    """One line of the ledger, written once."""

    customer = ForeignKeyField(Customer, index=False)
    customer_id: int
    kind = CharField(16)
    action = CharField(32)
    points = IntegerField()
    cause = CharField(190, unique=True)
    rule_version = CharField(12)
    occurred_at = UtcDateTimeField()
    occurred_on = DateField()
    note = CharField(LONGEST_NOTE, default="")
    staff_id = IntegerField(null=True)
    reverses = ForeignKeyField("self", null=True, index=False)
    reverses_id: int | None

    balance_after: int | None = None
    """No column: known to whoever has just written the entry, where a limit a day had the balance read anyway."""

    class Meta:
        table_name = "ledger_entry"
        indexes = ((("customer", "id"), False),)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a look through the whole ledger found; no faults is the proof."""

    entry_count: int
    customer_count: int
    points: int
    faults: tuple[str, ...]


def earn(customer_id: int, action: str, points: int, cause: str, note: str = "") -> LedgerEntry | None:
    """Give points once for a cause; None when that cause has its entry already.

    Past the action's limit a day the entry is `refused`, with no points and the reason as its note.
    """
    require_transaction()
    if points < 0:
        raise ValueError(f"earning gives points, it does not take {points}; use reverse() or adjust()")
    rules = shop.get(PointRules)
    most = rules.most_a_day(action)
    if most is None:
        return _write(customer_id, Kind.EARN, action, points, cause, note)
    kind = Kind.EARN
    earned_today, held = _earned_today_and_balance(customer_id, action)
    if earned_today >= most:
        kind, points, note = Kind.REFUSED, 0, f"more than {most} a day of {action}"
    entry = _write(customer_id, kind, action, points, cause, note)
    if entry is not None:
        entry.balance_after = held + points
    return entry


def reverse(original_cause: str, cause: str, note: str = "", points: int | None = None) -> LedgerEntry | None:
    """Take back what the entry of `original_cause` gave: all that is left of it, or at most so many points.

    None when nothing is left, nothing was given, or `cause` was taken back already. The balance may fall below zero:
    a debt is carried and shown.
    """
    require_transaction()
    query = LedgerEntry.select().where(LedgerEntry.cause == original_cause)
    original = (query.for_update() if is_postgres() else query).first()
    if original is None or original.kind == Kind.REVERSE:
        return None
    taken = (
        LedgerEntry.select(fn.COALESCE(fn.SUM(LedgerEntry.points), 0))
        .where(LedgerEntry.reverses == original.id)
        .scalar()
    )
    left = original.points + int(taken)
    take = left if points is None else max(min(left, points), min(left, 0))
    if take == 0:
        return None
    return _write(
        original.customer_id, Kind.REVERSE, original.action, -take, cause, note, reverses_id=original.id
    )


def adjust(customer_id: int, points: int, staff_id: int, reason: str, cause: str) -> LedgerEntry | None:
    """Give or take points by hand, by whom and why; None when that cause has its entry already."""
    require_transaction()
    if not reason.strip():
        raise ValueError("an adjustment needs its reason: the customer may ask")
    return _write(customer_id, Kind.ADJUST, Action.STAFF, points, cause, reason.strip(), staff_id=staff_id)


def balance_with(entry: LedgerEntry) -> int:
    """The balance just after an entry was written, without asking for it again where writing it told."""
    return balance(entry.customer_id) if entry.balance_after is None else entry.balance_after


def balance(customer_id: int) -> int:
    """The customer's points now; below zero is a debt."""
    total = (
        LedgerEntry.select(fn.COALESCE(fn.SUM(LedgerEntry.points), 0))
        .where(LedgerEntry.customer == customer_id)
        .scalar()
    )
    return int(total)


def history(customer_id: int, limit: int = 20, before: int | None = None) -> list[LedgerEntry]:
    """The customer's entries, newest first; `before` is the id of the last one already shown."""
    query = LedgerEntry.select().where(LedgerEntry.customer == customer_id)
    if before is not None:
        query = query.where(LedgerEntry.id < before)
    return list(query.order_by(LedgerEntry.id.desc()).limit(limit))


def entry_of(cause: str) -> LedgerEntry | None:
    """The entry of that cause."""
    found: LedgerEntry | None = LedgerEntry.get_or_none(LedgerEntry.cause == cause)
    return found


def reconcile() -> Reconciled:
    """Look through the whole ledger and name every entry that cannot be right."""
    entries, customers, points = (
        LedgerEntry.select(
            fn.COUNT(LedgerEntry.id),
            fn.COUNT(fn.DISTINCT(LedgerEntry.customer)),
            fn.COALESCE(fn.SUM(LedgerEntry.points), 0),
        )
        .tuples()
        .first()
    )
    faults = (*_twice(), *_wrong_signs(), *_wrong_reversals())
    return Reconciled(int(entries), int(customers), int(points), faults)


def _twice() -> list[str]:
    count = fn.COUNT(LedgerEntry.id)
    rows: Any = (
        LedgerEntry.select(LedgerEntry.cause, count).group_by(LedgerEntry.cause).having(count > 1).tuples()
    )
    return [f"cause {cause} has {number} entries" for cause, number in rows]


def _wrong_signs() -> list[str]:
    kind, points = LedgerEntry.kind, LedgerEntry.points
    wrong = (
        (kind.in_([Kind.REFUSED, Kind.PENDING]) & (points != 0))
        | ((kind == Kind.EARN) & (points < 0))
        | (kind.in_([Kind.BURN, Kind.EXPIRE]) & (points > 0))
        | kind.not_in(list(Kind))
    )
    rows: Any = LedgerEntry.select(LedgerEntry.id, kind, points).where(wrong).tuples()
    return [f"entry {entry} is {what} with {number} points" for entry, what, number in rows]


def _wrong_reversals() -> list[str]:
    original = LedgerEntry.alias()
    taken = fn.SUM(LedgerEntry.points)
    rows: Any = (
        LedgerEntry.select(original.id, original.points, taken)
        .join(original, on=(LedgerEntry.reverses == original.id))
        .group_by(original.id, original.points)
        .having((original.points * (original.points + taken) < 0) | (original.points * taken > 0))
        .tuples()
    )
    found = [f"of the {gave} points of entry {entry}, {-took} were taken back" for entry, gave, took in rows]
    strangers: Any = (
        LedgerEntry.select(LedgerEntry.id)
        .join(original, JOIN.LEFT_OUTER, on=(LedgerEntry.reverses == original.id))
        .where(
            ((LedgerEntry.kind == Kind.REVERSE) & original.id.is_null())
            | ((LedgerEntry.kind != Kind.REVERSE) & original.id.is_null(False))
            | (LedgerEntry.customer != original.customer)
        )
        .tuples()
    )
    return found + [f"entry {entry} takes back what is not its own" for (entry,) in strangers]


def _earned_today_and_balance(customer_id: int, action: str) -> tuple[int, int]:
    """How often the action has earned on the shop's day, and what the customer holds; others who would earn it now
    wait for us."""
    if is_postgres():
        # A friend's purchase earns for this customer too, from another conversation: the lock makes them queue.
        mine: Any = Customer.select(Customer.id).where(Customer.id == customer_id)
        mine.for_update("FOR NO KEY UPDATE").execute()
    is_todays = (
        (LedgerEntry.kind == Kind.EARN)
        & (LedgerEntry.action == action)
        & (LedgerEntry.occurred_on == localtime.today())
    )
    query: Any = LedgerEntry.select(
        fn.COALESCE(fn.SUM(Case(None, [(is_todays, 1)], 0)), 0),
        fn.COALESCE(fn.SUM(LedgerEntry.points), 0),
    ).where(LedgerEntry.customer == customer_id)
    count, held = query.tuples().first()
    return int(count), int(held)


def _write(
    customer_id: int, kind: str, action: str, points: int, cause: str, note: str, **more: Any
) -> LedgerEntry | None:
    now: datetime = localtime.now()
    values: dict[str, Any] = {
        "customer_id": customer_id,
        "kind": str(kind),
        "action": str(action),
        "points": points,
        "cause": cause,
        "rule_version": rule_versions.keep("points", shop.get(PointRules)),
        "occurred_at": now,
        "occurred_on": localtime.local_date(now),
        "note": note[:LONGEST_NOTE],
        **more,
    }
    entry_id = insert_once(LedgerEntry, **values)
    return None if entry_id is None else LedgerEntry(id=entry_id, **values)
