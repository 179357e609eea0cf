"""How a shop's customers are spread over the three axes of the ranks, and how far each is from the next rank.

The axes are those stored at the last review (`rewards/ranks/`). The functions over one customer say in which class
they are;
the queries count a whole shop.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import Case, fn

from bot.config import shop
from rewards.ranks.rules import Axes, Rank, RankRules
from rewards.ranks.settings import RankSection
from rewards.ranks.tables import CustomerRank

AXES = ("money", "behaviour", "relationship")
CLASSES = ((0, 0), (1, 20), (21, 40), (41, 60), (61, 80), (81, 100))
"""Classes of an axis, both ends included."""
DISTANCES = ((0, 0), (1, 10), (11, 25), (26, 50), (51, 300))
"""Classes of what is missing to the next rank, summed over the axes; 0 has all it needs and waits for the next review
or for a first purchase."""


@dataclass(frozen=True, slots=True)
class AxisClass:
    """How many customers are in a class of an axis."""

    axis: str
    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Distance:
    """How many customers of a rank miss so much to the next, and how many of these miss some of each axis."""

    rank: Rank
    low: int
    high: int
    count: int
    missing: Mapping[str, int]


def class_of(value: int, classes: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Pure: the class in which a value is."""
    return next((low, high) for low, high in classes if low <= value <= high)


def missing(axes: Axes, rank: Rank, rules: RankRules) -> Axes | None:
    """Pure: what a customer of that rank misses of each axis to the next rank; None at the highest."""
    if rank is max(Rank):
        return None
    asked = rules.asked_for(Rank(rank + 1))
    return Axes(*(max(0, getattr(asked, name) - getattr(axes, name)) for name in AXES))


def distance(axes: Axes, rank: Rank, rules: RankRules) -> int | None:
    """Pure: the sum of what is missing; None at the highest rank."""
    less = missing(axes, rank, rules)
    return None if less is None else less.money + less.behaviour + less.relationship


def axis_classes() -> list[AxisClass]:
    """Every class of every axis with the number of customers in it, in one statement."""
    columns = [getattr(CustomerRank, name) for name in AXES]
    counts = [
        fn.COALESCE(fn.SUM(Case(None, [(column.between(low, high), 1)], 0)), 0)
        for column in columns
        for low, high in CLASSES
    ]
    row: Any = CustomerRank.select(*counts).tuples().first()
    cells = [(name, *each) for name in AXES for each in CLASSES]
    return [AxisClass(*cell, int(count)) for cell, count in zip(cells, row, strict=True)]


def distances() -> list[Distance]:
    """Every class of what is missing, of each rank below the highest, in one statement."""
    less = _missing()
    place = Case(None, [(_total().between(*each), number) for number, each in enumerate(DISTANCES)])
    sums = [fn.SUM(Case(None, [(column > 0, 1)], 0)) for column in less]
    rows: Any = (
        CustomerRank.select(CustomerRank.rank, place, fn.COUNT(CustomerRank.id), *sums)
        .where(CustomerRank.rank < max(Rank))
        .group_by(CustomerRank.rank, place)
        .tuples()
    )
    found = {(int(rank), int(number)): values for rank, number, *values in rows}
    empty = [0] * (len(AXES) + 1)
    return [
        Distance(rank, *each, int(count), dict(zip(AXES, map(int, some), strict=True)))
        for rank in sorted(Rank)[:-1]
        for number, each in enumerate(DISTANCES)
        for count, *some in (found.get((int(rank), number), empty),)
    ]


def people_in_class(axis: str, low: int, high: int) -> Any:
    """Query of the ids of customers in a class of an axis."""
    return CustomerRank.select(CustomerRank.customer).where(getattr(CustomerRank, axis).between(low, high))


def people_at_distance(rank: Rank, low: int, high: int) -> Any:
    """Query of the ids of customers of a rank who miss from `low` to `high` to the next."""
    return CustomerRank.select(CustomerRank.customer).where(
        CustomerRank.rank == rank, CustomerRank.rank < max(Rank), _total().between(low, high)
    )


def _missing() -> list[Any]:
    """What is missing of each axis, as expressions."""
    rules = shop.get(RankSection).rules()
    ranks = sorted(Rank)[:-1]
    found = []
    for name in AXES:
        asked = {rank: getattr(rules.asked_for(Rank(rank + 1)), name) for rank in ranks}
        column = getattr(CustomerRank, name)
        whens = [
            ((CustomerRank.rank == rank) & (column < value), value - column) for rank, value in asked.items()
        ]
        found.append(Case(None, whens, 0))
    return found


def _total() -> Any:
    money, behaviour, relationship = _missing()
    return money + behaviour + relationship
