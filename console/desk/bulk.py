"""Assigns, tags or closes several tickets of a list at once, and says of each that was left alone why.

Each ticket is judged for itself. Closing is an event for each, which the worker carries out as from the chat.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.db.database import write_transaction
from console.auth import staff_accounts
from console.desk import ticket_lists
from console.desk.composing import replies
from console.shell.translation import gettext, ngettext
from support.tickets import tags, tickets
from support.tickets.severity import Severity
from support.tickets.tickets import Ticket
from support.transcript import latest_messages

MOST = ticket_lists.PAGE_LENGTH
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def register(console: Blueprint) -> None:
    """Add the URL to the console's blueprint."""
    console.post("/tickets/bulk")(bulk_change)


def bulk_change() -> Response:
    """Do the same with each chosen ticket; what each refusal was for is said by name."""
    chosen = [tickets.find(number) for number in _numbers()[:MOST]]
    found = [ticket for ticket in chosen if ticket is not None]
    deed, in_words = _deed(request.form.get("do", ""))
    refused: list[tuple[Ticket, str]] = []
    done_count = 0
    with write_transaction():
        for ticket in found:
            if reason := deed(ticket):
                refused.append((ticket, reason))
            else:
                done_count += 1
    if not found:
        flash(gettext("チャットを選んでから押してください。"), "error")
    if done_count:
        flash(in_words(done_count))
    if refused:
        flash(gettext("そのままのチャットがあります。") + " " + " ／ ".join(map(_refusal, refused)), "error")
    return redirect(url_for("console.tickets", select=1 if refused else None, **ticket_lists.place()), 303)


def shown_at() -> int:
    """The moment, in microseconds, that the form of a list carries: a message that comes later was not read."""
    return (localtime.now() - _EPOCH) // timedelta(microseconds=1)


_Deed = Callable[[Ticket], str]
"""Does it with one ticket; why not, in words, or nothing."""


def _deed(name: str) -> tuple[_Deed, Callable[[int], str]]:
    match name:
        case "assign":
            return _assign, lambda n: ngettext(
                "%(num)d件の担当を変えました。", "%(num)d件の担当を変えました。", n
            )
        case "tag":
            return _tag, lambda n: ngettext(
                "%(num)d件にタグを付けました。", "%(num)d件にタグを付けました。", n
            )
        case "close":
            return _close, lambda n: ngettext(
                "%(num)d件を対応済みにしました。", "%(num)d件を対応済みにしました。", n
            )
        case _:
            return (lambda _: gettext("することを選んでください。")), lambda _: ""


def _assign(ticket: Ticket) -> str:
    to_id = (
        current_user.id if request.form.get("assignee") == "me" else request.form.get("assignee", type=int)
    )
    people = {each.id for each in staff_accounts.all_staff() if each.is_active}
    if to_id is not None and to_id not in people:
        return gettext("その人には担当を変えられません。")
    if ticket.state == tickets.RESOLVED:
        return gettext("対応済みです。")
    if not tickets.reassign(ticket.id, request.form.get(f"seen-{ticket.id}", type=int), to_id):
        return gettext("ちょうど担当が変わったところです。")
    return ""


def _tag(ticket: Ticket) -> str:
    if not tags.plain(request.form.get("new_tag", "")):
        return gettext("タグが空です。")
    if tags.add(ticket.id, request.form.get("new_tag", "")):
        return ""
    return gettext("同じタグが付いているか、%(most)d個を超えています。", most=tags.MOST)


def _close(ticket: Ticket) -> str:
    if ticket.state == tickets.RESOLVED:
        return gettext("対応済みです。")
    if ticket.severity >= Severity.HARM:
        return gettext("お体やいのちのことは、開いて読んでから対応済みにしてください。")
    if latest_messages.came_since(ticket.conversation_id, _shown_at()):
        return gettext("新しいメッセージが届いています。")
    if ticket.state == tickets.WAITING and ticket.handed_over_at is not None:
        return gettext("お客様がお返事を待っています。")
    replies.put_resolved(ticket, current_user, _key_of(ticket))
    return ""


def _refusal(refused: tuple[Ticket, str]) -> str:
    ticket, reason = refused
    return f"{ticket.customer.display_name or gettext('お名前未取得')}: {reason}"


def _numbers() -> list[int]:
    return list(dict.fromkeys(request.form.getlist("ticket", type=int)))


def _shown_at() -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=request.form.get("shown_at", 0, type=int))
    except OverflowError:
        return _EPOCH


def _key_of(ticket: Ticket) -> str:
    """The form's key for this ticket: pressing twice closes once."""
    try:
        return str(uuid.uuid5(uuid.UUID(request.form.get("key", "")), str(ticket.id)))
    except ValueError:
        return ""
