"""パスワードを忘れた: sends a link to the person's own LINE, if they tied one, and takes the new password.

The answer is the same whether the address has an account, a LINE, or neither. Requests are limited as sign-ins are
(`lockout.py`), and each person's links by `password_links.py`.
"""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.config import settings
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from console.auth import lockout, password_links, password_words, staff_accounts
from console.auth.staff_accounts import PasswordRefused, Staff
from console.shell import audit
from console.shell.translation import gettext
from customers.people import customer as customers
from customers.people import staff_lines

COUNTED_AS = "forgotten:"
"""Before the address in the count of tries, so that asking for links locks nobody's sign-in."""
MINUTES = password_links.HOLDS // timedelta(minutes=1)


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.route("/forgotten", methods=["GET", "POST"])(forgotten_password)
    console.route("/new-password/<token>", methods=["GET", "POST"])(new_password)


def forgotten_password() -> str | tuple[str, int]:
    """Ask for the address, and send the link."""
    if request.method == "GET":
        return _page()
    email = request.form.get("email", "")
    with write_transaction():
        this_try = lockout.begin_try(COUNTED_AS + email.strip().lower(), request.remote_addr or "")
    if this_try is None:
        return _page(error=gettext("続けて何度も送れません。しばらく（15分ほど）お待ちください。")), 429
    with write_transaction():
        person = staff_accounts.find(email)
        if person is not None and person.is_active:
            _send(person)
    return _page(is_sent=True)


def _send(person: Staff) -> None:
    """Have the link said to the person's own LINE, by `handlers/staff_passwords.py`."""
    customer = staff_lines.of_staff(person.id)
    if customer is None or not customers.is_reachable(customer):
        return
    token = password_links.make(person)
    if token is None:
        return
    link = settings.current().public_url + url_for("console.new_password", token=token)
    inbox.put(
        event_kinds.STAFF_PASSWORD_FORGOTTEN,
        f"staff-password:{token[:8]}:{person.id}",
        str(customer.line_user_id),
        {"text": _text(str(person.language), link)},
        line_user_id=str(customer.line_user_id),
    )


def _text(language: str, link: str) -> str:
    shop = settings.current().shop_name
    if language == "en":
        return (
            f"[{shop}] Choose a new password for the console here (once, within {MINUTES} minutes). If you did not "
            f"ask for this, do not open it and tell an owner.\n{link}"
        )
    return (
        f"【{shop}】管理画面の新しいパスワードを、ここで決めてください（{MINUTES}分以内に1回だけ使えます）。"
        f"お心当たりがなければ、開かずにオーナーにお知らせください。\n{link}"
    )


def new_password(token: str) -> Response | str | tuple[str, int]:
    """Take the new password; the person then signs in as ever."""
    person = password_links.find(token)
    if person is None:
        return _new_page(is_over=True), 404
    if request.method == "GET":
        return _new_page()
    password = request.form.get("password", "")
    if password != request.form.get("again"):
        return _new_page(gettext("2つのパスワードが違います。同じものを2回入れてください。")), 422
    try:
        with write_transaction():
            changed = password_links.use(token, password)
            audit.note(name=person.name)
    except PasswordRefused as guessable:
        return _new_page(password_words.in_words(guessable.fault)), 422
    if changed is None:
        return _new_page(is_over=True), 404
    flash(gettext("新しいパスワードにしました。サインインしてください。"))
    return redirect(url_for("console.sign_in"), 303)


def _page(*, error: str = "", is_sent: bool = False) -> str:
    return render_template("console/forgotten.html", error=error, is_sent=is_sent, minutes=MINUTES)


def _new_page(error: str = "", *, is_over: bool = False) -> str:
    return render_template("console/new_password.html", error=error, is_over=is_over)
