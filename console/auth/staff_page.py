"""The owner's page of staff: invitations, roles, enabling and disabling accounts, ending sessions."""

import base64

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.config import settings
from bot.db.database import write_transaction
from console.auth import (
    invitations,
    password_links,
    password_words,
    second_factor,
    sessions,
    sign_in,
    staff_accounts,
    staff_changes,
)
from console.auth.staff_accounts import PasswordRefused, Role, Staff, StaffError
from console.shell import audit
from console.shell.translation import gettext
from rewards.drawing import qr
from support.tickets import case_assignment


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/staff")(people)
    console.post("/staff/invitations")(invite)
    console.post("/staff/invitations/<int:invitation_id>/withdraw")(withdraw_invitation)
    console.post("/staff/<int:staff_id>/<change>")(change_staff)
    console.route("/join/<token>", methods=["GET", "POST"])(join)


def people() -> str:
    """The staff, the open invitations, and a form to invite."""
    return _page()


def invite() -> str | tuple[str, int]:
    """Create an invitation; its link is shown on this page only."""
    name, role = request.form.get("name", "").strip()[:100], request.form.get("role", "")
    if not name or role not in set(Role):
        return _page(error=gettext("お名前と権限を入れてください。")), 422
    with write_transaction():
        token = invitations.make(current_user, name, Role(role))
        audit.note(name=name, role=role)
    return _page(link=_site() + url_for("console.join", token=token))


def _site() -> str:
    """The address that links begin with. The demo's public one is not reachable: there it is this page's."""
    config = settings.current()
    return request.host_url.rstrip("/") if config.demo else config.public_url


def withdraw_invitation(invitation_id: int) -> Response:
    """Make an invitation void."""
    with write_transaction():
        invitations.withdraw(invitation_id)
    flash(gettext("招待を取り消しました。"))
    return redirect(url_for("console.people"), 303)


def change_staff(staff_id: int, change: str) -> Response | str:
    """Change a person's role, access or case duty, or end their sessions or second factor."""
    person: Staff = Staff.get_or_none(Staff.id == staff_id) or abort(404)
    if change == "password-link":
        return _password_link(person)
    try:
        with write_transaction():
            done = _change(person, change)
            audit.note(name=person.name, before={"role": person.role, "enabled": person.is_active})
    except staff_changes.LastOwner:
        flash(gettext("オーナーが一人もいなくなるため、変更できません。"), "error")
    else:
        flash(gettext("変更しました。") if done else gettext("すでに変更されています。"))
    return redirect(url_for("console.people"), 303)


def _password_link(person: Staff) -> Response | str:
    """Make a link by which that person chooses a new password; it is shown on this page only."""
    if not person.is_active or person.id == current_user.id:  # one's own: on the account page
        abort(404)
    with write_transaction():
        token = password_links.make(person)
        audit.note(name=person.name)
    if token is None:
        flash(gettext("続けて何度も作れません。1時間ほどあとにお試しください。"), "error")
        return redirect(url_for("console.people"), 303)
    link = _site() + url_for("console.new_password", token=token)
    return _page(link=link, link_for=str(person.name))


def _change(person: Staff, change: str) -> bool:
    match change:
        case "owner" | "staff":
            return staff_changes.change_role(person, Role(change))
        case "disable":
            sessions.end(person)
            return staff_changes.disable(person)
        case "enable":
            return staff_accounts.enable(str(person.email))
        case "end-sessions":
            return sessions.end(person) > 0
        case "reset-second-factor" if person.id != current_user.id:  # one's own: on the account page
            return second_factor.forget(person)
        case "on-duty" if person.is_active:
            return case_assignment.begin(person.id)
        case "off-duty":
            return case_assignment.end(person.id)
    abort(404)


def join(token: str) -> Response | str | tuple[str, int]:
    """The page on which an invited person chooses address, name and password."""
    invitation = invitations.find(token)
    if invitation is None:
        return _closed(token)
    if request.method == "GET":
        return render_template("console/join.html", invitation=invitation, error=None)
    form = request.form
    try:
        with write_transaction():
            person = invitations.accept(
                token, form.get("email", ""), form.get("name", ""), form.get("password", "")
            )
            audit.note(role=invitation.role)
    except PasswordRefused as guessable:
        refused = password_words.in_words(guessable.fault)
        return render_template("console/join.html", invitation=invitation, error=refused), 422
    except StaffError:
        refused = gettext("登録できませんでした。メールアドレスとお名前を確かめてください。")
        return render_template("console/join.html", invitation=invitation, error=refused), 422
    if person is None:
        return _closed(token)
    sign_in.begin_session(person)
    return redirect(url_for("console.home"), 303)


def _closed(token: str) -> tuple[str, int]:
    """Why the link cannot be used, and whom to ask. Only who has the link learns who made it."""
    closed = invitations.find_closed(token)
    page = render_template("console/join.html", invitation=None, closed=closed, days=invitations.HOLDS.days)
    return page, 404


def _page(*, link: str = "", link_for: str = "", error: str = "") -> str:
    return render_template(
        "console/people.html",
        qr=base64.b64encode(qr.png(link, 400)).decode() if link else "",
        people=staff_accounts.all_staff(),
        with_second_factor=second_factor.ids_with_second_factor(),
        invitations=invitations.pending(),
        roles=list(Role),
        on_duty=case_assignment.people(),
        link=link,
        link_for=link_for,
        error=error,
    )
