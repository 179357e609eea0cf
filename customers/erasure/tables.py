"""The record of erasures, which names nobody, and the marks by which somebody who comes back is recognised."""

import json

import peewee

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField


class Erasure(Model):
    """One erasure: when, by whom, and how many rows of which tables."""

    erased_at = UtcDateTimeField(index=True)
    staff_id = peewee.IntegerField(null=True)
    """Who did it; None for an operator's command."""
    tables = peewee.TextField(default="{}")
    """The number of rows that were deleted or blanked, by table, as JSON."""

    @property
    def row_count(self) -> int:
        """All rows together."""
        return sum(json.loads(self.tables).values())

    class Meta:
        table_name = "erasure"


class ErasedMark(Model):
    """A keyed hash of a LINE user id or of a buyer's address that was erased. It leads to no row of anybody; it only
    says that whoever has that address was a customer before."""

    mark = peewee.CharField(64, unique=True)
    made_on = peewee.DateField(index=True)

    class Meta:
        table_name = "erased_mark"


erasure.nothing("It counts rows, of nobody.", Erasure)
erasure.nothing(
    "A keyed hash that stands beside no person, for a limited time: see the privacy page.", ErasedMark
)
