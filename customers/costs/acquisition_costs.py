"""Stores what winning a customer costs (CPO) and the margin of sales, as the owner enters them.

Versions are only added; which one is in force is in `versions.py`. Undoing one adds another that begins in its month,
with what was in force in it before. The page: `console/ltv/`.
"""

from datetime import date

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from customers.costs.versions import Costs, Version, can_be_undone, in_force, without
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


class Unchanged(Exception):
    """The version would change nothing."""


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
    cpo, margin = row.cpo_yen, row.margin_permille
    costs = Costs(cpo, margin) if cpo is not None and margin is not None else None
    return Version(row.id, row.from_month, costs, row.entered_at, row.staff_id, row.undone_id)


erasure.nothing("It is about the shop's costs.", AcquisitionCost)
