"""The tables of imports: each file with its state, its rows that need a person, and what it brought."""

from enum import StrEnum
from typing import Any

from peewee import BigIntegerField, CharField, ForeignKeyField, IntegerField, TextField

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from bot.db.erasure import Person
from bot.files import storage


class ImportKind(StrEnum):
    """What a file holds."""

    ORDERS = "orders"
    PRODUCTS = "products"


class ImportState(StrEnum):
    """How far an import is."""

    PREVIEW = "preview"
    """Stored and not begun: the owner reads how it was understood."""
    WAITING = "waiting"
    """The owner said yes; the clock begins it, or goes on with it."""
    COMMAND = "command"
    """Run by a command, which goes on with it or not at all."""
    DONE = "done"
    FAILED = "failed"
    """The file as a whole could not be read; `fault` says why."""
    DISCARDED = "discarded"
    UNDO = "undo"
    """The owner asked to undo it; the clock sees whether that can be."""
    UNDOING = "undoing"
    UNDONE = "undone"


class DataImport(Model):
    """One file, from the moment it was dropped into the page."""

    kind = CharField(12)
    file_name = CharField(200)
    byte_count = BigIntegerField()
    checksum = CharField(64)
    once_key = CharField(80, null=True, unique=True)
    """Kind and checksum while the file counts as imported, so that each is imported once; NULL once it was
    undone or discarded."""
    file_key = CharField(120, default="")
    """Where the file is stored (`bot/files/storage.py`); empty once it is deleted."""
    columns = TextField(default="{}")
    """The columns that the owner chose, by field, as JSON."""
    encoding = CharField(16, default="")
    state = CharField(12, index=True)
    done_count = IntegerField(default=0)
    """So many orders and bad rows of the file are stored; a run that was killed goes on after them."""
    done_bytes = BigIntegerField(default=0)
    counts = TextField(default="{}")
    fault = TextField(default="")
    """Why the file as a whole could not be read, or was discarded without its owner."""
    fault_en = TextField(default="")
    refusal = TextField(default="{}")
    """Why it could not be undone: how many orders for each reason, as JSON."""
    made_at = UtcDateTimeField(index=True)
    made_by_id = IntegerField(null=True)
    """The member of staff; NULL for a command."""
    finished_at = UtcDateTimeField(null=True)
    undone_at = UtcDateTimeField(null=True)
    undone_by_id = IntegerField(null=True)

    class Meta:
        table_name = "data_import"


class ImportRow(Model):
    """A row that needs a person, with its reason in both languages. What is shown of it has no address."""

    data_import = ForeignKeyField(DataImport, on_delete="CASCADE", backref="+", index=False)
    data_import_id: int
    line = IntegerField()
    kind = CharField(10)
    reason = TextField()
    reason_en = TextField()
    shown = TextField(default="")
    shown_en = TextField(default="")

    class Meta:
        table_name = "import_row"
        indexes = ((("data_import", "line"), False),)


class ImportOrder(Model):
    """An order that an import stored or found, and what became of it there."""

    data_import = ForeignKeyField(DataImport, on_delete="CASCADE", backref="+", index=False)
    data_import_id: int
    order_number = CharField(80)
    outcome = CharField(10)

    class Meta:
        table_name = "import_order"
        indexes = ((("data_import", "order_number"), True),)


class ImportProduct(Model):
    """A product that an import made or changed: the columns it wrote, before and after, as JSON."""

    data_import = ForeignKeyField(DataImport, on_delete="CASCADE", backref="+", index=False)
    data_import_id: int
    sku = CharField(64)
    before = TextField(default="")
    """Empty for a product that was new."""
    after = TextField()

    class Meta:
        table_name = "import_product"
        indexes = ((("data_import", "sku"), True),)


class ImportColumns(Model):
    """The columns that the owner chose for files with one header; the next file with it is understood alike."""

    kind = CharField(12)
    header_key = CharField(64)
    columns = TextField()
    chosen_at = UtcDateTimeField()
    chosen_by_id = IntegerField(null=True)

    class Meta:
        table_name = "import_columns"
        indexes = ((("kind", "header_key"), True),)


WITH_ERASED = {
    "state": ImportState.DISCARDED,
    "fault": "お客様の情報を消したときに、取りこむ前のこのファイルも消しました"
    "（その方のことが書かれているかもしれないため）。その方の行を除いて、もう一度入れてください。",
    "fault_en": "A customer's data was erased, and with it this file, which was not imported yet and may name that "
    "customer. Give it again without the customer's rows.",
    **dict.fromkeys(("file_key", "checksum", "encoding"), ""),
    **dict.fromkeys(("columns", "counts", "refusal"), "{}"),
    "file_name": "CSV",
    "once_key": None,
}
"""What becomes of a file of orders that waits when a customer is erased. It is discarded as a whole: which of its rows
are about that customer cannot be said with certainty before they are imported."""


def _waits(_person: Person) -> Any:
    waits = (DataImport.state == ImportState.PREVIEW) | (DataImport.file_key != "") & (
        DataImport.state == ImportState.FAILED
    )
    return (DataImport.kind == ImportKind.ORDERS) & waits


def _delete_waiting_files(person: Person) -> None:
    for row in DataImport.select(DataImport.file_key).where(_waits(person), DataImport.file_key != ""):
        storage.discard(row.file_key)


erasure.blanked(DataImport, WITH_ERASED, _waits, before=_delete_waiting_files)
erasure.nothing("It shows an order's number, day and sum at most, and reasons of ours.", ImportRow)
erasure.nothing(
    "They are about the shop's products, and the columns of its files.", ImportProduct, ImportColumns
)
erasure.detached(ImportOrder, "Which file an order came with, so that the import can still be undone.")
