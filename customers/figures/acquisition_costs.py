"""What winning a customer costs (CPO) and the margin of sales, which the owner enters, by the month they begin in.

Versions are only added. In a month the version that begins last before its end is in force; of two that begin in the
same month, the one entered last. Undoing a version adds one that begins in its month, with what was in force in it
before. Where they are used: `payback.py`; the page: `console/ltv/`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, require_transaction
from customers.values.windows import first_of_month

MOST_YEN = 10_000_000
FURTHEST_MONTHS = 24
"""How many months ahead a version may begin."""
FIRST_MONTH = date(2000, 1, 1)


class AcquisitionCost(Model):
    """One version. Both figures are NULL where an undone version was the first: nothing is entered from then on."""

    from_month = peewee.DateField(index=True)
    """The first day of the month it begins in."""
    cpo_yen = peewee.IntegerField(null=True)
    margin_permille = peewee.SmallIntegerField(null=True)
    entered_at = UtcDateTimeField()
    staff_id = peewee.IntegerField(null=True)
    undone_id = peewee.IntegerField(null=True)
    """The version that this one undoes."""

    class Meta:
        table_name = "acquisition_cost"


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


class Unchanged(Exception):
    """The version would change nothing."""


def in_force(versions: Iterable[Version], on: date) -> Version | None:
    """The version in force in the month of that day; None where none has begun. Pure."""
    begun = [each for each in versions if each.from_month <= on]
    return max(begun, key=lambda each: (each.from_month, each.id), default=None)


def without(versions: Iterable[Version], undone: Version) -> Costs | None:
    """What was in force in the month of that version before it was entered. Pure."""
    before = [each for each in versions if each.id < undone.id]
    found = in_force(before, undone.from_month)
    return found.costs if found is not None else None


def costs_on(on: date) -> Costs | None:
    """The costs in force on that day; None while nothing is entered."""
    found = in_force(versions(), on)
    return found.costs if found is not None else None


def versions() -> list[Version]:
    """All versions, the one entered last first."""
    return [_version(row) for row in AcquisitionCost.select().order_by(AcquisitionCost.id.desc())]


def enter(from_month: date, costs: Costs, staff_id: int | None) -> Version:
    """Add a version. Raises Unchanged where the same is in force in that month by a version that begins in it."""
    require_transaction()
    known = in_force(versions(), from_month)
    if known is not None and (known.from_month, known.costs) == (from_month, costs):
        raise Unchanged
    return _add(from_month, costs, staff_id)


def undo(version_id: int, staff_id: int | None) -> Version | None:
    """Add a version that undoes this one; None for an unknown version. Raises Unchanged where another has replaced it,
    or it is undone already."""
    require_transaction()
    known = versions()
    undone = next((each for each in known if each.id == version_id), None)
    if undone is None:
        return None
    if not can_be_undone(known, undone):
        raise Unchanged
    return _add(undone.from_month, without(known, undone), staff_id, undone.id)


def can_be_undone(known: Sequence[Version], version: Version) -> bool:
    """Whether it is the one in force in the month it begins in, and says something else than the version before.
    Pure."""
    return in_force(known, version.from_month) == version and without(known, version) != version.costs


def latest_month(today: date) -> date:
    """The last month that a version may begin in."""
    return first_of_month(today, -FURTHEST_MONTHS)


def _add(
    from_month: date, costs: Costs | None, staff_id: int | None, undone_id: int | None = None
) -> Version:
    return _version(
        AcquisitionCost.create(
            from_month=from_month,
            cpo_yen=costs.cpo_yen if costs is not None else None,
            margin_permille=costs.margin_permille if costs is not None else None,
            entered_at=localtime.now(),
            staff_id=staff_id,
            undone_id=undone_id,
        )
    )


def _version(row: AcquisitionCost) -> Version:
    costs = None if row.cpo_yen is None else Costs(row.cpo_yen, row.margin_permille)
    return Version(row.id, row.from_month, costs, row.entered_at, row.staff_id, row.undone_id)
