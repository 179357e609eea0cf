"""The points that a shop owes its customers, when they expire, and how they moved, by month; all from the ledger.

Outstanding points are the sum of balances above zero; a balance below zero is a debt and lowers nobody else's points.
The functions over entries work on small lists of rows, the queries read the whole ledger once each.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, Case, fn

from bot.config import shop
from customers.values import windows
from customers.values.windows import Window
from rewards.ledger import expiry
from rewards.ledger.entries import EntryKind, LedgerEntry, LotUse, PointsAccount
from rewards.ledger.settings import PointRules

KINDS = (EntryKind.EARN, EntryKind.BURN, EntryKind.EXPIRE, EntryKind.REVERSE, EntryKind.ADJUST)
"""The kinds of entries that change a balance."""


@dataclass(frozen=True, slots=True)
class Liability:
    """The points of all customers at the end of a day."""

    outstanding: int
    """The sum of balances above zero."""
    holder_count: int
    """How many customers have them."""
    debt: int
    """The sum of balances below zero, as a positive number."""
    debtor_count: int
    pending: int
    """Promised and not earned yet; in no balance."""


@dataclass(frozen=True, slots=True)
class Movement:
    """The entries of one month, by kind, and the sum of all balances at its end."""

    month: date
    points: Mapping[str, int]
    balance: int


def liability(balances: Mapping[int, int], pending: int = 0) -> Liability:
    """Pure: of these balances by customer."""
    above = [points for points in balances.values() if points > 0]
    below = [-points for points in balances.values() if points < 0]
    return Liability(sum(above), len(above), sum(below), len(below), pending)


def movements(
    entries: Iterable[tuple[date, str, int]], months: Sequence[Window], before: int = 0
) -> list[Movement]:
    """Pure: entries as day, kind and points, of these months; `before` is the sum of all balances before them."""
    by_month: dict[date, Counter[str]] = defaultdict(Counter)
    for day, kind, points in entries:
        by_month[windows.first_of_month(day)][kind] += points
    found, balance = [], before
    for month in months:
        moved = by_month[month.first_on]
        balance += sum(moved.values())
        found.append(Movement(month.first_on, {kind.value: moved[kind.value] for kind in KINDS}, balance))
    return found


def by_last_day(
    own: Iterable[tuple[date, int]], idle: Iterable[tuple[date | None, date | None, int]], rules: PointRules
) -> dict[date | None, int]:
    """Pure: points left by the last day on which they can be spent; None is never.

    `own` are lots with a day of their own; `idle` the others, as the customers' last activity, the day promised then,
    and points.
    """
    found: Counter[date | None] = Counter()
    for day, points in own:
        found[day] += points
    for last_active_on, promised, points in idle:
        last_on: date | None = None
        if last_active_on is not None and promised is not None:
            last_on = expiry.idle_day(last_active_on, promised, rules.expiry, rules.expire_after_days)
        found[last_on] += points
    return {day: points for day, points in found.items() if points}


def expiring_by(left: Mapping[date | None, int], day: date) -> int:
    """Pure: how many of these points expire by the end of that day, those past their last day included."""
    return sum(points for last_on, points in left.items() if last_on is not None and last_on <= day)


def of_shop(on: date) -> Liability:
    """The points of all customers at the end of that day, in one statement."""
    balances = _balances(on)
    points = balances.c.points
    above, below = points > 0, points < 0
    row: Any = (
        LedgerEntry.select(
            fn.COALESCE(fn.SUM(Case(None, [(above, points)], 0)), 0),
            fn.COALESCE(fn.SUM(Case(None, [(above, 1)], 0)), 0),
            fn.COALESCE(fn.SUM(Case(None, [(below, 0 - points)], 0)), 0),
            fn.COALESCE(fn.SUM(Case(None, [(below, 1)], 0)), 0),
            fn.COALESCE(fn.SUM(balances.c.held), 0),
        )
        .from_(balances)
        .tuples()
        .first()
    )
    return Liability(*(int(each) for each in row))


def holders(on: date) -> Any:
    """Query of the ids of customers with points at the end of that day."""
    balances = _balances(on)
    return LedgerEntry.select(balances.c.customer_id).from_(balances).where(balances.c.points > 0)


def pending_people(on: date) -> Any:
    """Query of the ids of customers with pending points at the end of that day."""
    balances = _balances(on)
    return LedgerEntry.select(balances.c.customer_id).from_(balances).where(balances.c.held > 0)


def movements_of_shop(months: Sequence[Window]) -> list[Movement]:
    """What was earned, spent, expired, reversed and adjusted in each month, by the day of the entry."""
    first_on, last_on = months[0].first_on, months[-1].last_on
    day, kind, points = LedgerEntry.occurred_on, LedgerEntry.kind, fn.SUM(LedgerEntry.points)
    rows: Any = (
        LedgerEntry.select(day, kind, points)
        .where(day.between(first_on, last_on), LedgerEntry.points != 0)
        .group_by(day, kind)
        .tuples()
    )
    before = LedgerEntry.select(fn.COALESCE(fn.SUM(LedgerEntry.points), 0)).where(day < first_on).scalar()
    return movements([(on, what, int(count)) for on, what, count in rows], months, int(before))


def left_by_last_day(today: date) -> dict[date | None, int]:
    """All points left now by the last day on which they can be spent; their sum is what is outstanding."""
    own = _own_day_lots()
    own_rows: Any = (
        LedgerEntry.select(own.c.expires_on, fn.SUM(own.c.points))
        .from_(own)
        .group_by(own.c.expires_on)
        .tuples()
    )
    balances, theirs = _balances(today), _own_day_lots_by_customer()
    points = balances.c.points - fn.COALESCE(theirs.c.points, 0)
    account = PointsAccount
    idle_rows: Any = (
        account.select(account.last_active_on, account.idle_until, fn.SUM(points))
        .from_(balances)
        .join(account, JOIN.LEFT_OUTER, on=(account.customer == balances.c.customer_id))
        .join(theirs, JOIN.LEFT_OUTER, on=(theirs.c.customer_id == balances.c.customer_id))
        .where(balances.c.points > 0)
        .group_by(account.last_active_on, account.idle_until)
        .tuples()
    )
    return by_last_day(
        [(_day(day), int(count)) for day, count in own_rows],
        [(_day(active_on), _day(until), int(count)) for active_on, until, count in idle_rows],
        shop.get(PointRules),
    )


def people_expiring(first_on: date, last_on: date) -> Any:
    """Query of the ids of customers of whose points some have their last day from one day to another."""
    own = _own_day_lots()
    of_lots = LedgerEntry.select(own.c.customer_id.alias("customer_id")).from_(own)
    of_lots = of_lots.where(own.c.points > 0, own.c.expires_on.between(first_on, last_on))
    rules, account = shop.get(PointRules), PointsAccount
    if rules.expiry == expiry.Policy.NEVER:
        return of_lots
    # The last day is the later of the one promised and the one by the rules now, as `expiry.idle_day` has it.
    period = timedelta(days=rules.expire_after_days)
    by_rules = account.last_active_on
    is_within = (
        (by_rules <= last_on - period)
        & (account.idle_until <= last_on)
        & ((by_rules >= first_on - period) | (account.idle_until >= first_on))
    )
    used = LotUse.select(fn.COALESCE(fn.SUM(LotUse.points), 0)).where(LotUse.lot == LedgerEntry.id)
    idle_lot = LedgerEntry.select(LedgerEntry.id).where(
        LedgerEntry.customer == account.customer,
        LedgerEntry.points > used,
        LedgerEntry.expires_on.is_null(),
    )
    of_accounts = account.select(account.customer.alias("customer_id")).where(
        account.expires_on.is_null(False), is_within, fn.EXISTS(idle_lot)
    )
    both = (of_lots | of_accounts).alias("both")
    return LedgerEntry.select(both.c.customer_id).from_(both)


def entries_page(kind: str, window: Window, after_on: date, after_id: int, limit: int) -> list[LedgerEntry]:
    """The entries of a kind on these days that change a balance, by day, after that entry."""
    day = LedgerEntry.occurred_on
    # The ids alone are in the index of days: of a day with very many entries, only the listed ones are read whole.
    query: Any = LedgerEntry.select(LedgerEntry.id).where(
        LedgerEntry.kind == kind,
        LedgerEntry.points != 0,
        day.between(max(window.first_on, after_on), window.last_on),
        (day > after_on) | (LedgerEntry.id > after_id),
    )
    ids = [entry_id for (entry_id,) in query.order_by(day, LedgerEntry.id).limit(limit).tuples()]
    return list(LedgerEntry.select().where(LedgerEntry.id.in_(ids)).order_by(day, LedgerEntry.id))


def balances_of(customer_ids: Collection[int]) -> dict[int, int]:
    """The balance of each of these customers now; without customers who never had points."""
    rows: Any = (
        LedgerEntry.select(LedgerEntry.customer, fn.SUM(LedgerEntry.points))
        .where(LedgerEntry.customer.in_(list(customer_ids)))
        .group_by(LedgerEntry.customer)
        .tuples()
    )
    return {int(customer_id): int(points) for customer_id, points in rows}


def _balances(on: date) -> Any:
    return (
        LedgerEntry.select(
            LedgerEntry.customer.alias("customer_id"),
            fn.SUM(LedgerEntry.points).alias("points"),
            fn.SUM(LedgerEntry.held).alias("held"),
        )
        .where(LedgerEntry.occurred_on <= on)
        .group_by(LedgerEntry.customer)
        .alias("balances")
    )


def _own_day_lots() -> Any:
    """What is left of each lot that has a last day of its own."""
    used = LotUse.select(fn.COALESCE(fn.SUM(LotUse.points), 0)).where(LotUse.lot == LedgerEntry.id)
    left = (LedgerEntry.points - used).alias("points")
    return (
        LedgerEntry.select(LedgerEntry.customer.alias("customer_id"), LedgerEntry.expires_on, left)
        .where(LedgerEntry.expires_on.is_null(False), LedgerEntry.points > 0)
        .alias("own")
    )


def _own_day_lots_by_customer() -> Any:
    own = _own_day_lots()
    return (
        LedgerEntry.select(own.c.customer_id, fn.SUM(own.c.points).alias("points"))
        .from_(own)
        .group_by(own.c.customer_id)
        .alias("theirs")
    )


def _day(value: Any) -> Any:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value
