"""Asks for the password again before an action that a stolen or unattended session must not be enough for.

A confirmation holds for some minutes. The submitted form is carried on the page that asks, and sent on from
there. Who has a second factor gives a code as well: otherwise a stolen password and an open session would be
enough to turn it off. Failed attempts count towards the lockout (`lockout.py`).
"""

from collections.abc import Callable
from datetime import timedelta

from flask import Response, g, make_response, render_template, request
from flask_login import current_user

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from console.auth import lockout, second_factor, sessions, sign_in, staff_changes
from console.auth.staff_accounts import Role, Staff
from console.shell.translation import gettext

HOLDS = timedelta(minutes=10)
PASSWORD, CODE, IN_DEMO = "confirm_password", "confirm_code", "confirm_in_demo"
_OWN_FIELDS = (PASSWORD, CODE, IN_DEMO, "csrf_token")


def _grants_access() -> bool:
    return request.form.get("role") == Role.OWNER


def _changes_access() -> bool:
    change = (request.view_args or {}).get("change")
    if change == "enable":
        person = Staff.get_or_none(Staff.id == (request.view_args or {}).get("staff_id"))
        return person is not None and bool(person.is_owner)
    return change in {"owner", "reset-second-factor", "password-link"}


NEEDED: dict[str, Callable[[], bool]] = {
    "console.begin_second_factor": lambda: True,
    "console.confirm_second_factor": lambda: True,
    "console.make_recovery_codes": lambda: True,
    "console.end_second_factor": lambda: True,
    "console.make_key": lambda: True,
    "console.import_settings": lambda: True,
    "console.open_connections": lambda: True,
    "console.invite": _grants_access,
    "console.change_staff": _changes_access,
    "console.download_export": lambda: True,
    "console.release_sending": lambda: True,
    "console.erase_customer": lambda: True,
    "console.export_customer": lambda: True,
}
"""The forms that need a confirmation, each with a test of the request. A password change asks for the old one
itself."""


def ask() -> Response | None:
    """The page that asks, when this request needs a confirmation that is missing; None when the request may go on."""
    needed = NEEDED.get(request.endpoint or "")
    if needed is None or request.method != "POST" or not needed() or is_fresh():
        return None
    if PASSWORD not in request.form and IN_DEMO not in request.form:
        return _page(200)
    if not (settings.current().demo and IN_DEMO in request.form):  # people of the demo have no passwords
        error, status = prove(request.form.get(PASSWORD, ""), request.form.get(CODE, ""))
        if error:
            return _page(status, error)
    with write_transaction():
        sessions.confirm(g.staff_session)
    return None


def is_fresh() -> bool:
    """Whether the person confirmed who they are within the last minutes, in this session."""
    at = g.staff_session.confirmed_at
    return at is not None and localtime.machine_now() - at < HOLDS


def prove(password: str, code: str) -> tuple[str, int]:
    """Check the password and, with a second factor, the code: the error text and status to show, or nothing and
    200."""
    email, address = str(current_user.email), request.remote_addr or ""
    with write_transaction():
        this_try = lockout.begin_try(email, address)
    if this_try is None:
        return sign_in.lockout_message(), 429
    knows, has_second = (
        staff_changes.knows_password(current_user, password),
        second_factor.is_on(current_user),
    )
    with write_transaction():
        # A code is used up only beside the right password; which of the two was wrong is not said.
        right = knows and (not has_second or _is_code_right(code))
        if right:
            lockout.withdraw_try(this_try)
    if right:
        return "", 200
    if has_second:
        return gettext("パスワードかコードが違います。コードは、次に出る新しいものを入れてください。"), 422
    return gettext("いまのパスワードが違います。"), 422


def _is_code_right(code: str) -> bool:
    return second_factor.accept(current_user, code) or second_factor.use_recovery_code(current_user, code)


def _page(status: int, error: str = "") -> Response:
    waiting = [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN_FIELDS]
    page = render_template(
        "console/confirm.html",
        waiting=waiting,
        error=error,
        minutes=HOLDS // timedelta(minutes=1),
        with_code=second_factor.is_on(current_user),
        in_demo=settings.current().demo,
    )
    return make_response(page, status)
