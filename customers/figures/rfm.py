"""The classes of recency, frequency and money (RFM), and the sums of customers by class on two days. Pure.

All three are of purchases up to and including a day (`purchases.is_purchase`): R the days since the last one, F their
number, M their yen less refunds as known now. `rfm_counts.py` counts the same in the database.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Axis(StrEnum):
    """One of the three."""

    RECENCY = "r"
    FREQUENCY = "f"
    MONEY = "m"


@dataclass(frozen=True, slots=True)
class Band:
    """A class: values from the first to the last, both included; None for no end."""

    first: int
    last: int | None

    def __contains__(self, value: int) -> bool:
        return self.first <= value and (self.last is None or value <= self.last)


BANDS: dict[Axis, tuple[Band, ...]] = {
    Axis.RECENCY: (
        *(Band(0, 30), Band(31, 60), Band(61, 90), Band(91, 180), Band(181, 365)),
        Band(366, None),
    ),
    Axis.FREQUENCY: (Band(1, 1), Band(2, 2), Band(3, 4), Band(5, 9), Band(10, None)),
    Axis.MONEY: (
        *(Band(1, 4_999), Band(5_000, 9_999), Band(10_000, 17_999), Band(18_000, 49_999)),
        *(Band(50_000, 99_999), Band(100_000, None)),
    ),
}
"""The classes of each axis, the most recent, fewest, least first. The method's ¥18,000 is a border of M."""
LOST_FROM = 4
"""The first class of R that counts as gone: more than 180 days."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase of one customer: its day and its yen less refunds, more than 0."""

    on: date
    yen: int


@dataclass(frozen=True, slots=True)
class Classes:
    """The class of a customer on each axis, by its place in BANDS."""

    r: int
    f: int
    m: int

    def on_axis(self, axis: Axis) -> int:
        """The class on that axis."""
        return {Axis.RECENCY: self.r, Axis.FREQUENCY: self.f, Axis.MONEY: self.m}[axis]


@dataclass(frozen=True, slots=True)
class Group:
    """Customers who were in the same classes on the earlier day and are in the same on the later one, with their yen up
    to each."""

    before: Classes | None
    """None for those who bought first after the earlier day."""
    after: Classes
    people: int
    yen_before: int
    yen_after: int


@dataclass(frozen=True, slots=True)
class Cell:
    """People and their yen."""

    people: int = 0
    yen: int = 0


def place_of(axis: Axis, value: int) -> int:
    """The class of a value. Raises ValueError for what is in none."""
    for place, band in enumerate(BANDS[axis]):
        if value in band:
            return place
    raise ValueError(f"{value} is in no class of {axis}")


def classes_of(bought: Iterable[Bought], on: date) -> Classes | None:
    """The classes of somebody with these purchases on that day; None for who had bought nothing yet."""
    known = [each for each in bought if each.on <= on]
    if not known:
        return None
    return Classes(
        place_of(Axis.RECENCY, (on - max(each.on for each in known)).days),
        place_of(Axis.FREQUENCY, len(known)),
        place_of(Axis.MONEY, sum(each.yen for each in known)),
    )


def groups_of(customers: Iterable[Sequence[Bought]], earlier: date, later: date) -> list[Group]:
    """The groups of these customers on the two days."""
    people: Counter[tuple[Classes | None, Classes]] = Counter()
    yen_before: Counter[tuple[Classes | None, Classes]] = Counter()
    yen_after: Counter[tuple[Classes | None, Classes]] = Counter()
    for bought in customers:
        after = classes_of(bought, later)
        if after is None:
            continue
        key = classes_of(bought, earlier), after
        people[key] += 1
        yen_before[key] += sum(each.yen for each in bought if each.on <= earlier)
        yen_after[key] += sum(each.yen for each in bought if each.on <= later)
    return [Group(*key, count, yen_before[key], yen_after[key]) for key, count in people.items()]


def grid(
    groups: Iterable[Group], rows: Axis, columns: Axis, *, is_later: bool = True
) -> dict[tuple[int, int], Cell]:
    """People and yen by the classes of two axes, on the later or the earlier day; empty cells are left out."""
    found: dict[tuple[int, int], Cell] = {}
    for group in groups:
        classes = group.after if is_later else group.before
        if classes is None:
            continue
        key = classes.on_axis(rows), classes.on_axis(columns)
        known = found.get(key, Cell())
        yen = group.yen_after if is_later else group.yen_before
        found[key] = Cell(known.people + group.people, known.yen + yen)
    return found


def moves(groups: Iterable[Group], axis: Axis) -> dict[tuple[int | None, int], int]:
    """People by their class on the earlier and on the later day; the earlier one is None of who bought first in
    between."""
    found: Counter[tuple[int | None, int]] = Counter()
    for group in groups:
        before = group.before.on_axis(axis) if group.before is not None else None
        found[before, group.after.on_axis(axis)] += group.people
    return dict(found)


def new_count(groups: Iterable[Group]) -> int:
    """How many bought for the first time between the two days."""
    return sum(group.people for group in groups if group.before is None)


def lost_count(groups: Iterable[Group]) -> int:
    """How many had bought within the last 180 days on the earlier day, and on the later one had not."""
    return sum(
        group.people
        for group in groups
        if group.before is not None and group.before.r < LOST_FROM <= group.after.r
    )


def returned_count(groups: Iterable[Group]) -> int:
    """How many had not bought within the last 180 days on the earlier day, and on the later one had."""
    return sum(
        group.people
        for group in groups
        if group.before is not None and group.after.r < LOST_FROM <= group.before.r
    )
