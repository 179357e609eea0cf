"""Records which lots an entry uses, and updates the customer's account. The sequence is `expiry.py`'s.

What an entry took beyond all lots is a debt, which the next lot pays first. So a customer has points left or
a debt, never both, and the balance is one or the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from bot import localtime
from bot.config import shop
from customers.people import customer as customers
from rewards.ledger import entries, expiry
from rewards.ledger.actions import Action
from rewards.ledger.entries import EntryKind, LedgerEntry, LotUse, PointsAccount
from rewards.ledger.expiry import Lot
from rewards.ledger.settings import PointRules


@dataclass(frozen=True, slots=True)
class AccountState:
    """A customer's points before an entry: all that most entries need to know, read in one query."""

    balance: int
    today_count: int
    """How often the action in question has earned on this day of the shop."""
    month_count: int
    last_active_on: date | None
    idle_until: date | None
    expires_on: date | None


def lock_and_expire(customer_id: int, action: str = "") -> AccountState:
    """Locks the customer's points, expires overdue ones, and returns the state after that.

    Expiring here makes sure that points past their last day cannot be used when the clock is late.
    """
    customers.lock(customer_id)
    state = _read(customer_id, action)
    if state.expires_on is not None and state.expires_on < localtime.today():
        expire_overdue(customer_id)
        state = _read(customer_id, action)
    return state


def _read(customer_id: int, action: str) -> AccountState:
    today = localtime.today()
    # A release is not a new earning: its pending entry was counted.
    earned = LedgerEntry.kind.in_([EntryKind.EARN, EntryKind.PENDING]) & (LedgerEntry.held >= 0)
    earned &= LedgerEntry.action == action
    in_month = earned & (LedgerEntry.occurred_on >= today.replace(day=1))
    query: Any = (
        LedgerEntry.select(
            fn.COALESCE(fn.SUM(LedgerEntry.points), 0),
            fn.COALESCE(fn.SUM(Case(None, [(earned & (LedgerEntry.occurred_on == today), 1)], 0)), 0),
            fn.COALESCE(fn.SUM(Case(None, [(in_month, 1)], 0)), 0),
            fn.MAX(PointsAccount.last_active_on),
            fn.MAX(PointsAccount.idle_until),
            fn.MAX(PointsAccount.expires_on),
        )
        .join(PointsAccount, JOIN.LEFT_OUTER, on=(PointsAccount.customer == LedgerEntry.customer))
        .where(LedgerEntry.customer == customer_id)
    )
    balance, today_count, month_count, *days = query.tuples().first()
    return AccountState(int(balance), int(today_count), int(month_count), *days)


def account_of(customer_id: int) -> PointsAccount | None:
    """The customer's account; None before the first point."""
    found: PointsAccount | None = PointsAccount.get_or_none(PointsAccount.customer == customer_id)
    return found


def open_lots(customer_id: int) -> list[Lot]:
    """What is left of each lot, oldest first."""
    left: Any = LedgerEntry.points - fn.COALESCE(fn.SUM(LotUse.points), 0)
    rows: Any = (
        LedgerEntry.select(LedgerEntry.id, left, LedgerEntry.expires_on)
        .join(LotUse, JOIN.LEFT_OUTER, on=(LotUse.lot == LedgerEntry.id))
        .where(LedgerEntry.customer == customer_id, LedgerEntry.points > 0)
        .group_by(LedgerEntry.id, LedgerEntry.points, LedgerEntry.expires_on)
        .having(left > 0)
        .order_by(LedgerEntry.id)
        .tuples()
    )
    return [Lot(lot_id, int(points), expires_on) for lot_id, points, expires_on in rows]


def idle_until(account: PointsAccount | None) -> date | None:
    """The last day of the customer's lots that have none of their own; None is never."""
    if account is None or account.idle_until is None:
        return None
    rules = shop.get(PointRules)
    return expiry.idle_day(account.last_active_on, account.idle_until, rules.expiry, rules.expire_after_days)


def give(entry: LedgerEntry, state: AccountState) -> None:
    """The entry is a new lot: pays debts first, then updates the account for the activity."""
    lot = Lot(entry.id, entry.points, entry.expires_on)
    if state.balance > 0 and _changes_no_day(lot, state):
        return  # the usual case: not the first entry of the day
    if state.balance > 0:
        there = open_lots(entry.customer_id)
    else:
        left = entry.points - (_pay_debts(entry) if state.balance < 0 else 0)
        there = [Lot(lot.id, left, lot.expires_on)] if left else []
    refresh(entry.customer_id, there, active=True)


def _changes_no_day(lot: Lot, state: AccountState) -> bool:
    rules, today = shop.get(PointRules), localtime.today()
    idle = expiry.idle_day(today, None, rules.expiry, rules.expire_after_days)
    last_day = lot.last_day(idle)
    sooner = last_day is not None and (state.expires_on is None or last_day < state.expires_on)
    return state.last_active_on == today and state.idle_until == idle and not sooner


def _pay_debts(entry: LedgerEntry) -> int:
    """Uses the new lot for debts; returns how many points of it went there."""
    left = entry.points
    for debt_id, debt in _debts(entry.customer_id):
        paid = min(left, debt)
        if paid > 0:
            _use(debt_id, {entry.id: paid})
            left -= paid
    return entry.points - left


def take(entry: LedgerEntry, first: int | None = None, *, active: bool = False) -> None:
    """Uses lots for an entry that took points, the lot `first` before all others. What no lot covers is a
    debt."""
    customer_id = entry.customer_id
    lots = expiry.in_order(open_lots(customer_id), idle_until(account_of(customer_id)))
    uses = expiry.spend(lots, -entry.points, first)
    _use(entry.id, uses)
    refresh(customer_id, _after(lots, uses), active=active)


def expire_overdue(customer_id: int) -> list[LedgerEntry]:
    """Expires every lot past its last day, one entry for each such day. The caller has locked the
    customer."""
    account, lots, written = account_of(customer_id), open_lots(customer_id), []
    for day, due in expiry.overdue(lots, idle_until(account), localtime.today()).items():
        points = sum(lot.left for lot in due)
        cause = f"expire:{customer_id}:{day}:{due[0].id}"
        entry = entries.write(customer_id, EntryKind.EXPIRE, Action.EXPIRY, -points, cause, str(day))
        if entry is not None:
            uses = {lot.id: lot.left for lot in due}
            _use(entry.id, uses)
            lots = _after(lots, uses)
            written.append(entry)
    refresh(customer_id, lots, active=False)
    return written


def refresh(customer_id: int, lots: list[Lot], *, active: bool) -> None:
    """Stores when something of these lots expires next. An activity restarts the period of inactivity."""
    rules, today, account = shop.get(PointRules), localtime.today(), account_of(customer_id)
    if active or account is None:
        last_active_on = today
        idle = expiry.idle_day(today, None, rules.expiry, rules.expire_after_days)
    else:
        last_active_on, idle = account.last_active_on, idle_until(account)
    expires_on = expiry.next_day(lots, idle)
    warned = account.warned_days if account is not None and account.expires_on == expires_on else None
    values: dict[Any, Any] = {
        PointsAccount.last_active_on: last_active_on,
        PointsAccount.idle_until: idle,
        PointsAccount.expires_on: expires_on,
        PointsAccount.warned_days: warned,
    }
    if account is None:
        PointsAccount.insert({PointsAccount.customer: customer_id, **values}).execute()
    else:
        PointsAccount.update(values).where(PointsAccount.id == account.id).execute()


def _debts(customer_id: int) -> list[tuple[int, int]]:
    """Entries that took more than the lots held, and how much is left to pay of each; oldest first."""
    debt: Any = 0 - LedgerEntry.points - fn.COALESCE(fn.SUM(LotUse.points), 0)
    rows: Any = (
        LedgerEntry.select(LedgerEntry.id, debt)
        .join(LotUse, JOIN.LEFT_OUTER, on=(LotUse.entry == LedgerEntry.id))
        .where(LedgerEntry.customer == customer_id, LedgerEntry.points < 0)
        .group_by(LedgerEntry.id, LedgerEntry.points)
        .having(debt > 0)
        .order_by(LedgerEntry.id)
        .tuples()
    )
    return [(entry_id, int(points)) for entry_id, points in rows]


def _use(entry_id: int, uses: Mapping[int, int]) -> None:
    if uses:
        rows = [{"entry": entry_id, "lot": lot_id, "points": points} for lot_id, points in uses.items()]
        LotUse.insert_many(rows).execute()


def _after(lots: list[Lot], uses: Mapping[int, int]) -> list[Lot]:
    left = [Lot(lot.id, lot.left - uses.get(lot.id, 0), lot.expires_on) for lot in lots]
    return [lot for lot in left if lot.left > 0]
