"""Signs people in and out of the console, and chooses the language it is shown in.

Accounts are `staff_accounts.py`'s, attempts are limited by `lockout.py`, authorization is
`access_control.py`'s.
"""

from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from bot.web.request_cleaning import address_parts
from console.auth import lockout, second_factor, sessions, staff_accounts, staff_changes
from console.auth.staff_accounts import Role
from console.shell import audit
from console.shell.translation import gettext

LANGUAGES = ("ja", "en")
CODE_WITHIN = timedelta(minutes=5)
"""How long after the password the code of the second factor may be given."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.route("/sign-in", methods=["GET", "POST"])(sign_in)
    console.route("/sign-in/code", methods=["GET", "POST"])(second_step)
    console.get("/demo-sign-in/<role>")(demo_sign_in)
    console.post("/sign-out")(sign_out)
    console.post("/language/<language>")(speak)


def sign_in() -> Response | str | tuple[str, int]:
    """The page that asks for e-mail address and password."""
    wanted = safe_next(request.values.get("next"))
    if request.method == "GET":
        return redirect(wanted, 303) if current_user.is_authenticated else _page(wanted)
    email, password = request.form.get("email", ""), request.form.get("password", "")
    address = request.remote_addr or ""
    with write_transaction():
        this_try = lockout.begin_try(email, address)
    if this_try is None:
        return _page(wanted, lockout_message()), 429
    person = staff_accounts.authenticate(email, password)
    if person is None:
        return _page(wanted, gettext("メールアドレスかパスワードが違います。")), 422
    if second_factor.is_on(person):
        # Earlier failures stay counted until the code is right: the password must not reset the attempts at
        # the code.
        with write_transaction():
            lockout.withdraw_try(this_try)
        _note_password_given(person, wanted)
        return redirect(url_for("console.second_step"), 303)
    with write_transaction():
        lockout.forget(email, address)
    begin_session(person)
    return redirect(wanted, 303)


def second_step() -> Response | str | tuple[str, int]:
    """The page that asks for the code of the second factor, or a recovery code, after the right password."""
    person = _who_gave_password()
    if person is None:
        flash(gettext("時間が過ぎました。もう一度サインインしてください。"), "error")
        return redirect(url_for("console.sign_in"), 303)
    if request.method == "GET":
        return _code_page()
    email, address = str(person.email), request.remote_addr or ""
    with write_transaction():
        if lockout.begin_try(email, address) is None:
            return _code_page(lockout_message()), 429
        by_app = second_factor.accept(person, request.form.get("code", ""))
        right = by_app or second_factor.use_recovery_code(person, request.form.get("recovery", ""))
        if right:
            lockout.forget(email, address)
    if not right:
        return _code_page(
            gettext("コードが違うか、すでに使われています。新しいコードを入れてください。")
        ), 422
    wanted = safe_next(session["half"]["next"])
    begin_session(person)
    if not by_app:
        left = second_factor.recovery_codes_left(person)
        flash(gettext("予備コードを1つ使いました。残りは%(left)d個です。", left=left))
    return redirect(wanted, 303)


def demo_sign_in(role: str) -> Response:
    """Sign in to the demo's console by one click. Answers 404 outside the demo."""
    if not settings.current().demo or role not in set(Role):
        abort(404)
    with write_transaction():
        person = staff_accounts.demo_person(Role(role))
    begin_session(person)
    return redirect(safe_next(request.args.get("next")), 303)


def sign_out() -> Response:
    """Sign out."""
    language = session.get("language")
    with write_transaction():
        sessions.end(current_user, g.staff_session.id)
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    flash(gettext("サインアウトしました。"))
    return redirect(url_for("console.sign_in"), 303)


def speak(language: str) -> Response:
    """Set the console's language: Japanese or English."""
    if language not in LANGUAGES:
        abort(404)
    session["language"] = language
    if current_user.is_authenticated:
        with write_transaction():
            staff_accounts.set_language(current_user, language)
    return redirect(safe_next(request.form.get("next")), 303)


def language() -> str:
    """The language of this request: the person's own, else the browser's stored choice, else Japanese."""
    chosen = current_user.language if current_user.is_authenticated else session.get("language")
    return chosen if chosen in LANGUAGES else "ja"


def safe_next(wanted: str | None) -> str:
    """The address to go on to if it is a page of the console, else the start page: no open redirects."""
    home = url_for("console.home")
    if not wanted or "\\" in wanted or not wanted.isprintable():
        return home
    parts = address_parts(wanted)
    if parts is None:
        return home
    inside = not parts.scheme and not parts.netloc and parts.path.startswith(home)
    return wanted if inside and ".." not in parts.path else home


def begin_session(person: staff_accounts.Staff) -> None:
    """Begin a session of this person in this browser."""
    audit.stop()  # signing in changes nothing of the shop's
    session.clear()  # keep nothing of whoever was signed in on this browser before
    session.permanent = True
    with write_transaction():
        session["key"] = sessions.begin(person, request.user_agent.string)
        staff_changes.record_sign_in(person)
    login_user(person)


def _note_password_given(person: staff_accounts.Staff, wanted: str) -> None:
    """Note in the signed cookie who gave the right password. It grants only the page that asks for the code."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    at = localtime.machine_now().isoformat()
    session["half"] = {"who": person.get_id(), "at": at, "next": wanted}


def _who_gave_password() -> staff_accounts.Staff | None:
    half = session.get("half")
    if half is None or localtime.machine_now() - datetime.fromisoformat(half["at"]) > CODE_WITHIN:
        return None
    person = staff_accounts.of_session(half["who"])
    return person if person is not None and second_factor.is_on(person) else None


def load_user(session_id: str) -> staff_accounts.Staff | None:
    """The signed-in person of this session, or None. Flask-Login calls it once a request."""
    person = staff_accounts.of_session(session_id)
    held = sessions.find(person, str(session.get("key", ""))) if person is not None else None
    if held is None:
        return None
    g.staff_session = held
    if sessions.is_touch_due(held):
        with write_transaction():
            sessions.touch(held)
    return person


def lockout_message() -> str:
    """The message for somebody whose sign-in is refused for a while."""
    return gettext("サインインの失敗が続いたため、しばらく（15分ほど）お待ちください。")


def _code_page(error: str | None = None) -> str:
    return render_template("console/second_step.html", error=error)


def _page(wanted: str, error: str | None = None) -> str:
    return render_template(
        "console/sign_in.html",
        wanted=wanted,
        error=error,
        nobody_yet=not staff_accounts.any_active(),
        demo_roles=list(Role) if settings.current().demo else [],
    )
