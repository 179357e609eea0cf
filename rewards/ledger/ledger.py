"""The points ledger: earns, spends, reverses and adjusts points, each once for its cause; entries never
change.

The balance is the sum of `points`, what is pending the sum of `held`. `lots.py` says which lots an entry
uses, `due_points.py` finds who is due for the clock, `reconciliation.py` checks it all.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from peewee import fn

from bot import localtime
from bot.config import shop
from bot.db.database import require_transaction
from rewards.ledger import entries, expiry, lots
from rewards.ledger.actions import Action
from rewards.ledger.entries import EntryKind, LedgerEntry, LotUse, PendingPoints
from rewards.ledger.lots import AccountState
from rewards.ledger.settings import PointRules

__all__ = ("EntryKind", "LedgerEntry")  # reexported for callers that need nothing else of `entries.py`

RELEASED = ":released"
"""Appended to the cause of a pending entry for the `earn` that releases it."""


class NotEnough(Exception):
    """The customer has fewer points than that; `available` says how many."""

    def __init__(self, available: int) -> None:
        super().__init__(f"only {available} points are available")
        self.available = available


@dataclass(frozen=True, slots=True)
class _EntryDraft:
    """An entry before its points are known."""

    customer_id: int
    kind: str
    action: str
    cause: str
    note: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    """Further columns of the entry, by name."""

    def write(self, points: int, **more: Any) -> LedgerEntry | None:
        """Writes the entry, once for its cause; None when that cause has its entry already."""
        return entries.write(
            self.customer_id, self.kind, self.action, points, self.cause, self.note, **self.more, **more
        )


def earn(
    customer_id: int, action: str, points: int, cause: str, note: str = "", held_until: date | None = None
) -> LedgerEntry | None:
    """Gives points, once for a cause; None when that cause has its entry already.

    Until the day `held_until` they are `pending`: promised, but in no balance (`held` says how many). Past
    the action's limit a day or a month the entry is `refused`, with no points and the reason as its note.
    Raises ValueError for negative points.
    """
    require_transaction()
    if points < 0:
        raise ValueError(
            f"earning gives points, it does not take {points}; use burn(), reverse() or adjust()"
        )
    state = lots.lock_and_expire(customer_id, action)
    refusal = shop.get(PointRules).past_limit(action, state.today_count, state.month_count)
    if refusal:
        return _with_balance(entries.write(customer_id, EntryKind.REFUSED, action, 0, cause, refusal), state)
    if points and held_until is not None and held_until > localtime.today():
        return _with_balance(
            _hold(_EntryDraft(customer_id, EntryKind.PENDING, action, cause, note), points, held_until), state
        )
    return _give(state, _EntryDraft(customer_id, EntryKind.EARN, action, cause, note), points)


def would_earn(customer_id: int, action: str, points: int) -> int:
    """The points of these that the action would earn now. Locks the customer and expires overdue points."""
    require_transaction()
    state = lots.lock_and_expire(customer_id, action)
    is_past = shop.get(PointRules).past_limit(action, state.today_count, state.month_count)
    return 0 if is_past else points


def refuse(customer_id: int, action: str, cause: str, note: str) -> LedgerEntry | None:
    """Records that something earns nothing, and why; None when that cause has its entry already."""
    require_transaction()
    return entries.write(customer_id, EntryKind.REFUSED, action, 0, cause, note)


def burn(
    customer_id: int, points: int, cause: str, note: str = "", action: str = Action.REDEMPTION
) -> LedgerEntry | None:
    """Spends points, once for a cause, the first to expire first; None when that cause has its entry already.

    Raises NotEnough, and writes nothing, when fewer are available: spending never makes a debt.
    """
    require_transaction()
    if points <= 0:
        raise ValueError(f"spending takes at least one point, not {points}")
    state = lots.lock_and_expire(customer_id)
    if entry_of(cause) is not None:
        return None
    if state.balance < points:
        raise NotEnough(max(0, state.balance))
    entry = entries.write(customer_id, EntryKind.BURN, action, -points, cause, note)
    if entry is not None:
        lots.take(entry, active=True)
    return _with_balance(entry, state)


def reverse(
    original_cause: str, cause: str, note: str = "", points: int | None = None, staff_id: int | None = None
) -> LedgerEntry | None:
    """Reverses the entry of `original_cause`: all that is left of it, or at most so many points. An entry
    that took points is reversed by giving them back.

    Pending points are reversed first and show as `held`; then the entry's own lot, then other lots. What no
    lot covers is a debt, where the shop allows one. None when nothing is left, nothing was given, or `cause`
    was used already.
    """
    require_transaction()
    original = entry_of(original_cause)
    if original is None or original.kind == EntryKind.REVERSE:
        return None
    state = lots.lock_and_expire(original.customer_id)
    if original.kind == EntryKind.PENDING:
        released = entry_of(original_cause + RELEASED)
        if released is None:
            return _take_back_held(original, cause, note, points)
        original = released
    left = original.points + _already_reversed(original, LedgerEntry.points) - _expired_of(original)
    take = left if points is None else max(min(left, points), min(left, 0))
    if take == 0:
        return None
    more: dict[str, Any] = {"reverses_id": original.id, "staff_id": staff_id}
    if take < 0:
        more |= _day_of(original)
    line = _EntryDraft(original.customer_id, EntryKind.REVERSE, original.action, cause, note, more)
    return _give(state, line, -take) if take < 0 else _take(state, line, take, first=original.id)


def adjust(customer_id: int, points: int, staff_id: int, reason: str, cause: str) -> LedgerEntry | None:
    """Gives or takes points by staff, with a reason; None when that cause has its entry already. Raises
    ValueError without a reason."""
    require_transaction()
    if not reason.strip():
        raise ValueError("an adjustment needs its reason: the customer may ask")
    state = lots.lock_and_expire(customer_id)
    line = _EntryDraft(
        customer_id, EntryKind.ADJUST, Action.STAFF, cause, reason.strip(), {"staff_id": staff_id}
    )
    return _take(state, line, -points) if points < 0 else _give(state, line, points)


def rescue(expiry_id: int, staff_id: int, reason: str) -> LedgerEntry | None:
    """Gives back the points that an entry let expire, within the days set by the shop; None when it is too
    late or done. Raises ValueError without a reason."""
    if not reason.strip():
        raise ValueError("a rescue needs its reason: the next person may ask")
    expired = LedgerEntry.get_or_none(LedgerEntry.id == expiry_id, LedgerEntry.kind == EntryKind.EXPIRE)
    if expired is None or not can_be_rescued(expired):
        return None
    return reverse(expired.cause, f"rescue:{expired.id}", reason.strip(), staff_id=staff_id)


def can_be_rescued(entry: LedgerEntry) -> bool:
    """Whether the entry let points expire so recently that staff may give them back."""
    last_on = entry.occurred_on + timedelta(days=shop.get(PointRules).rescue_within_days)
    if entry.kind != EntryKind.EXPIRE or localtime.today() > last_on:
        return False
    return not LedgerEntry.select().where(LedgerEntry.reverses == entry.id).exists()


def balance_with(entry: LedgerEntry) -> int:
    """The balance just after an entry was written; queried only when writing it did not return it."""
    return balance(entry.customer_id) if entry.balance_after is None else entry.balance_after


def balance(customer_id: int) -> int:
    """The customer's points now; negative is a debt."""
    total = LedgerEntry.select(fn.COALESCE(fn.SUM(LedgerEntry.points), 0))
    return int(total.where(LedgerEntry.customer == customer_id).scalar())


def available(customer_id: int) -> int:
    """The points that can be spent now: without pending, indebted or overdue ones."""
    account, there = lots.account_of(customer_id), lots.open_lots(customer_id)
    yesterday = localtime.today() - timedelta(days=1)
    return sum(lot.left for lot in there) - expiry.expiring_by(there, lots.idle_until(account), yesterday)


def history(customer_id: int, limit: int = 20, before: int | None = None) -> list[LedgerEntry]:
    """The customer's entries, newest first; `before` is the id of the last one already shown."""
    query = LedgerEntry.select().where(LedgerEntry.customer == customer_id)
    if before is not None:
        query = query.where(LedgerEntry.id < before)
    return list(query.order_by(LedgerEntry.id.desc()).limit(limit))


def lots_used(entry_ids: list[int]) -> dict[int, list[tuple[LedgerEntry, int]]]:
    """Which lots each of these entries used, and how many points of each."""
    used: dict[int, list[tuple[LedgerEntry, int]]] = {}
    query = LotUse.select(LotUse, LedgerEntry).join(LedgerEntry, on=(LotUse.lot == LedgerEntry.id))
    for use in query.where(LotUse.entry.in_(entry_ids)).order_by(LotUse.id):
        used.setdefault(use.entry_id, []).append((use.lot, use.points))
    return used


def entry_of(cause: str) -> LedgerEntry | None:
    """The entry with that cause."""
    found: LedgerEntry | None = LedgerEntry.get_or_none(LedgerEntry.cause == cause)
    return found


def points_given(causes: list[str]) -> dict[str, int]:
    """How many points each of these causes was given; causes that gave none are left out."""
    query = LedgerEntry.select(LedgerEntry.cause, LedgerEntry.points)
    given = query.where(LedgerEntry.cause.in_(causes), LedgerEntry.points > 0) if causes else ()
    return {entry.cause: entry.points for entry in given}


def release(pending: PendingPoints) -> LedgerEntry | None:
    """Releases pending points: what is left of them is earned. None when nothing is left."""
    require_transaction()
    state = lots.lock_and_expire(pending.customer_id)
    done = PendingPoints.delete().where(PendingPoints.id == pending.id).execute()
    held: LedgerEntry = LedgerEntry.get_by_id(pending.entry_id)
    left = held.held + _already_reversed(held, LedgerEntry.held)
    if done != 1 or left <= 0:
        return None
    cause = held.cause + RELEASED
    line = _EntryDraft(held.customer_id, EntryKind.EARN, held.action, cause, held.note, {"held": -left})
    return _give(state, line, left)


def _hold(line: _EntryDraft, points: int, held_until: date) -> LedgerEntry | None:
    entry = line.write(0, held=points)
    if entry is not None:
        PendingPoints.insert(entry=entry.id, customer=line.customer_id, due_on=held_until).execute()
        lots.refresh(line.customer_id, lots.open_lots(line.customer_id), active=True)
    return entry


def _take_back_held(held: LedgerEntry, cause: str, note: str, points: int | None) -> LedgerEntry | None:
    left = held.held + _already_reversed(held, LedgerEntry.held)
    take = left if points is None else max(0, min(left, points))
    if take <= 0:
        return None
    more = {"held": -take, "reverses_id": held.id}
    entry = entries.write(held.customer_id, EntryKind.REVERSE, held.action, 0, cause, note, **more)
    if entry is not None and take == left:
        PendingPoints.delete().where(PendingPoints.entry == held.id).execute()
    return entry


def _give(state: AccountState, line: _EntryDraft, points: int) -> LedgerEntry | None:
    """Writes an entry that gives: a lot, with its last day by the rules in force unless the entry names
    another."""
    if points and "expires_on" not in line.more:
        rules = shop.get(PointRules)
        day = expiry.own_day(localtime.today(), rules.expiry, rules.expire_after_days)
        line = replace(line, more={**line.more, "expires_on": day})
    entry = line.write(points)
    if entry is not None and points:
        lots.give(entry, state)
    return _with_balance(entry, state)


def _take(
    state: AccountState, line: _EntryDraft, points: int, first: int | None = None
) -> LedgerEntry | None:
    """Writes an entry that takes, from the lot `first` before others; what is missing is a debt where the
    shop allows one."""
    there = max(0, state.balance)
    if there < points and not shop.get(PointRules).carry_debt:
        line = replace(line, note=f"{line.note} ({points - there} let go)".strip())
        points = there
    entry = line.write(-points)
    if entry is not None and points:
        lots.take(entry, first)
    return _with_balance(entry, state)


def _with_balance(entry: LedgerEntry | None, state: AccountState) -> LedgerEntry | None:
    if entry is not None:
        entry.balance_after = state.balance + entry.points
    return entry


def _day_of(taken: LedgerEntry) -> dict[str, date | None]:
    """The last day for a lot that gives back what an entry took: the latest of the lots it used, but never so
    soon that the customer could not use it."""
    days = [lot.expires_on for lot, _ in lots_used([taken.id]).get(taken.id, [])]
    if not days or None in days:
        return {} if not days else {"expires_on": None}
    soonest = localtime.today() + timedelta(days=shop.get(PointRules).rescue_within_days)
    return {"expires_on": max([soonest, *(day for day in days if day is not None)])}


def _expired_of(lot: LedgerEntry) -> int:
    """How many of the lot's points expired for good: these are gone already, and must not be taken twice."""
    undo = LedgerEntry.alias()
    rescued = undo.select(undo.id).where(undo.reverses == LedgerEntry.id)
    query = LotUse.select(fn.COALESCE(fn.SUM(LotUse.points), 0)).join(LedgerEntry, on=LotUse.entry)
    return int(
        query.where(LotUse.lot == lot.id, LedgerEntry.kind == EntryKind.EXPIRE, ~fn.EXISTS(rescued)).scalar()
    )


def _already_reversed(original: LedgerEntry, column: Any) -> int:
    return int(
        LedgerEntry.select(fn.COALESCE(fn.SUM(column), 0)).where(LedgerEntry.reverses == original.id).scalar()
    )
