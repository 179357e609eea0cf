"""Which version of the cost of winning a customer (CPO) and of the margin is in force in a month. Pure.

In a month the version that begins last before its end is in force; of two that begin in the same month, the one entered
last. `acquisition_costs.py` stores them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of winning one customer, in yen, and how much of sales is left after the goods, in thousandths."""

    cpo_yen: int
    margin_permille: int

    @property
    def margin(self) -> float:
        """The margin from 0 to 1."""
        return self.margin_permille / 1_000


@dataclass(frozen=True, slots=True)
class Version:
    """What the owner entered, and when; `costs` is None where nothing is in force from that month."""

    id: int
    from_month: date
    costs: Costs | None
    entered_at: datetime
    staff_id: int | None
    undone_id: int | None


def in_force(versions: Iterable[Version], on: date) -> Version | None:
    """The version in force in the month of that day; None where none has begun."""
    begun = [each for each in versions if each.from_month <= on]
    return max(begun, key=lambda each: (each.from_month, each.id), default=None)


def without(versions: Iterable[Version], undone: Version) -> Costs | None:
    """What was in force in the month of that version before it was entered."""
    before = [each for each in versions if each.id < undone.id]
    found = in_force(before, undone.from_month)
    return found.costs if found is not None else None


def can_be_undone(known: Sequence[Version], version: Version) -> bool:
    """Whether it is the one in force in the month it begins in, and says something else than the version before."""
    return in_force(known, version.from_month) == version and without(known, version) != version.costs
