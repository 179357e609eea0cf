"""Makes the file that a customer gets who asks what the shop stores about them: a page to read, all rows as JSON, and
the pictures and files that they sent."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import render_template

from bot import localtime
from bot.db import erasure
from bot.db.erasure import Declaration, Fate, Person
from bot.files import storage
from bot.files.media import STORED, Media
from console.data import fields
from customers.erasure import erasing
from customers.people.customer import Customer

NOT_GIVEN = {
    "secret_hash",
    "email_hash",
    "mailbox_hash",
    "phone_hash",
    "delivery_hash",
    "identity",
    "retry_key",
}
"""Columns that are of no use to the customer: hashes, and keys of calls."""
NO_TABLES = {
    "audit_entry",
    "data_import",
    "kept_figures",
    "notice",
    "rank_trial",
    "customer_name",
    "transcript_text",
    "staff_line",
}
"""Tables that repeat what others say: caches, the search, what staff did."""


def made(customer: Customer) -> bytes:
    """The ZIP file."""
    person = erasing.person_of(customer)
    tables = {name: rows for name, rows in _tables(person) if rows}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        page = render_template(
            "console/data/person.html",
            who=customer,
            made_on=localtime.today(),
            tables=[(fields.table_words(name), _as_lines(name, rows)) for name, rows in tables.items()],
        )
        file.writestr("index.html", page)
        file.writestr("data.json", json.dumps(tables, ensure_ascii=False, indent=1, default=str))
        for media in Media.select().where(
            Media.conversation.in_(person.conversation_ids), Media.state == STORED
        ):
            if (found := storage.find(media.key)) is not None:
                with found.file:
                    file.writestr(f"files/{media.id}-{media.file_name or media.kind}", found.file.read())
    return content.getvalue()


def _tables(person: Person) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for each in reversed(erasure.declarations()):
        name = str(each.model._meta.table_name)
        if (
            each.fate != Fate.NOTHING
            and name not in NO_TABLES
            and (mine := _condition(each, person)) is not None
        ):
            query: Any = each.model.select().where(mine).order_by(*each.model._meta.get_primary_keys())
            yield name, [_plain(row) for row in query.dicts()]


def _condition(declaration: Declaration, person: Person) -> Any:
    if declaration.rows is not None:
        return erasure.condition(declaration, person)
    field = declaration.model._meta.fields.get("customer")
    return None if field is None else field == person.customer_id


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _value(value)
        for name, value in row.items()
        if name not in NOT_GIVEN and value not in (None, "")
    }


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return localtime.local(value).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def _as_lines(table: str, rows: list[dict[str, Any]]) -> list[list[tuple[str, Any]]]:
    return [[(fields.field_words(table, name), value) for name, value in row.items()] for row in rows]
