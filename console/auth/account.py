"""Lets people change their own account: name, password, and on which devices they are signed in.

The second factor is in `second_factor_setup.py`.
"""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.auth import (
    access_control,
    confirmation,
    password_words,
    passwords,
    second_factor,
    sessions,
    sign_in,
    staff_accounts,
    staff_changes,
)
from console.auth import push_devices as devices
from console.auth.staff_accounts import PasswordRefused, StaffError
from console.shell import audit
from console.shell.translation import gettext


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/account")(account)
    console.post("/account/name")(change_account)
    console.post("/account/password")(change_password)
    console.post("/account/sessions/end")(end_session)


def account() -> str:
    """The signed-in person's own account page."""
    return render_template(
        "console/account.html",
        sessions=sessions.of(current_user),
        current_id=g.staff_session.id,
        shortest=passwords.SHORTEST,
        second_factor_is_on=second_factor.is_on(current_user),
        needs_second_factor=access_control.needs_second_factor(),
        push_devices=devices.of_staff(current_user.id),
        session_id=g.staff_session.id,
        codes_left=second_factor.recovery_codes_left(current_user),
    )


def change_account() -> Response:
    """Change one's own name."""
    try:
        with write_transaction():
            staff_changes.change_name(current_user, request.form.get("name", ""))
    except StaffError:
        flash(gettext("お名前を入れてください。"), "error")
    else:
        flash(gettext("名前を変更しました。"))
    return back()


def change_password() -> Response:
    """Change one's own password, given the present one; every other session ends."""
    audit.stop()  # this only checks the password; nothing of the shop changes
    wrong, _ = confirmation.prove(request.form.get("old", ""), request.form.get("code", ""))
    if wrong:
        flash(wrong, "error")
        return back()
    audit.start()
    try:
        with write_transaction():
            person = staff_accounts.reset_password(str(current_user.email), request.form.get("new", ""))
            sessions.end(person)
    except PasswordRefused as refused:
        flash(password_words.in_words(refused.fault), "error")
        return back()
    sign_in.begin_session(person)
    flash(gettext("パスワードを変更し、ほかの端末をサインアウトしました。"))
    return back()


def end_session() -> Response:
    """End one of one's own sessions, or all but this one."""
    which = request.form.get("session", type=int)
    with write_transaction():
        if which is None:
            sessions.end(current_user, but=g.staff_session.id)
        else:
            sessions.end(current_user, which)
    flash(gettext("端末のサインインを終了しました。"))
    return back()


def back() -> Response:
    """Redirect to one's own account page."""
    return redirect(url_for("console.account"), 303)
