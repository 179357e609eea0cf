"""Runs rules that are not in force over the real history: who would rise and fall, and what points would have
cost.

Reads only. Nothing after the given day is read, so the same rules over the same day give the same result.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from peewee import fn

from bot.db import database
from customers.orders.purchases import Purchase, is_purchase
from customers.values import windows
from customers.values.windows import Window
from rewards.ledger.actions import Action
from rewards.ledger.ledger import EntryKind, LedgerEntry
from rewards.ledger.settings import PointRules
from rewards.ranks import average_ltv
from rewards.ranks.batch_sql import Measure, last_of_chunk, measure_sql, values_of
from rewards.ranks.rules import Axes, Rank
from rewards.ranks.settings import RankSection

CHUNK = 5_000
MOST_AMBASSADORS = 0.05
"""A few per cent is enough: past this share the rank is no longer a small circle of supporters."""
OF_FIXED_WORTH = (
    Action.REGISTRATION,
    Action.SURVEY_ANSWER,
    Action.COMMENT,
    Action.TESTIMONIAL,
    Action.REFERRAL,
    Action.REFERRED,
    Action.BIRTHDAY,
)
"""Actions that earn the same each time; points given by staff stay as they are."""
Moves = dict[tuple[Rank, Rank], int]
"""How many customers hold the first rank and would deserve the second."""


@dataclass(frozen=True, slots=True)
class RankCounts:
    """The ranks of all customers by one set of rules."""

    average_ltv_yen: int
    moves: Moves

    @property
    def customer_count(self) -> int:
        """All customers who were measured."""
        return sum(self.moves.values())

    @property
    def rising_count(self) -> int:
        """Customers who would rise at once."""
        return sum(count for (held, deserved), count in self.moves.items() if deserved > held)

    @property
    def falling_count(self) -> int:
        """Customers who would be warned, and fall after the grace period unless they act."""
        return sum(count for (held, deserved), count in self.moves.items() if deserved < held)

    def held_count(self, rank: Rank) -> int:
        """Customers who hold that rank now."""
        return sum(count for (held, _), count in self.moves.items() if held == rank)

    def deserving_count(self, rank: Rank) -> int:
        """Customers who would have that rank by these rules."""
        return sum(count for (_, deserved), count in self.moves.items() if deserved == rank)

    @property
    def ambassador_share(self) -> float:
        """The share of Ambassadors among all customers, 0 to 1, once every rank is as these rules have it."""
        return self.deserving_count(Rank.AMBASSADOR) / max(1, self.customer_count)


@dataclass(frozen=True, slots=True)
class PointsGiven:
    """What one action gave in the qualifying period, and what it would have given."""

    action: str
    count: int
    points: int
    points_then: int


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """The simulated rules beside those in force."""

    on: date
    in_force: RankCounts
    tried: RankCounts
    balance: int
    """Points that customers hold now."""
    given: list[PointsGiven] = field(default_factory=list)
    """Empty where the rules for points stay as they are."""

    @property
    def liability_change(self) -> int:
        """By how many points the shop's liability would change."""
        return sum(each.points_then - each.points for each in self.given)


@dataclass(frozen=True, slots=True)
class MovedCustomer:
    """A customer whom the simulated rules would give another rank."""

    customer_id: int
    display_name: str
    held: Rank
    deserved: Rank
    axes: Axes


def run(
    tried: RankSection, in_force: RankSection, on: date, points: PointRules | None = None
) -> SimulationResult:
    """Measures all customers by both rules, in chunks. No lock is held: what happens in the meantime may
    count or not."""
    balance = LedgerEntry.select(fn.COALESCE(fn.SUM(LedgerEntry.points), 0)).scalar()
    return SimulationResult(
        on=on,
        in_force=_rank_counts(in_force, on),
        tried=_rank_counts(tried, on),
        balance=int(balance),
        given=_points_given(points, windows.months(on, tried.qualifying_months)) if points else [],
    )


def moved(
    measure: Measure, after_id: int, limit: int, seconds: float
) -> tuple[list[MovedCustomer], int | None]:
    """The next customers whose rank would change, by id, and the id to continue after; None when there are no
    more.

    Stops after so many seconds: where few ranks change, the list may be shorter than `limit` and not be the
    last.
    """
    sql = (
        "SELECT looked.customer_id, c.display_name, COALESCE(before_rank, 1), deserved, money, behaviour, "  # noqa: S608 -- ours
        f"relationship FROM ({measure_sql(measure)}) AS looked JOIN customer c ON c.id = looked.customer_id "
        "WHERE deserved <> COALESCE(before_rank, 1) ORDER BY looked.customer_id"
    )
    found: list[MovedCustomer] = []
    until = time.monotonic() + seconds
    while (last_id := last_of_chunk(after_id, CHUNK // 5)) is not None:
        for row in database.execute(sql, *values_of(after_id + 1, last_id)).fetchall():
            customer_id, name, held, deserved, *axes = row
            found.append(MovedCustomer(customer_id, name, Rank(held), Rank(deserved), Axes(*axes)))
            if len(found) == limit:
                return found, customer_id
        after_id = last_id
        if time.monotonic() > until:
            return found, after_id
    return found, None


def all_moved(measure: Measure) -> Iterator[MovedCustomer]:
    """All of them, with one chunk in memory at a time."""
    after_id: int | None = 0
    while after_id is not None:
        some, after_id = moved(measure, after_id, CHUNK, 0)
        yield from some


def _rank_counts(section: RankSection, on: date) -> RankCounts:
    average = average_ltv.computed_by(section, on)
    measured = measure_sql(Measure(section, on, average))
    sql = (
        f"SELECT COALESCE(before_rank, 1), deserved, COUNT(*) FROM ({measured}) AS looked "  # noqa: S608 -- ours
        "GROUP BY COALESCE(before_rank, 1), deserved"
    )
    moves: Moves = {}
    after_id = 0
    while (last_id := last_of_chunk(after_id, CHUNK)) is not None:
        for held, deserved, count in database.execute(sql, *values_of(after_id + 1, last_id)).fetchall():
            key = Rank(held), Rank(deserved)
            moves[key] = moves.get(key, 0) + int(count)
        after_id = last_id
    return RankCounts(average, moves)


def _points_given(rules: PointRules, period: Window) -> list[PointsGiven]:
    """Refused entries stay refused and reversed ones reversed; a purchase is what was paid for it."""
    reversal = LedgerEntry.alias()
    is_reversed = reversal.select(reversal.id).where(reversal.reverses == LedgerEntry.id)
    rows: Any = (
        LedgerEntry.select(LedgerEntry.action, fn.COUNT(LedgerEntry.id), fn.SUM(LedgerEntry.points))
        .where(
            LedgerEntry.kind == EntryKind.EARN,
            LedgerEntry.occurred_on.between(period.first_on, period.last_on),
            ~fn.EXISTS(is_reversed),
        )
        .group_by(LedgerEntry.action)
        .order_by(LedgerEntry.action)
        .tuples()
    )
    found = []
    for action, count, points in rows:
        if action == Action.PURCHASE:
            then = _hundreds_of_yen(period) * rules.purchase_per_100_yen
        elif action in OF_FIXED_WORTH:
            then = int(count) * rules.points_for(Action(action))
        else:
            then = int(points)
        found.append(PointsGiven(action, int(count), int(points), then))
    return found


def _hundreds_of_yen(period: Window) -> int:
    # Whole hundreds of each purchase, as points are given: both databases round integer division down.
    hundreds = fn.SUM((Purchase.total_yen - Purchase.refunded_yen) / 100)
    total = (
        Purchase.select(fn.COALESCE(hundreds, 0))
        .where(
            is_purchase(),
            Purchase.customer.is_null(False),
            Purchase.ordered_on.between(period.first_on, period.last_on),
        )
        .scalar()
    )
    return int(total)
