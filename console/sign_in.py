"""Decides how a person gets in and out of the console, and in which language it speaks to them."""

from urllib.parse import urlsplit

from flask import abort, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from bot import settings
from bot.database import write_transaction
from console import audit, lockout, sessions, staff, staff_changes
from console.pages import console
from console.staff import Role
from console.words import gettext

LANGUAGES = ("ja", "en")


@console.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int]:
    """The page with e-mail address and password."""
    wanted = safe_next(request.values.get("next"))
    if request.method == "GET":
        return redirect(wanted, 303) if current_user.is_authenticated else _page(wanted)
    email, password = request.form.get("email", ""), request.form.get("password", "")
    address = request.remote_addr or ""
    if lockout.is_locked(email, address):
        return _page(
            wanted, gettext("サインインの失敗が続いたため、しばらく（15分ほど）お待ちください。")
        ), 429
    person = staff.authenticate(email, password)
    with write_transaction():
        if person is None:
            lockout.note_failure(email, address)
        else:
            lockout.forget(email, address)
    if person is None:
        return _page(wanted, gettext("メールアドレスかパスワードが違います。")), 422
    enter(person)
    return redirect(wanted, 303)


@console.get("/demo-sign-in/<role>")
def demo_sign_in(role: str) -> Response:
    """One click into the demo's console. Outside the demo there is no such page."""
    if not settings.current().demo or role not in set(Role):
        abort(404)
    with write_transaction():
        person = staff.demo_person(Role(role))
    enter(person)
    return redirect(safe_next(request.args.get("next")), 303)


@console.post("/sign-out")
def sign_out() -> Response:
    """Leave the console."""
    language = session.get("language")
    with write_transaction():
        sessions.end(current_user, g.staff_session.id)
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    flash(gettext("サインアウトしました。"))
    return redirect(url_for("console.sign_in"), 303)


@console.post("/language/<language>")
def speak(language: str) -> Response:
    """Read the console in Japanese or in English."""
    if language not in LANGUAGES:
        abort(404)
    session["language"] = language
    if current_user.is_authenticated:
        with write_transaction():
            staff.speak(current_user, language)
    return redirect(safe_next(request.form.get("next")), 303)


def language() -> str:
    """The language of this request: the person's own, else the browser's choice of a moment ago, else Japanese."""
    chosen = current_user.language if current_user.is_authenticated else session.get("language")
    return chosen if chosen in LANGUAGES else "ja"


def safe_next(wanted: str | None) -> str:
    """A page of the console to go on to; nobody is sent elsewhere by a link."""
    home = url_for("console.home")
    if not wanted or "\\" in wanted or not wanted.isprintable():
        return home
    parts = urlsplit(wanted)
    inside = not parts.scheme and not parts.netloc and parts.path.startswith(home)
    return wanted if inside and ".." not in parts.path else home


def enter(person: staff.Staff) -> None:
    """Begin a session of this person in this browser."""
    audit.rest()  # coming in changes nothing of the shop's
    session.clear()  # nothing of whoever sat here before
    session.permanent = True
    with write_transaction():
        session["key"] = sessions.begin(person, request.user_agent.string)
        staff_changes.signed_in(person)
    login_user(person)


def who_is_in(session_id: str) -> staff.Staff | None:
    """The person of this browser's session while it holds; Flask-Login asks once a request."""
    person = staff.of_session(session_id)
    held = sessions.find(person, str(session.get("key", ""))) if person is not None else None
    if held is None:
        return None
    g.staff_session = held
    if sessions.wants_a_touch(held):
        with write_transaction():
            sessions.touch(held)
    return person


def _page(wanted: str, error: str | None = None) -> str:
    return render_template(
        "console/sign_in.html",
        wanted=wanted,
        error=error,
        nobody_yet=not staff.anyone(),
        demo_roles=list(Role) if settings.current().demo else [],
    )
