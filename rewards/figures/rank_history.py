"""How many customers held each rank on past days, and whose rank changed, from the history of changes.

A rank on a day is the one after the last change of that day or before. The functions over changes say so for one
customer and
for a list of them; the queries read a whole shop: from the ranks stored now, the changes of later days are undone, so
that only these are read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from peewee import Case, fn

from bot import localtime
from customers.values.windows import Window
from rewards.figures.referral_counts import within
from rewards.ranks import customer_rank
from rewards.ranks.rules import Rank
from rewards.ranks.tables import CustomerRank, RankChange

Distribution = dict[Rank, int]


class Direction(StrEnum):
    """Whether a rank rose or fell."""

    ROSE = "rose"
    FELL = "fell"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a customer's rank; before is None for the first rank."""

    changed_on: date
    before: Rank | None
    after: Rank


@dataclass(frozen=True, slots=True)
class Moves:
    """How many people's ranks rose or fell from one rank to another, and by how many changes."""

    before: Rank
    after: Rank
    people_count: int
    change_count: int


def rank_on(changes: Iterable[Change], day: date) -> Rank | None:
    """Pure: the rank that a customer with these changes, oldest first, held at the end of that day."""
    held = None
    for change in changes:
        if change.changed_on <= day:
            held = change.after
    return held


def distribution(histories: Iterable[Sequence[Change]], day: date) -> Distribution:
    """Pure: how many of these customers held each rank at the end of that day."""
    held = [rank_on(changes, day) for changes in histories]
    return {rank: held.count(rank) for rank in Rank}


def distributions(days: Iterable[date]) -> dict[date, Distribution]:
    """How many customers of the shop held each rank at the end of each of these days, in two statements."""
    ascending = sorted(set(days))
    if not ascending:
        return {}
    now = customer_rank.count_by_rank()
    found: dict[date, Distribution] = {}
    for day in reversed(ascending):
        found[day] = dict(now)
    for place, before, after, count in _changes_after(ascending):
        for day in ascending[:place]:
            found[day][Rank(after)] -= count
            if before is not None:
                found[day][Rank(before)] += count
    return found


def people_with(rank: Rank, day: date) -> Any:
    """Query of the ids of customers who held that rank at the end of that day."""
    return _people_with(rank, day, CustomerRank.customer.is_null(False), RankChange.customer.is_null(False))


def people_with_between(rank: Rank, day: date, low: int, high: int) -> list[int]:
    """Those of them whose ids are from `low` to `high`."""
    found = _people_with(
        rank, day, CustomerRank.customer.between(low, high), RankChange.customer.between(low, high)
    )
    return [customer_id for (customer_id,) in found.tuples()]


def _people_with(rank: Rank, day: date, among: Any, among_changes: Any) -> Any:
    end = localtime.start_of(day + timedelta(days=1))
    later = RankChange.alias()
    changed = later.select(later.id).where(later.customer == CustomerRank.customer, later.changed_at >= end)
    unchanged = CustomerRank.select(CustomerRank.customer.alias("customer")).where(
        among, CustomerRank.rank == rank, ~fn.EXISTS(changed)
    )
    earlier = later.select(later.id).where(
        later.customer == RankChange.customer, later.changed_at >= end, later.id < RankChange.id
    )
    since = RankChange.select(RankChange.customer.alias("customer")).where(
        among_changes, RankChange.before == rank, RankChange.changed_at >= end, ~fn.EXISTS(earlier)
    )
    both = (unchanged | since).alias("both")
    return CustomerRank.select(both.c.customer).from_(both)


def people_who(direction: Direction, window: Window) -> Any:
    """Query of the ids of customers whose rank rose, or fell, on these days at least once."""
    return _changed(direction, window).select(RankChange.customer).distinct()


def people_count(direction: Direction, window: Window) -> int:
    """How many customers' ranks rose, or fell, on these days at least once; each counts once."""
    query = _changed(direction, window).select(fn.COUNT(fn.DISTINCT(RankChange.customer)))
    return int(query.scalar())


def moves(direction: Direction, window: Window) -> list[Moves]:
    """From which rank to which, on these days."""
    columns = (RankChange.before, RankChange.after)
    rows: Any = (
        _changed(direction, window)
        .select(*columns, fn.COUNT(fn.DISTINCT(RankChange.customer)), fn.COUNT(RankChange.id))
        .group_by(*columns)
        .order_by(*columns)
        .tuples()
    )
    return [
        Moves(Rank(before), Rank(after), int(people), int(count)) for before, after, people, count in rows
    ]


def page(
    direction: Direction, window: Window, after: int, limit: int, between: tuple[Rank, Rank] | None = None
) -> list[RankChange]:
    """The changes of these days after that id, oldest first; all, or those from one rank to another."""
    query = _changed(direction, window).where(RankChange.id > after)
    if between is not None:
        query = query.where(RankChange.before == between[0], RankChange.after == between[1])
    return list(query.order_by(RankChange.id).limit(limit))


def _changed(direction: Direction, window: Window) -> Any:
    column = RankChange.after
    moved = column > RankChange.before if direction is Direction.ROSE else column < RankChange.before
    return RankChange.select().where(moved, within(RankChange.changed_at, window))


def _changes_after(days: Sequence[date]) -> list[tuple[int, int | None, int, int]]:
    """The changes after the first of these days: after how many of the days each was, from which rank to which, and
    how many there are."""
    ends = [localtime.start_of(day + timedelta(days=1)) for day in days]
    place = Case(None, [(RankChange.changed_at < end, number) for number, end in enumerate(ends)], len(ends))
    rows: Any = (
        RankChange.select(place, RankChange.before, RankChange.after, fn.COUNT(RankChange.id))
        .where(RankChange.changed_at >= ends[0])
        .group_by(place, RankChange.before, RankChange.after)
        .tuples()
    )
    return [(int(where), before, int(after), int(count)) for where, before, after, count in rows]
