"""Lets people set up a second factor, make new recovery codes, and turn it off. The codes are
`second_factor.py`'s."""

import base64

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.auth import second_factor, sessions
from console.auth.account import back
from console.shell.translation import gettext
from rewards.drawing import qr


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.post("/account/second-factor/begin")(begin_second_factor)
    console.get("/account/second-factor")(set_up_second_factor)
    console.post("/account/second-factor/confirm")(confirm_second_factor)
    console.post("/account/second-factor/codes")(make_recovery_codes)
    console.post("/account/second-factor/off")(end_second_factor)


def begin_second_factor() -> Response:
    """Create a new secret and go to the page that shows it."""
    with write_transaction():
        second_factor.begin(current_user)
    return redirect(url_for("console.set_up_second_factor"), 303)


def set_up_second_factor() -> Response | str:
    """The secret as QR code and text, and the form that confirms it."""
    return _set_up_page() or back()


def confirm_second_factor() -> Response | str | tuple[str, int]:
    """Turn it on, and end the person's sessions that were opened with the password alone."""
    with write_transaction():
        on = second_factor.confirm(current_user, request.form.get("code", ""))
        codes = second_factor.new_recovery_codes(current_user) if on else []
        if on:
            sessions.end(current_user, but=g.staff_session.id)
    if on:
        return _codes_page(codes, gettext("2段階認証がオンになりました。"))
    page = _set_up_page(
        gettext(
            "コードが違います。アプリに出ている新しい6桁を入れてください。スマホの時刻も確かめてください。"
        )
    )
    return (page, 422) if page else back()


def make_recovery_codes() -> Response | str:
    """Make new recovery codes; the earlier ones become void."""
    if not second_factor.is_on(current_user):
        return back()
    with write_transaction():
        codes = second_factor.new_recovery_codes(current_user)
    return _codes_page(codes, gettext("予備コードを作り直しました。前のコードは使えません。"))


def end_second_factor() -> Response:
    """Turn the second factor off."""
    with write_transaction():
        second_factor.forget(current_user)
    flash(gettext("2段階認証をオフにしました。"))
    return back()


def _set_up_page(error: str = "") -> str | None:
    shown = second_factor.to_confirm(current_user)
    if shown is None:
        return None
    return render_template(
        "console/second_factor.html",
        secret=" ".join(shown.secret[at : at + 4] for at in range(0, len(shown.secret), 4)),
        address=shown.address,
        qr=base64.b64encode(qr.png(shown.address, 400)).decode(),
        error=error,
    )


def _codes_page(codes: list[str], done: str) -> str:
    return render_template("console/recovery_codes.html", codes=codes, done=done)
