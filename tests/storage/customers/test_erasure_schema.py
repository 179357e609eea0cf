"""Every table says what becomes of its rows when a customer is erased, and that is what becomes of them."""

from typing import Any

import peewee
import pytest

from bot import localtime
from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, database, is_postgres, write_transaction
from bot.db.erasure import Fate
from bot.queue.inbox import DONE, InboxEvent
from customers.erasure import erasing
from customers.people.customer import Customer
from support.transcript import search
from support.transcript.search import TranscriptText
from tests.complete import assert_none
from tests.storage.test_models import models

MARK = "消α"
"""Stands in every text column about the person; two letters fit everywhere."""
LINE_ID = "U" + "e" * 32
STAYING = (Fate.BLANKED, Fate.DETACHED)
CODES = {
    *(
        "kind",
        "state",
        "cause",
        "cause_key",
        "source",
        "reason",
        "what",
        "step_key",
        "entry_key",
        "end_reason",
    ),
    *("rule_version", "action", "segment", "before", "after", "stage", "channel", "retry_key", "event_id"),
    *("aggregation_unit", "leased_by", "sent_as", "request_id", "message_class", "when_busy", "order_number"),
    *("carrier", "sku", "flow_key", "variant", "consent", "change", "outcome", "gone_because", "redeemed_by"),
    *("purchase_cause", "message_id", "image_set", "url", "rules", "staff_name", "about", "name"),
    *("asked_change", "issued_name", "issued_text"),
}
"""Text columns of rows that stay and whose values are codes of ours, of the shop's systems or of LINE, or the shop's
own words (`name` and `sku` are products', `url` a page of the shop, `issued_name` and `issued_text` a reward's)."""


def test_every_table_has_a_declared_fate() -> None:
    assert_none(
        {model._meta.table_name for model in models() if erasure.of(model) is None},
        "this table does not say what becomes of its rows when a customer is erased. Beside its model, call "
        "erasure.deleted, .blanked, .detached or .nothing (bot/db/erasure.py).",
    )


def test_a_table_that_knows_customers_does_not_claim_to_hold_nothing_of_them() -> None:
    about = {"customer", "conversation", "line_user_id", "buyer", "referrer", "referee", "display_name"}
    claiming = [m for m in models() if (found := erasure.of(m)) and found.fate == Fate.NOTHING]
    assert_none(
        {m._meta.table_name for m in claiming if about & set(m._meta.fields)},
        "this table has a column about customers: declare what becomes of its rows, not erasure.nothing.",
    )


def test_rows_that_stay_hold_only_codes_once_they_are_blanked() -> None:
    left = set()
    for model in models():
        found = erasure.of(model)
        if found is None or found.fate not in STAYING:
            continue
        texts = {field.name for field in model._meta.sorted_fields if is_text(field)}
        left |= {f"{model._meta.table_name}.{name}" for name in texts - set(found.changes()) - CODES}
    assert_none(
        left,
        "this column stays when a customer is erased. Blank it in the table's declaration, or, when it holds only "
        "codes, add its name to CODES.",
    )


def is_text(field: peewee.Field) -> bool:
    return isinstance(field, peewee.CharField | peewee.TextField) and not isinstance(
        field, peewee.FixedCharField
    )


def test_nothing_of_the_person_is_left_in_any_table(any_database: peewee.Database) -> None:
    with write_transaction():
        customer_id = a_person_in_every_table()
    assert len(tables_with(MARK)) > 40
    with write_transaction():
        erased = erasing.erase(customer_id, by=None)
    assert_none(tables_with(MARK) | tables_with(LINE_ID), "here something of the erased customer is left.")
    assert Customer.get_by_id(customer_id).erased_at is not None
    assert len(erased.tables) > 40


def test_the_record_of_an_erasure_names_nobody(any_database: peewee.Database) -> None:
    with write_transaction():
        customer_id = a_person_in_every_table()
        counts = erasing.erase(customer_id, by=7).tables
    [record] = erasing.recorded()
    assert record.staff_id == 7
    assert set(record.__data__) == {"id", "erased_at", "staff_id", "tables"}
    assert str(counts["customer_note"]) in record.tables


def test_nobody_is_erased_twice(any_database: peewee.Database) -> None:
    with write_transaction():
        customer_id = a_person_in_every_table()
        erasing.erase(customer_id, by=None)
    with write_transaction(), pytest.raises(erasing.CannotErase) as refused:
        erasing.erase(customer_id, by=None)
    assert refused.value.reason == erasing.ERASED_ALREADY


def a_person_in_every_table() -> int:
    """Rows about one person in every table that may hold some, with the mark in every text column of theirs."""
    rows: dict[type[Model], Any] = {}
    for model in peewee.sort_models(models()):  # type: ignore[attr-defined]
        found = erasure.of(model)
        if found is not None and found.fate != Fate.NOTHING:
            make(model, rows)
    return int(rows[Customer].id)


def make(model: type[Model], rows: dict[type[Model], Any]) -> Any:
    """A row of that table, made once, with rows of the tables that it refers to."""
    if model is TranscriptText:  # its full-text index is written beside it
        search.add(make(InboxEvent, rows).id, make(Conversation, rows).id, MARK, MARK)
        rows[model] = TranscriptText.get()
    if model not in rows:
        found = erasure.of(model)
        assert found is not None
        blanked = set(found.changes()) - CODES if found.fate == Fate.BLANKED else set()
        whole = found.fate == Fate.DELETED
        values = {
            field.name: value_of(field, rows, marked=whole or field.name in blanked)
            for field in model._meta.sorted_fields
            if not isinstance(field, peewee.AutoField) and field.name != "erased_at"
        }
        rows[model] = model.create(**(values | OWN.get(model._meta.table_name, {})))
    return rows[model]


OWN: dict[str, dict[str, Any]] = {
    "customer": {"line_user_id": LINE_ID, "display_name": MARK},
    "conversation": {"key": LINE_ID, "line_user_id": LINE_ID},
    "inbox_event": {"state": DONE, "body": f'{{"text": "{MARK}"}}'},
    "referral_login": {"line_user_id": LINE_ID},
    "parked_order": {"order_number": "1001", "word": MARK},
    "order_meaning": {"kind": "number", "word": MARK},
    "waiting_reversal": {"order_number": "1001"},
    "shipment": {"order_number": "1001"},
    "purchase": {"order_number": "1001"},
    "order_note": {"order_number": "1001"},
    "testimonial": {"public_picture": "voices/1.jpg"},
    "media": {"state": "kept", "kind": "image"},
    "data_import": {"kind": "orders", "state": "preview"},
    "notice": {"sentence": f"{MARK}様"},
}
"""What a table's row needs to be this person's."""
ABOUT = {"details": "customer_id", "about": "customer_id", "value": "customer"}
"""Columns that hold JSON, and how a customer's id is called in it."""


def value_of(field: peewee.Field, rows: dict[type[Model], Any], *, marked: bool) -> Any:
    """A value for that column: the mark, a row that it refers to, or anything that fits."""
    if isinstance(field, peewee.ForeignKeyField):
        return None if field.rel_model is field.model else make(field.rel_model, rows)
    if isinstance(field, UtcDateTimeField):
        return localtime.now()
    if isinstance(field, peewee.DateField):
        return localtime.today()
    if isinstance(field, peewee.BlobField):
        return b""
    if isinstance(field, peewee.BooleanField):
        return False
    if isinstance(field, peewee.IntegerField):
        return 1
    if field.name in ABOUT and not isinstance(field, peewee.FixedCharField):
        about = f'"{ABOUT[field.name]}": {make(Customer, rows).id}'
        return f'{{{about}, "tag": "{MARK}"}}' if marked else f"{{{about}}}"
    if isinstance(field, peewee.FixedCharField):
        return "x"
    return MARK if marked else "x"


def tables_with(sought: str) -> set[str]:
    """The columns, of all tables that the database has, in which that text occurs."""
    found = set()
    for table in database.get_tables():
        for column in database.get_columns(table):
            mark = "%s" if is_postgres() else "?"
            query = f'SELECT 1 FROM "{table}" WHERE CAST("{column.name}" AS TEXT) LIKE {mark} LIMIT 1'
            if database.execute_sql(query, (f"%{sought}%",)).fetchone():
                found.add(f"{table}.{column.name}")
    return found
