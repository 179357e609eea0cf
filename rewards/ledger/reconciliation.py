"""Checks the ledger: every sum, lot, use, cause and account, in set queries.

It corrects nothing. A fault names the row, so that a person can check it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bot.db import database
from rewards.ledger.entries import EntryKind, LedgerEntry
from rewards.ledger.ledger import RELEASED

MOST_OF_A_SORT = 100
"""At most so many faults of one kind are named."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The result of checking the whole ledger; no faults means that it is consistent."""

    entry_count: int
    customer_count: int
    points: int
    held: int
    faults: tuple[str, ...]


def reconcile() -> Reconciled:
    """Checks the whole ledger and names everything that cannot be right."""
    entries, customers, points, held = (
        LedgerEntry.select(
            fn.COUNT(LedgerEntry.id),
            fn.COUNT(fn.DISTINCT(LedgerEntry.customer)),
            fn.COALESCE(fn.SUM(LedgerEntry.points), 0),
            fn.COALESCE(fn.SUM(LedgerEntry.held), 0),
        )
        .tuples()
        .first()
    )
    return Reconciled(int(entries), int(customers), int(points), int(held), tuple(_faults()))


def _faults() -> Iterator[str]:
    yield from _wrong_signs()
    yield from _wrong_reversals()
    for sql, sentence in _CHECKS:
        for row in database.execute(f"{sql} LIMIT {MOST_OF_A_SORT}").fetchall():
            yield sentence.format(*row)


def _wrong_signs() -> list[str]:
    kind, points, held = LedgerEntry.kind, LedgerEntry.points, LedgerEntry.held
    wrong = (
        (kind.in_([EntryKind.REFUSED, EntryKind.PENDING]) & (points != 0))
        | ((kind == EntryKind.EARN) & ((points < 0) | ((held != 0) & (held + points != 0))))
        | (kind.in_([EntryKind.BURN, EntryKind.EXPIRE]) & (points >= 0))
        | ((kind == EntryKind.PENDING) & (held <= 0))
        | (kind.in_([EntryKind.REFUSED, EntryKind.BURN, EntryKind.EXPIRE, EntryKind.ADJUST]) & (held != 0))
        | ((kind == EntryKind.REVERSE) & ((held > 0) | ((held != 0) & (points != 0))))
        | kind.not_in(list(EntryKind))
    )
    rows: Any = (
        LedgerEntry.select(LedgerEntry.id, kind, points, held).where(wrong).limit(MOST_OF_A_SORT).tuples()
    )
    return [
        f"entry {entry} is {what} with {number} points" + (f" and {back} held" if back else "")
        for entry, what, number, back in rows
    ]


def _wrong_reversals() -> list[str]:
    original = LedgerEntry.alias()
    taken, unheld = fn.SUM(LedgerEntry.points), fn.SUM(LedgerEntry.held)
    rows: Any = (
        LedgerEntry.select(original.id, original.points, taken)
        .join(original, on=(LedgerEntry.reverses == original.id))
        .group_by(original.id, original.points, original.held)
        .having(
            (original.points * (original.points + taken) < 0)
            | (original.points * taken > 0)
            | ((original.held > 0) & (original.held + unheld < 0))
        )
        .limit(MOST_OF_A_SORT)
        .tuples()
    )
    found = [f"of the {gave} points of entry {entry}, {-took} were taken back" for entry, gave, took in rows]
    strangers: Any = (
        LedgerEntry.select(LedgerEntry.id)
        .join(original, JOIN.LEFT_OUTER, on=(LedgerEntry.reverses == original.id))
        .where(
            ((LedgerEntry.kind == EntryKind.REVERSE) & original.id.is_null())
            | ((LedgerEntry.kind != EntryKind.REVERSE) & original.id.is_null(False))
            | (LedgerEntry.customer != original.customer)
        )
        .limit(MOST_OF_A_SORT)
        .tuples()
    )
    return found + [f"entry {entry} takes back what is not its own" for (entry,) in strangers]


_LOT_LEFT = (
    "SELECT e.customer_id, SUM(e.points - COALESCE(u.used, 0)) AS points FROM ledger_entry e "
    "LEFT JOIN (SELECT lot_id, SUM(points) AS used FROM lot_use GROUP BY lot_id) u ON u.lot_id = e.id "
    "WHERE e.points > 0 GROUP BY e.customer_id"
)
_DEBTS = (
    "SELECT e.customer_id, SUM(-e.points - COALESCE(u.used, 0)) AS points FROM ledger_entry e "
    "LEFT JOIN (SELECT entry_id, SUM(points) AS used FROM lot_use GROUP BY entry_id) u ON u.entry_id = e.id "
    "WHERE e.points < 0 GROUP BY e.customer_id"
)
_CHECKS = (
    (
        "SELECT cause, COUNT(*) FROM ledger_entry GROUP BY cause HAVING COUNT(*) > 1",
        "cause {} has {} entries",
    ),
    (
        "SELECT e.id, e.points, SUM(u.points) FROM lot_use u JOIN ledger_entry e ON e.id = u.lot_id "
        "GROUP BY e.id, e.points HAVING SUM(u.points) > e.points OR e.points <= 0",
        "lot {} holds {} points and {} were used",
    ),
    (
        "SELECT e.id, e.points, SUM(u.points) FROM lot_use u JOIN ledger_entry e ON e.id = u.entry_id "
        "GROUP BY e.id, e.points HAVING SUM(u.points) > -e.points OR e.points >= 0",
        "entry {} changes {} points and used {} of lots",
    ),
    (
        "SELECT e.id, e.kind, e.points, COALESCE(SUM(u.points), 0) FROM ledger_entry e "
        "LEFT JOIN lot_use u ON u.entry_id = e.id WHERE e.kind IN ('burn', 'expire') "
        "GROUP BY e.id, e.kind, e.points HAVING COALESCE(SUM(u.points), 0) <> -e.points",
        "entry {} is {} of {} points and lots cover {}",
    ),
    (
        "SELECT u.id FROM lot_use u JOIN ledger_entry e ON e.id = u.entry_id JOIN ledger_entry l ON l.id = u.lot_id "
        "WHERE e.customer_id <> l.customer_id OR u.points <= 0",
        "use {} is of another customer's lot, or of nothing",
    ),
    (
        "SELECT b.customer_id, b.points, COALESCE(l.points, 0), COALESCE(o.points, 0) FROM "  # noqa: S608 -- our own text
        "(SELECT customer_id, SUM(points) AS points FROM ledger_entry GROUP BY customer_id) b "
        f"LEFT JOIN ({_LOT_LEFT}) l ON l.customer_id = b.customer_id "
        f"LEFT JOIN ({_DEBTS}) o ON o.customer_id = b.customer_id "
        "WHERE b.points <> COALESCE(l.points, 0) - COALESCE(o.points, 0) "
        "OR (COALESCE(l.points, 0) > 0 AND COALESCE(o.points, 0) > 0)",
        "customer {} has a balance of {}, lots with {} and a debt of {}",
    ),
    (
        # Each pending entry: what reversals and its release left of it is still pending, or nothing is.
        "SELECT e.id, e.held + COALESCE(r.held, 0) + COALESCE(f.held, 0), COUNT(p.id) FROM ledger_entry e "  # noqa: S608
        "LEFT JOIN (SELECT reverses_id, SUM(held) AS held FROM ledger_entry WHERE reverses_id IS NOT NULL "
        "GROUP BY reverses_id) r ON r.reverses_id = e.id "
        f"LEFT JOIN ledger_entry f ON f.cause = e.cause || '{RELEASED}' "
        "LEFT JOIN pending_points p ON p.entry_id = e.id WHERE e.kind = 'pending' "
        "GROUP BY e.id, e.held, r.held, f.held "
        "HAVING e.held + COALESCE(r.held, 0) + COALESCE(f.held, 0) < 0 "
        "OR (e.held + COALESCE(r.held, 0) + COALESCE(f.held, 0) > 0) <> (COUNT(p.id) = 1)",
        "pending entry {} still holds {} and waits {} times for its release",
    ),
    (
        "SELECT a.customer_id, COALESCE(a.last_active_on, e.last_on), e.last_on FROM "
        "(SELECT customer_id, MAX(occurred_on) AS last_on FROM ledger_entry "
        "WHERE points > 0 OR kind IN ('burn', 'pending') GROUP BY customer_id) e "
        "LEFT JOIN points_account a ON a.customer_id = e.customer_id "
        "WHERE a.id IS NULL OR a.last_active_on < e.last_on",
        "the account of customer {} was last active on {}, the ledger says {}",
    ),
    (
        "SELECT l.customer_id, l.points FROM "  # noqa: S608 -- our own text
        f"({_LOT_LEFT}) l JOIN points_account a ON a.customer_id = l.customer_id "
        "WHERE (l.points = 0 AND a.expires_on IS NOT NULL) "
        "OR (l.points > 0 AND a.expires_on IS NULL AND a.idle_until IS NOT NULL)",
        "the account of customer {}, who has {} points left, has a wrong day of expiry",
    ),
)
