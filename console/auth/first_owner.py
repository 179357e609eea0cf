"""The page on which the first owner makes their account, under an address that the web process prints at its start.

It works while nobody has an account. Its secret part is made of SECRET_KEY, so that it survives a restart and the
set-up page (`console/first_start/`) can lead here.
"""

import hashlib
import hmac

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.config import settings
from bot.db.database import write_transaction
from console.auth import password_words, sign_in, staff_accounts
from console.auth.staff_accounts import PasswordRefused, Role, Staff, StaffError
from console.shell import audit
from console.shell.translation import gettext


def register(console: Blueprint) -> None:
    """Add the page's URL to the console's blueprint."""
    console.route("/first-owner/<token>", methods=["GET", "POST"])(first_owner)


def path(secret_key: str) -> str:
    """The page's path with its secret part."""
    token = hmac.new(secret_key.encode(), b"goen: the first owner's page", hashlib.sha256).hexdigest()[:40]
    return f"/console/first-owner/{token}"


def address() -> str | None:
    """Where the first owner makes their account; None when somebody has one."""
    config = settings.current()
    if config.demo or Staff.select().exists():
        return None
    return config.public_url + path(config.secret_key)


def first_owner(token: str) -> Response | str | tuple[str, int]:
    """Make the first owner's account, and sign them in."""
    right = path(settings.current().secret_key).rpartition("/")[2]
    if not hmac.compare_digest(token.encode("utf-8", "replace"), right.encode()) or address() is None:
        abort(404)
    if request.method == "GET":
        return _page()
    form = request.form
    if form.get("password") != form.get("again"):
        return _page(gettext("2つのパスワードが違います。同じものを2回入れてください。")), 422
    try:
        with write_transaction():
            if Staff.select().exists():
                abort(404)
            person = staff_accounts.add(
                form.get("email", ""), form.get("name", ""), Role.OWNER, form.get("password", "")
            )
            audit.note(role=Role.OWNER)
    except PasswordRefused as guessable:
        return _page(password_words.in_words(guessable.fault)), 422
    except StaffError:
        return _page(gettext("登録できませんでした。メールアドレスとお名前を確かめてください。")), 422
    sign_in.begin_session(person)
    flash(gettext("登録しました。ようこそ、%(name)sさん。", name=person.name))
    return redirect(url_for("console.set_up_guide"), 303)


def _page(error: str = "") -> str:
    return render_template("console/first_owner.html", error=error)
