"""Pages on which staff edit canned replies. What such a text may be is in `support/tickets/canned_replies.py`."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.shell.translation import gettext
from support.tickets import canned_replies


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/canned")(canned_texts)
    console.post("/canned")(keep_canned)
    console.post("/canned/<int:canned_id>/drop")(drop_canned)


@dataclass(frozen=True, slots=True)
class CannedDraft:
    """The values of the form."""

    id: int | None = None
    was_named: str = ""
    name: str = ""
    body: str = ""


def canned_texts() -> str:
    """All canned replies, and a form for a new one or for the one being changed."""
    known = canned_replies.find(request.args.get("id", 0, type=int))
    return _page(CannedDraft(known.id, known.name, known.name, known.body) if known else CannedDraft())


def keep_canned() -> Response | tuple[str, int]:
    """Create a canned reply, or change one."""
    canned_id = request.form.get("canned_id", type=int)
    known = canned_replies.find(canned_id or 0)
    name, body = request.form.get("name", ""), request.form.get("body", "")
    draft = CannedDraft(known.id if known else None, known.name if known else "", name, body)
    try:
        with write_transaction():
            canned_replies.keep(name, body, current_user.id, draft.id)
    except canned_replies.NameTaken:
        return _page(draft, gettext("その名前の定型文は、もうあります。")), 422
    except ValueError:
        return _page(draft, gettext("短い名前と文を入れてください。")), 422
    flash(gettext("定型文を保存しました。"))
    return redirect(url_for("console.canned_texts"), 303)


def drop_canned(canned_id: int) -> Response:
    """Delete a canned reply."""
    with write_transaction():
        dropped = canned_replies.drop(canned_id)
    if dropped:
        flash(gettext("定型文を削除しました。"))
    return redirect(url_for("console.canned_texts"), 303)


def _page(draft: CannedDraft, error: str = "") -> str:
    return render_template(
        "console/canned.html",
        texts=canned_replies.everything(),
        draft=draft,
        error=error,
        longest_name=canned_replies.LONGEST_NAME,
        longest_body=canned_replies.LONGEST_BODY,
    )
