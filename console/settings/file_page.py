"""The settings as a file: download the whole, or upload one and see what it would change before it does."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bot import shop_versions
from bot.config import shop, shop_toml
from bot.config.shop_faults import Fault, ShopFileError
from bot.config.toml_values import Parts
from bot.db.database import write_transaction
from console.settings import changes, changing
from console.shell.translation import gettext

LONGEST_FILE = 500_000


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/settings/file")(settings_file)
    console.get("/settings/shop.toml")(settings_export)
    console.post("/settings/file/check")(check_settings_file)
    console.post("/settings/file")(import_settings)


def settings_file() -> str:
    """Download and upload."""
    return _page()


def settings_export() -> Response:
    """The whole file as it is in force, with what each key means."""
    answer = Response(shop.as_written_whole(), mimetype="application/toml")
    answer.headers["Content-Disposition"] = "attachment; filename=shop.toml"
    return answer


def check_settings_file() -> str | tuple[str, int]:
    """What the uploaded file would change, or all that is wrong with it."""
    uploaded = request.files.get("file")
    text = request.form.get("body", "").replace("\r\n", "\n")
    if uploaded is not None and uploaded.filename:
        text = uploaded.stream.read(LONGEST_FILE + 1).decode("utf-8-sig", "replace")
    if len(text) > LONGEST_FILE:
        return _page(error=gettext("ファイルが大きすぎます。")), 422
    try:
        values = _values(text)
        after = shop_versions.considered(values)
    except ShopFileError as unfit:
        return _page(text, unfit.faults), 422
    return _page(text, found=changes.between(changes.now(), after))


def import_settings() -> AnyResponse | tuple[str, int]:
    """Make a version of the file's values; what it does not name stays."""
    text = request.form.get("body", "").replace("\r\n", "\n")
    try:
        with write_transaction():
            changing.change(_values(text), current_user.id, gettext("ファイルから取り込んだ"))
    except ShopFileError as unfit:
        return _page(text, unfit.faults), 422
    flash(gettext("ファイルの設定を保存しました。"), "ok")
    return redirect(url_for("console.settings_versions"), 303)


def _values(text: str) -> Parts:
    return shop.parts_of(shop_toml.parsed(text))


def _page(
    text: str = "",
    faults: tuple[Fault, ...] = (),
    *,
    found: list[changes.Change] | None = None,
    error: str = "",
) -> str:
    return render_template(
        "console/settings/file.html",
        text=text,
        faults=faults,
        words=changes.in_words_of_reader,
        found=found,
        error=error,
        stored_in_file=shop_versions.is_stored_in_file(),
    )
