"""Exports the FAQ as CSV, and imports one in two steps: a preview of the changes, then the import itself."""

import io

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.db.database import write_transaction
from console.faq import complaints
from console.shell import csv_file
from console.shell.translation import gettext
from support.faq import file as faq_file
from support.faq import importing
from support.faq.tables import FaqUpload


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/faq/export")(faq_export)
    console.get("/faq/import")(faq_import_file)
    console.post("/faq/import")(faq_look_through)
    console.get("/faq/import/<int:upload_id>")(faq_import_plan)
    console.post("/faq/import/<int:upload_id>")(faq_import_now)


def faq_export() -> Response:
    """The entries in use as a CSV that spreadsheets open and the import accepts."""
    text = io.StringIO(newline="")
    faq_file.write(importing.rows(), text)
    name = f"faq-{localtime.today():%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(csv_file.BYTE_ORDER_MARK + text.getvalue(), mimetype="text/csv", headers=headers)


def faq_import_file() -> str:
    """The form to choose a file."""
    return render_template("console/faq_import.html", columns=faq_file.COLUMNS)


def faq_look_through() -> AnyResponse | tuple[str, int]:
    """Store the uploaded file and go to the preview of its changes."""
    file = request.files.get("file")
    content = file.read(importing.LARGEST_BYTES + 1) if file else b""
    if not content or len(content) > importing.LARGEST_BYTES:
        error = gettext("1MBまでのCSVファイルを選んでください。")
        return render_template("console/faq_import.html", columns=faq_file.COLUMNS, error=error), 422
    with write_transaction():
        name = (file and file.filename) or "faq.csv"
        upload_id = importing.keep_upload(content, name, current_user.id)
    return redirect(url_for("console.faq_import_plan", upload_id=upload_id), 303)


def faq_import_plan(upload_id: int) -> str:
    """What the file would change, row by row. Nothing is written yet."""
    upload = _found(upload_id)
    planned = importing.plan(bytes(upload.content))
    return render_template(
        "console/faq_import_plan.html", upload=upload, plan=planned, complaint=complaints.in_words
    )


def faq_import_now(upload_id: int) -> AnyResponse:
    """Import the file into the FAQ as it is now."""
    upload = _found(upload_id)
    with write_transaction():
        planned = importing.plan(bytes(upload.content))
        if importing.drop_upload(upload_id):
            importing.carry_out(planned, current_user.id)
    flash(
        gettext(
            "取り込みました：追加 %(added)d件・変更 %(changed)d件・同じ %(same)d件。",
            added=planned.count(importing.ADDED),
            changed=planned.count(importing.CHANGED),
            same=planned.count(importing.SAME),
        )
    )
    return redirect(url_for("console.faq_stock"), 303)


def _found(upload_id: int) -> FaqUpload:
    return importing.find_upload(upload_id, current_user.id) or abort(404)
