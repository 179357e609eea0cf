"""The routes of imports, for the owner: drop a file, see how it is understood, correct it, import, follow, undo.

What takes the file in is the clock (`handlers/import_jobs.py`), so that the page can be closed.
"""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Flask, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from bot.db.database import write_transaction
from console.auth import staff_accounts
from console.imports import preview, words
from console.shell import audit, csv_file
from console.shell.translation import gettext
from customers.csv.presets import PRESETS
from customers.imports import files, imports, understanding
from customers.imports.imports import AlreadyImported
from customers.imports.tables import DataImport, ImportKind, ImportRow, ImportState

ROWS_SHOWN = 100
ROWS_AT_ONCE = 500
FORM_BYTES = 100_000
"""The form around the file."""
ENDPOINT = "console.receive_import"


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/imports", endpoint="imports")(import_list)
    console.post("/imports")(receive_import)
    console.get("/imports/<int:import_id>")(import_page)
    console.get("/imports/<int:import_id>/progress")(import_progress)
    console.get("/imports/<int:import_id>/rows.csv")(import_rows_csv)
    console.post("/imports/<int:import_id>/columns")(choose_import_columns)
    console.post("/imports/<int:import_id>/start")(start_import)
    console.post("/imports/<int:import_id>/discard")(discard_import)
    console.post("/imports/<int:import_id>/undo")(undo_import)


def accept_large_files(app: Flask) -> None:
    """Let the upload of this page be larger than others, before anything reads the request."""

    @app.before_request
    def allow() -> None:
        if request.endpoint == ENDPOINT:
            request.max_content_length = files.LARGEST_BYTES + FORM_BYTES


def import_list() -> str:
    """The form for a file, and what was imported before."""
    return _list()


def receive_import() -> AnyResponse | tuple[str, int]:
    """Store the file and go to its preview."""
    try:
        given, kind = request.files.get("file"), request.form.get("import_kind", "")
    except RequestEntityTooLarge:
        return _list(too_large()), 413
    if kind not in set(ImportKind):
        return _list(gettext("注文か商品かを選んでください。")), 422
    if given is None or not given.filename:
        return _list(gettext("ファイルを選ぶか、枠の中に落としてください。")), 422
    try:
        row = imports.receive(ImportKind(kind), given.stream, given.filename, current_user.id)
    except files.TooLarge:
        return _list(too_large()), 413
    except AlreadyImported as known:
        flash(gettext("このファイルは、もう取り込んであります。そのときの結果です。"), "error")
        return _back(known.earlier.id)
    if not row.byte_count:
        with write_transaction():
            imports.discard(row)
        return _list(gettext("ファイルが空です。")), 422
    return _back(row.id)


def import_page(import_id: int) -> str:
    """The preview of a file, how far its import is, or what came of it."""
    return _page(_found(import_id))


def import_progress(import_id: int) -> Response:
    """How far it is, as a part of its page; the page loads itself again when the state has changed."""
    row = _found(import_id)
    answer = Response(
        render_template("console/imports/_progress.html", row=row, words=words, is_open=is_open(row))
    )
    if request.args.get("seen") != row.state:
        answer.headers["HX-Refresh"] = "true"
    return answer


def import_rows_csv(import_id: int) -> Response:
    """The rows that could not be used, with line and reason."""
    row = _found(import_id)
    return csv_file.answer(f"import-{row.id}-rows.csv", _rows_as_table(row))


def choose_import_columns(import_id: int) -> AnyResponse:
    """Store which column holds which field, for this file and for the next with the same header."""
    row = _found(import_id)
    if row.state != ImportState.PREVIEW:
        return _back(import_id)
    header = preview.of(row).header
    typed = {
        name.removeprefix("column-"): value
        for name, value in request.form.items()
        if name.startswith("column-")
    }
    chosen = understanding.choice(row, header, request.form.get("system", ""), typed)
    with write_transaction():
        audit.note(name=row.file_name)
        imports.choose_columns(row, chosen, header, current_user.id)
    flash(gettext("列の読み方を覚えました。同じ列のファイルは、次からこのとおりに読みます。"))
    return _back(import_id)


def start_import(import_id: int) -> AnyResponse | tuple[str, int]:
    """Let the clock take the file in."""
    row = _found(import_id)
    if row.state == ImportState.PREVIEW:
        shown = preview.of(row)
        if shown.lacking:
            return _page(row), 422
        with write_transaction():
            audit.note(name=row.file_name)
            imports.begin(row, shown.chosen)
    return _back(import_id)


def discard_import(import_id: int) -> AnyResponse:
    """Give the file up and delete it."""
    row = _found(import_id)
    with write_transaction():
        audit.note(name=row.file_name)
        done = imports.discard(row)
    if done:
        flash(gettext("「%(name)s」は取り込まずに消しました。", name=row.file_name))
        return redirect(url_for("console.imports"), 303)
    return _back(import_id)


def undo_import(import_id: int) -> AnyResponse:
    """Ask for the import to be undone; whether that can be, the page says in a moment."""
    row = _found(import_id)
    with write_transaction():
        audit.note(name=row.file_name)
        imports.ask_to_undo(row, current_user.id)
    return _back(import_id)


def too_large() -> str:
    """The sentence for a file that is larger than may be."""
    most = words.size(files.LARGEST_BYTES)
    return gettext(
        "ファイルが大きすぎます（%(most)sまで）。期間を分けて書き出すか、いらない列を外してから、もう一度お試しください。",
        most=most,
    )


def is_open(row: DataImport) -> bool:
    """Whether the clock has something to do for it."""
    return row.state in imports.OPEN


def _list(error: str = "") -> str:
    return render_template(
        "console/imports/imports.html",
        rows=imports.latest(),
        names=staff_accounts.names(),
        words=words,
        kinds=[(str(ImportKind.ORDERS), gettext("注文")), (str(ImportKind.PRODUCTS), gettext("商品"))],
        kind=request.values.get("import_kind", str(ImportKind.ORDERS)),
        largest=words.size(files.LARGEST_BYTES),
        error=error,
    )


def _page(row: DataImport) -> str:
    shown = None
    if row.state == ImportState.PREVIEW:
        try:
            shown = preview.of(row)
        except FileNotFoundError:
            abort(404)
    listed = imports.rows_of(row, ROWS_SHOWN + 1)
    return render_template(
        "console/imports/import.html",
        row=row,
        preview=shown,
        is_open=is_open(row),
        listed=listed[:ROWS_SHOWN],
        has_more=len(listed) > ROWS_SHOWN,
        names=staff_accounts.names(),
        systems=[(name, words.SYSTEMS.get(name, name)) for name in PRESETS],
        words=words,
    )


def _rows_as_table(row: DataImport) -> Iterator[Sequence[object]]:
    yield gettext("行"), gettext("種類"), gettext("理由"), gettext("内容")
    after = 0
    while found := imports.rows_of(row, ROWS_AT_ONCE, after):
        yield from (_as_cells(each) for each in found)
        after = found[-1].id


def _as_cells(each: ImportRow) -> Sequence[object]:
    return each.line, words.row_kind(each), words.reason(each), words.shown(each)


def _found(import_id: int) -> DataImport:
    return imports.find(import_id) or abort(404)


def _back(import_id: int) -> AnyResponse:
    return redirect(url_for("console.import_page", import_id=import_id), 303)
