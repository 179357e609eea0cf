"""The page of individual contact: the customers staff may write to today, and the forms that write, snooze or end.

Who is in the queue is `journeys/contacts/`; a message is an event, which the worker carries out
(`handlers/contacts.py`).
"""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.line.messages import LONGEST_TEXT, units
from bot.queue import inbox
from bot.routing import event_kinds
from console.auth import staff_accounts
from console.contacts import cards, words
from console.figures import effects as figures
from console.journeys import effects
from console.shell import audit
from console.shell.translation import gettext
from journeys.contacts import contacts as store
from journeys.contacts import rules as due_rules
from journeys.contacts.settings import MOST_A_DAY, ContactRules
from journeys.contacts.tables import SENDING, Contact
from support.bad_moments import quiet_period


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/contacts")(contacts)
    console.post("/contacts/capacity")(set_contact_capacity)
    console.post("/contacts/<int:contact_id>/send")(send_contact)
    console.post("/contacts/<int:contact_id>/snooze")(snooze_contact)
    console.post("/contacts/<int:contact_id>/end")(end_contact)


def contacts() -> str:
    """Today's queue, and whom staff wrote to today."""
    return _page()


def set_contact_capacity() -> Response:
    """Staff say how many they can write to today."""
    count = request.form.get("count", type=int)
    if count is None or not 0 <= count <= MOST_A_DAY:
        flash(gettext("人数は0から%(most)dまでの数で入れてください。", most=MOST_A_DAY), "error")
        return _back()
    with write_transaction():
        store.set_capacity(localtime.today(), count)
        audit.note(count=count)
    return _back()


def send_contact(contact_id: int) -> Response | tuple[str, int]:
    """Store the message as `contact.send_requested`; of two members of staff at once, the first one's is sent."""
    found, text = _found(contact_id), request.form.get("text", "").replace("\r\n", "\n").strip()
    if refusal := _refused_text(text):
        return _page(typed={contact_id: text}, refused={contact_id: refusal}), 422
    today, seen = localtime.today(), request.form.get("attempt", 0, type=int)
    with write_transaction():
        may = store.may_be_written_to(contact_id, today) and not quiet_period.among([found.customer_id])
        attempt = store.take(contact_id, current_user.id, text, seen) if may else None
        if attempt is not None:
            _put(found, attempt, text)
    if attempt is not None:
        flash(
            gettext(
                "%(name)sさんへのメッセージを受け付けました。%(when)s",
                name=_name(found),
                when=cards.goes_out(found.customer),
            )
        )
    else:
        _say_why_not(contact_id, text)
    return _back()


def snooze_contact(contact_id: int) -> Response:
    """Leave the customer out of the queue for some days."""
    found, days = _found(contact_id), request.form.get("days", type=int)
    if days not in store.SNOOZE_DAYS:
        abort(400)
    with write_transaction():
        done = store.snooze(contact_id, current_user.id, days, localtime.today())
        audit.note(days=days)
    if done:
        flash(gettext("%(name)sさんを%(days)d日後にまた出します。", name=_name(found), days=days))
    else:
        _say_why_not(contact_id)
    return _back()


def end_contact(contact_id: int) -> Response:
    """No message is needed."""
    found, reason = _found(contact_id), request.form.get("reason", "")
    if reason not in store.REASONS:
        abort(400)
    with write_transaction():
        done = store.set_not_needed(contact_id, current_user.id, reason)
        audit.note(reason=reason)
    if done:
        flash(gettext("%(name)sさんには連絡しないことにしました。", name=_name(found)))
    else:
        _say_why_not(contact_id)
    return _back()


def _page(typed: dict[int, str] | None = None, refused: dict[int, str] | None = None) -> str:
    today = localtime.today()
    capacity, taken = store.capacity(today), store.taken_today(today)
    rows = store.queue(today, due_rules.room(capacity, len(taken)), quiet_period.among)
    return render_template(
        "console/contacts/contacts.html",
        cards=cards.of(rows, current_user, today),
        taken=cards.taken(taken, staff_accounts.names()),
        capacity=capacity,
        most_a_day=MOST_A_DAY,
        typed=typed or {},
        refused=refused or {},
        rules=shop.get(ContactRules),
        snooze_days=store.SNOOZE_DAYS,
        reasons=[(each, gettext(said)) for each, said in words.NOT_NEEDED_REASONS.items()],
        longest=LONGEST_TEXT,
        **_effect(),
    )


def _effect() -> dict[str, Any]:
    """What individual contact earns, for the owner."""
    if not current_user.is_owner:
        return {"counted": None, "whole": None}
    counted = figures.shown()
    return {
        "counted": counted,
        "whole": effects.said(figures.of_contacts(), counted) if counted is not None else None,
    }


def _put(found: Contact, attempt: int, text: str) -> None:
    chat = Conversation.get_by_id(found.customer.conversation_id)
    inbox.put(
        event_kinds.CONTACT_SEND_REQUESTED,
        f"contact-send:{found.id}:{attempt}",
        chat.key,
        {"contact_id": found.id, "attempt": attempt, "staff_id": current_user.id, "text": text},
        line_user_id=chat.line_user_id,
    )


def _refused_text(text: str) -> str:
    if not text:
        return gettext("メッセージが空です。文を入れてから送信してください。")
    if units(text) > LONGEST_TEXT:
        return gettext(
            "LINEで一度に送れるのは%(most)d文字までです。短くするか、二回に分けてください。",
            most=LONGEST_TEXT,
        )
    return ""


def _say_why_not(contact_id: int, text: str = "") -> None:
    """Why the change was not made: somebody was first, or the customer may not be written to any more."""
    now = _found(contact_id)
    name = _name(now)
    if now.state == SENDING and now.staff_id == current_user.id and now.text == text:
        flash(gettext("%(name)sさんへのメッセージは、もう受け付けています。", name=name))
        return
    if now.staff_id is not None and now.state != "due":
        who = staff_accounts.names().get(now.staff_id, gettext("スタッフ"))
        said = gettext(
            "%(name)sさんは、%(who)sが先に対応しました（%(state)s）。あなたの文は送っていません。",
            name=name,
            who=who,
            state=words.state(now),
        )
    else:
        said = gettext(
            "%(name)sさんには、いま連絡できません（お買い物・ご相談・配信停止など）。送っていません。",
            name=name,
        )
    flash(said, "error")


def _found(contact_id: int) -> Contact:
    return store.find(contact_id) or abort(404)


def _name(found: Contact) -> str:
    return found.customer.display_name or gettext("お客様")


def _back() -> Response:
    return redirect(url_for("console.contacts"), 303)
