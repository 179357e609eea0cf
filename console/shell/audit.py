"""Records what people change, in the transaction of the change, for every form of the console.

No page can forget it: the record is written inside every transaction that changed something, as it ends. A
page adds details with `note()`; what customers wrote is never recorded.
"""

import json
from datetime import date, timedelta
from typing import Any

import peewee
from flask import g, has_request_context, request
from flask_login import current_user

from bot import localtime
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction

PAGE = 50


class AuditEntry(Model):
    """One change by one person. Rows are only ever added."""

    at = UtcDateTimeField()
    staff_id = peewee.IntegerField(null=True)
    """Who; None for an operator's command and for somebody who is just accepting an invitation."""
    kind = peewee.CharField(64)
    """The endpoint that changed it (`adjust_points`), or the command (`manage.py staff add`)."""
    about = peewee.TextField()
    """What was changed: the numbers in the page's address, as JSON."""
    details = peewee.TextField()
    """The details that the page noted, as JSON."""


def start() -> None:
    """Begin recording what this request changes, until `stop()`."""
    database.observer.set(_record_change)


def stop(_error: BaseException | None = None) -> None:
    """End the recording; the request may have failed."""
    database.observer.set(None)


def note(**details: Any) -> None:
    """Add details to the record of this request: small plain values, nothing that a customer wrote."""
    if has_request_context():
        g.setdefault("audit_details", {}).update(details)


def record(kind: str, staff_id: int | None, about: dict[str, Any], details: dict[str, Any]) -> None:
    """Write the record, in the transaction of the change."""
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
    """The newest records that match the filters, before the given id."""
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
    """The kinds of change that were recorded."""
    query: Any = AuditEntry.select(AuditEntry.kind).distinct().order_by(AuditEntry.kind).tuples()
    return [kind for (kind,) in query]


def _about(who: erasure.Person) -> Any:
    """Changes of the person: their number stands in the page's address, or in a detail. Of chats and other things that
    are theirs, no detail is recorded that a customer wrote."""
    number = f'"customer_id": {who.customer_id}'
    return (
        AuditEntry.about.contains(f"{number},")
        | AuditEntry.about.contains(f"{number}}}")
        | AuditEntry.details.contains(f"{number},")
        | AuditEntry.details.contains(f"{number}}}")
    )


erasure.blanked(AuditEntry, {"details": "{}"}, _about)
