"""Shows the owner the audit log: by person, kind and day, in pages, and as a CSV file."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request

from bot import localtime
from console.auth import staff_accounts
from console.shell import audit, audit_words, csv_file
from console.shell.translation import gettext

AT_ONCE = 1_000
"""Rows of the file that are in memory at a time."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/audit")(audit_log)
    console.get("/audit.csv")(audit_csv)


@dataclass(frozen=True)
class _Wanted:
    staff_id: int | None
    kind: str
    day: date | None


def audit_log() -> str:
    """The newest changes, a page at a time."""
    wanted = _wanted()
    entries = audit.page(wanted.staff_id, wanted.kind, wanted.day, request.args.get("before", type=int))
    return render_template(
        "console/audit.html",
        wanted=wanted,
        entries=entries,
        names=staff_accounts.names(),
        kinds=audit.kinds(),
        in_words=audit_words.in_words,
        particulars=_particulars,
        older=entries[-1].id if len(entries) == audit.PAGE else None,
    )


def audit_csv() -> Response:
    """The same changes as a CSV file."""
    return csv_file.answer("audit.csv", _rows(_wanted(), staff_accounts.names()))


def _rows(wanted: _Wanted, names: dict[int, str]) -> Iterator[Sequence[object]]:
    yield "at", "staff", "kind", "about", "details"
    before = None
    while entries := audit.page(wanted.staff_id, wanted.kind, wanted.day, before, AT_ONCE):
        for entry in entries:
            at = localtime.local(entry.at).isoformat(timespec="seconds")
            who = names.get(entry.staff_id, "") if entry.staff_id else gettext("管理コマンド")
            yield at, who, entry.kind, entry.about, entry.details
        before = entries[-1].id


def _particulars(entry: audit.AuditEntry) -> list[tuple[str, str]]:
    """The record's details as pairs of name and value, in the reader's language."""
    recorded = json.loads(entry.about) | json.loads(entry.details)
    return [audit_words.detail_in_words(name, value) for name, value in recorded.items()]


def _wanted() -> _Wanted:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = None
    return _Wanted(request.args.get("staff", type=int), request.args.get("kind", ""), day)
