"""What staff do with a ticket besides replying: assign, snooze, notes, tags.

None of it reaches the customer. Each is a plain form and one write.
"""

from datetime import UTC, date, timedelta

from flask import Blueprint, abort, flash, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.db.database import write_transaction
from console.auth import staff_accounts
from console.desk import ticket_lists
from console.shell.translation import gettext
from support.alerts import alerts
from support.bad_moments import follow_ups
from support.hours import settings
from support.tickets import mentions, notes, snoozing, tags
from support.tickets import tickets as ticket_store
from support.tickets.tickets import Ticket


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.post("/tickets/<int:ticket_id>/assign")(assign)
    console.post("/tickets/<int:ticket_id>/snooze")(snooze)
    console.post("/tickets/<int:ticket_id>/follow-up")(follow_up)
    console.post("/tickets/<int:ticket_id>/wake")(wake)
    console.post("/tickets/<int:ticket_id>/notes")(write_note)
    console.post("/tickets/<int:ticket_id>/notes/seen")(notes_seen)
    console.post("/tickets/<int:ticket_id>/tags")(add_tag)
    console.post("/tickets/<int:ticket_id>/tags/remove")(remove_tag)


def assign(ticket_id: int) -> Response:
    """Assign the ticket to somebody, or to nobody; whoever was quicker has it."""
    found = ticket_lists.found(ticket_id)
    people = {each.id: each.name for each in staff_accounts.all_staff() if each.is_active}
    wanted = request.form.get("assignee", "")
    to_id = current_user.id if wanted == "me" else request.form.get("assignee", type=int)
    if to_id is not None and to_id not in people:
        abort(404)
    with write_transaction():
        if "seen" in request.form:
            done = ticket_store.reassign(found.id, request.form.get("seen", type=int), to_id)
        else:
            done = ticket_store.assign(found.id, to_id)
        if done:
            alerts.assigned(found.id, to_id, current_user.id)
    if done:
        flash(_assigned(to_id, people))
    else:
        flash(_taken_meanwhile(found.id), "error")
    return _back(found)


def snooze(ticket_id: int) -> Response:
    """Snooze the ticket; a message from the customer ends the snooze at once."""
    found = ticket_lists.found(ticket_id)
    local = localtime.local(localtime.now())
    until = snoozing.until(request.form.get("until", ""), settings.hours(), local, _day_of_form())
    if until is None:
        flash(gettext("明日から1年先までの日付を選んでください。"), "error")
        return _back(found)
    with write_transaction():
        done = ticket_store.snooze(found.id, until.astimezone(UTC))
    if done:
        flash(gettext("あとで対応にしました。お客様から届けば、すぐに戻ります。"))
    return _back(found)


def follow_up(ticket_id: int) -> Response:
    """Be reminded on a later day if the customer has not answered, with what to write then; or have it sent then, in
    working hours, where nothing speaks against it."""
    found = ticket_lists.found(ticket_id)
    local = localtime.local(localtime.now())
    days = request.form.get("days", 0, type=int)
    day = local.date() + timedelta(days=days) if 0 < days <= snoozing.LONGEST.days else None
    until = snoozing.until(snoozing.DATE, settings.hours(), local, day)
    text = request.form.get("text", "").replace("\r\n", "\n").strip()[: ticket_store.LONGEST_FOLLOW_UP]
    sends = bool(request.form.get("sends"))
    if until is None:
        flash(gettext("1日後から366日後までの日数を入れてください。"), "error")
    elif found.state != ticket_store.OPEN:
        flash(gettext("お客様がお返事を待っています。先にお返事してください。"), "error")
    elif sends and not follow_ups.may_be_sent(found, found.customer):
        flash(gettext("このお客様には、自動では送れません。思い出すだけにしてください。"), "error")
    else:
        sent_by = current_user.id if sends else None
        with write_transaction():
            ticket_store.snooze(found.id, until.astimezone(UTC), text, sent_by_id=sent_by)
        flash(_followed_up(sends=sends))
    return _back(found)


def wake(ticket_id: int) -> Response:
    """End the snooze."""
    found = ticket_lists.found(ticket_id)
    with write_transaction():
        ticket_store.wake(found.id)
    return _back(found)


def write_note(ticket_id: int) -> Response:
    """Add an internal note; people mentioned with @ or chosen are asked to read it."""
    found = ticket_lists.found(ticket_id)
    people = {each.id: each.name for each in staff_accounts.all_staff() if each.is_active}
    body, chosen = request.form.get("note", ""), request.form.get("to", 0, type=int)
    asked = mentions.mentioned(body, people) | ({chosen} & people.keys())
    if chosen in people and body.strip() and chosen not in mentions.mentioned(body, people):
        body = f"@{people[chosen]} {body}"
    with write_transaction():
        written = notes.add(found.id, current_user.id, body, asked - {current_user.id})
        if written:
            notes.mark_seen(found.id, current_user.id)
    if not written:
        flash(gettext("メモが空です。"), "error")
    return _back(found, "notes")


def notes_seen(ticket_id: int) -> Response:
    """Mark the notes that mention the person as read."""
    found = ticket_lists.found(ticket_id)
    with write_transaction():
        notes.mark_seen(found.id, current_user.id)
    return _back(found, "notes")


def add_tag(ticket_id: int) -> Response:
    """Add a tag."""
    found = ticket_lists.found(ticket_id)
    with write_transaction():
        done = tags.add(found.id, request.form.get("new_tag", ""))
    if not done:
        flash(
            gettext(
                "タグを付けられませんでした。同じタグが付いているか、%(most)d個を超えています。",
                most=tags.MOST,
            ),
            "error",
        )
    return _back(found, "tags")


def remove_tag(ticket_id: int) -> Response:
    """Remove a tag."""
    found = ticket_lists.found(ticket_id)
    with write_transaction():
        tags.remove(found.id, request.form.get("old_tag", ""))
    return _back(found, "tags")


def _followed_up(*, sends: bool) -> str:
    if sends:
        return gettext("お返事がなければ、その日の営業時間に自動で送ります。取りやめられます。")
    return gettext("お返事がなければ、その日に一覧の上へ戻ります。自動では送られません。")


def _assigned(to_id: int | None, people: dict[int, str]) -> str:
    if to_id is None:
        return gettext("担当を外しました。")
    if to_id == current_user.id:
        return gettext("あなたが担当になりました。")
    return gettext("%(name)sさんが担当になりました。", name=people[to_id])


def _taken_meanwhile(ticket_id: int) -> str:
    whose = ticket_lists.found(ticket_id).assignee_id
    name = staff_accounts.names().get(whose) if whose else None
    if name:
        return gettext("ちょうど%(name)sさんが担当になったところです。変えませんでした。", name=name)
    return gettext("ちょうど担当が外れたところです。もう一度お選びください。")


def _day_of_form() -> date | None:
    try:
        return date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        return None


def _back(found: Ticket, anchor: str | None = None) -> Response:
    return redirect(ticket_lists.address(found, anchor), 303)
