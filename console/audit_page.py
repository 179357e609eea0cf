"""Decides how the owner reads the record of changes: by person, kind and day, in pages, and as a file."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date

from flask import Response, render_template, request

from bot import localtime, spreadsheet
from console import audit, audit_words, staff
from console.pages import console
from console.words import gettext

MOST_IN_A_FILE = 100_000


@dataclass(frozen=True)
class _Wanted:
    staff_id: int | None
    kind: str
    day: date | None


@console.get("/audit")
def audit_log() -> str:
    """The newest changes."""
    wanted = _wanted()
    entries = audit.page(wanted.staff_id, wanted.kind, wanted.day, request.args.get("before", type=int))
    return render_template(
        "console/audit.html",
        wanted=wanted,
        entries=entries,
        names=staff.names(),
        kinds=audit.kinds(),
        in_words=audit_words.in_words,
        particulars=_particulars,
        older=entries[-1].id if len(entries) == audit.PAGE else None,
    )


@console.get("/audit.csv")
def audit_csv() -> Response:
    """The same as a file."""
    wanted, names = _wanted(), staff.names()
    text = io.StringIO("\ufeff")
    text.seek(0, io.SEEK_END)
    rows = csv.writer(text)
    rows.writerow(["at", "staff", "kind", "about", "details"])
    for entry in audit.page(wanted.staff_id, wanted.kind, wanted.day, None, MOST_IN_A_FILE):
        at = localtime.local(entry.at).isoformat(timespec="seconds")
        who = names.get(entry.staff_id, "") if entry.staff_id else gettext("管理コマンド")
        rows.writerow([at, spreadsheet.harmless(who), entry.kind, entry.about, entry.details])
    headers = {"Content-Disposition": "attachment; filename=audit.csv"}
    return Response(text.getvalue(), mimetype="text/csv", headers=headers)


def _particulars(entry: audit.AuditEntry) -> list[tuple[str, str]]:
    """What it was about and what the page noted, a name and a value each."""
    kept = json.loads(entry.about) | json.loads(entry.details)
    return [audit_words.detail_in_words(name, value) for name, value in kept.items()]


def _wanted() -> _Wanted:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = None
    return _Wanted(request.args.get("staff", type=int), request.args.get("kind", ""), day)
