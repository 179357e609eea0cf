"""The page 接続 and its forms. Values are tried (`checks.py`), then written into `.env`, from where every process takes
them within seconds (`bot/config/changed_settings.py`); where the settings come from outside, the page shows what to set
there. A secret is never shown again, never logged, and not stored in the database.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot import facts
from bot.config import env_file, settings
from bot.db.database import write_transaction
from bot.line import login
from bot.line.channel_check import Fault
from bot.line.delivery import PARKED
from bot.queue import line_health, outbox
from console.auth import confirmation
from console.connections import checks, known
from console.connections.checks import Checked
from console.connections.known import Connection
from console.first_start import line_checks
from console.shell import audit
from console.shell.translation import gettext
from customers.api import keys

CHANGED = "connection:"
"""How the facts begin that say when a connection was changed."""
LONGEST_VALUE = 4_000


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/settings/connections")(connections)
    console.post("/settings/connections/open")(open_connections)
    console.post("/settings/connections/<key>")(change_connection)


def connections() -> str:
    """Every connection with its state; the forms once the person has confirmed who they are."""
    return _page()


def open_connections() -> Response:
    """The person has confirmed who they are, so that the page may show its forms."""
    return redirect(url_for("console.connections"), 303)


def change_connection(key: str) -> Response | str | tuple[str, int]:
    """Try what was typed, and put it in force; a value left empty stays as it is."""
    connection = known.find(key) or abort(404)
    if not confirmation.is_fresh():
        flash(gettext("確認の時間が過ぎました。もう一度「変えられるようにする」を押してください。"), "error")
        return redirect(url_for("console.connections"), 303)
    if request.form.get("end") and connection.may_end:
        return _put_in_force(connection, dict.fromkeys(connection.settings))
    typed = {
        value.setting: given
        for value in connection.values
        if (given := request.form.get(value.setting, "").strip()[: LONGEST_VALUE + 1])
    }
    if not typed:
        flash(gettext("変えるところだけを入れてください。"), "error")
        return redirect(url_for("console.connections", _anchor=key), 303)
    checked = checks.check(connection, typed, request.form.get("account", ""))
    if checked.faults or checked.other_account:
        return _page(connection, typed, checked), 422
    return _put_in_force(connection, {**typed, **checked.found}, checked.doubt)


def _put_in_force(
    connection: Connection, changes: Mapping[str, str | None], doubt: str = ""
) -> Response | str | tuple[str, int]:
    variables = {name.upper(): value for name, value in changes.items()}
    if settings.current().demo:
        flash(gettext("デモでは、値を確かめるだけで保存しません。"), "ok")
        return redirect(url_for("console.connections", _anchor=connection.key), 303)
    path = settings.current().settings_file
    if path is None:
        return _page(outside=variables, outside_of=connection, doubt=doubt)
    try:
        _write(connection, path, variables)
    except (OSError, ValueError):
        fault = gettext(
            "ファイル .env に書けませんでした。フォルダーに書きこめるか、ディスクに空きがあるかを確かめてください。"
        )
        return _page(connection, {}, Checked({"": fault})), 500
    if changes.get(connection.values[0].setting, "") is None:
        flash(gettext("%(name)sとの接続をやめました。", name=known.name(connection)), "ok")
    else:
        flash(
            gettext("保存しました。再起動はいりません。数秒で、すべての処理がこの値で動きます。"),
            "ok",
        )
    if doubt:
        flash(gettext("試し送りはできませんでした。%(why)s", why=doubt), "error")
    return redirect(url_for("console.connections", _anchor=connection.key), 303)


def _write(connection: Connection, path: Path, variables: Mapping[str, str | None]) -> None:
    """Write the file, with a record of who did so; neither without the other."""
    with write_transaction():
        facts.keep(CHANGED + connection.key, sorted(variables))
        audit.note(names=", ".join(sorted(variables)))
        env_file.write(path, variables)


def _page(
    wrong: Connection | None = None,
    typed: Mapping[str, str] | None = None,
    checked: Checked | None = None,
    **more: Any,
) -> str:
    config = settings.current()
    return render_template(
        "console/connections.html",
        shown=[
            _shown(each, checked if wrong is each else None, (typed or {}) if wrong is each else {})
            for each in known.all_connections()
        ],
        may_change=confirmation.is_fresh(),
        is_file=config.settings_file is not None,
        is_demo=config.demo,
        key_count=sum(1 for each in keys.all_keys() if each.revoked_at is None),
        parked_count=sum(1 for each in outbox.unsent(PARKED) if each.line_status == 401),
        is_in_bucket=config.media_store == "s3",
        webhooks={
            "support": f"{config.public_url}/callback/support",
            "shopify": f"{config.public_url}/webhooks/shopify",
            "login": f"{config.public_url}{login.CALLBACK}",
        },
        **more,
    )


def _shown(connection: Connection, checked: Checked | None, typed: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs of a connection. Of what was typed, only what is no secret."""
    faults = checked.faults if checked else {}
    return {
        "key": connection.key,
        "words": connection.words,
        "why": connection.why,
        "may_end": connection.may_end and known.is_connected(connection),
        "is_connected": known.is_connected(connection),
        "trouble": _trouble(connection),
        "changed_at": _changed_at(connection),
        "fault": faults.get("", ""),
        "other_account": checked.other_account if checked else "",
        "other_account_words": checked.doubt if checked else "",
        "values": [
            {
                "setting": value.setting,
                "variable": value.variable,
                "words": value.words,
                "is_secret": value.is_secret,
                "hint": known.hint(value),
                "where": known.where(value),
                "fault": faults.get(value.setting, ""),
                "typed": "" if value.is_secret else typed.get(value.setting, ""),
            }
            for value in connection.values
        ],
    }


def _trouble(connection: Connection) -> str:
    """What LINE said against the main account's values, as the clock found it last."""
    found = line_health.current() if connection.key == "line" else None
    return line_checks.fault_in_words(Fault(found.fault)) if found and found.fault else ""


def _changed_at(connection: Connection) -> datetime | None:
    return facts.changed_at(CHANGED + connection.key)
