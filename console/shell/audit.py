"""Decides how it is recorded what people changed: in the transaction of the change, for every form of the console.

No page can forget it: the record is written when a transaction that changed something ends, inside it. A page adds
what the record should say with `note()`; what customers wrote never goes into it.
"""

import json
from datetime import date, timedelta
from typing import Any

import peewee
from flask import g, has_request_context, request
from flask_login import current_user

from bot import localtime
from bot.db import database
from bot.db.database import Model, UtcDateTimeField, require_transaction

PAGE = 50


class AuditEntry(Model):
    """One change by one person. Rows are only ever added."""

    at = UtcDateTimeField()
    staff_id = peewee.IntegerField(null=True)
    """Who; nobody for an operator's command and for whoever is only just coming in."""
    kind = peewee.CharField(64)
    """The page that changed it (`adjust_points`), or the command (`manage.py staff add`)."""
    about = peewee.TextField()
    """What it was about: the numbers in the page's address, as JSON."""
    details = peewee.TextField()
    """What the page noted, as JSON."""


def watch() -> None:
    """From now on until `rest()`, what this request changes is recorded."""
    database.observer.set(_record_change)


def rest(_error: BaseException | None = None) -> None:
    """The request is over, with an error or without."""
    database.observer.set(None)


def note(**details: Any) -> None:
    """What the record of this request should say: small plain values, nothing that a customer wrote."""
    if has_request_context():
        g.setdefault("audit_details", {}).update(details)


def record(kind: str, staff_id: int | None, about: dict[str, Any], details: dict[str, Any]) -> None:
    """Write it down, with the change."""
    require_transaction()
    AuditEntry.create(
        at=localtime.now(), staff_id=staff_id, kind=kind, about=_as_text(about), details=_as_text(details)
    )


def _record_change() -> None:
    who = current_user.id if current_user.is_authenticated else None
    kind = (request.endpoint or "").removeprefix("console.")
    record(kind, who, request.view_args or {}, g.get("audit_details", {}))


def _as_text(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, default=str)


def page(
    staff_id: int | None, kind: str | None, day: date | None, before: int | None, limit: int = PAGE
) -> list[AuditEntry]:
    """The newest records that fit, from before that record on."""
    query = AuditEntry.select().order_by(AuditEntry.id.desc())
    if staff_id is not None:
        query = query.where(AuditEntry.staff_id == staff_id)
    if kind:
        query = query.where(AuditEntry.kind == kind)
    if day is not None:
        query = query.where(
            AuditEntry.at >= localtime.start_of(day),
            AuditEntry.at < localtime.start_of(day + timedelta(days=1)),
        )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(query.limit(limit))


def kinds() -> list[str]:
    """The kinds there are."""
    query: Any = AuditEntry.select(AuditEntry.kind).distinct().order_by(AuditEntry.kind).tuples()
    return [kind for (kind,) in query]
