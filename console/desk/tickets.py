"""The pages of tickets and of one chat, and the form that replies.

A reply or a resolution is an event in the inbox: the worker handles it in the customer's order and sends it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.auth import staff_accounts
from console.desk import bulk, chat, composer, customer_card, links, ticket_lists, ticket_sidebar
from console.desk.composing import attaching, giving, ordered, replies, reply_form
from console.shell import polling
from console.shell.translation import gettext
from journeys.flows import stock
from journeys.flows.tables import ON
from rewards.coupons import birthdays
from support.replies import preparing
from support.tickets import presence, queues, tags
from support.tickets import tickets as ticket_store
from support.tickets.tickets import Ticket
from support.transcript import transcript


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/")(home)
    console.get("/tickets")(tickets)
    console.get("/tickets/queue")(queue)
    console.get("/tickets/<int:ticket_id>")(ticket)
    console.get("/tickets/<int:ticket_id>/chat")(chat_part)
    console.post("/tickets/<int:ticket_id>/reply")(reply)
    console.post("/tickets/<int:ticket_id>/draft")(insert_canned)
    console.post("/tickets/<int:ticket_id>/attachments")(attach_files)
    console.post("/tickets/<int:ticket_id>/attachments/remove")(remove_attachment)
    console.post("/tickets/<int:ticket_id>/resolve")(resolve)
    console.post("/tickets/<int:ticket_id>/reopen")(reopen)
    console.post("/tickets/<int:ticket_id>/birthday")(change_birthday)


def home() -> Response:
    """The start page of the console: an owner's morning page, and for staff the tickets."""
    return redirect(url_for("console.today" if current_user.is_owner else "console.tickets"), 303)


def tickets() -> str:
    """The list without a chat beside it."""
    shown = _queue(
        ticket_lists.place(), request.args.get("cursor"), None, selects=request.args.get("select", "")
    )
    return render_template("console/tickets.html", queue=shown, **ticket_lists.place())


def queue() -> Response:
    """The list as a fragment, when it has changed."""
    cursor, ticket_id = request.args.get("cursor"), request.args.get("ticket_id", type=int)
    shown = _queue(ticket_lists.place(), cursor, ticket_id)
    return polling.answer(shown.part, shown.body)


def ticket(ticket_id: int) -> str:
    """One chat: its lines, a box to reply in, and what helps to reply."""
    found = ticket_lists.found(ticket_id)
    draft = (found.follow_up or "") if request.args.get("follow_up") else ""
    return _ticket_page(found, composer.with_canned(found, draft, request.args.get("canned", type=int)))


def chat_part(ticket_id: int) -> Response:
    """The chat as a fragment, when it has changed, with the FAQ entries that match it now."""
    return _chat_answer(ticket_lists.found(ticket_id))


def reply(ticket_id: int) -> Response | tuple[str, int]:
    """Store a reply of staff; the worker sends it. Without scripts, files come with the same form."""
    found = ticket_lists.found(ticket_id)
    fresh, errors = attaching.add(found)
    written, key = reply_form.written(fresh), request.form.get("key", "")
    if not errors and not replies.was_taken(key):
        errors += filter(None, [giving.refusal(found.customer, written.gift)])
    if errors:
        return _reply_refused(found, written.text, errors)
    seen = None if request.form.get("anyway") else request.form.get("seen", 0, type=int)
    with write_transaction():
        outcome = replies.put(found, current_user, written, key, seen, reply_form.age())
        if outcome is replies.ReplyOutcome.TAKEN:
            presence.clear_typing(found.id, current_user.id)
    if outcome is not replies.ReplyOutcome.TAKEN:
        return _reply_refused(found, written.text, [replies.in_words(outcome)], outcome)
    return (
        _chat_answer(found)
        if request.headers.get("HX-Request")
        else redirect(ticket_lists.address(found), 303)
    )


def attach_files(ticket_id: int) -> str | tuple[str, int]:
    """Store files as drafts of the reply: the drafts as a fragment, or the page for a browser without scripts."""
    found = ticket_lists.found(ticket_id)
    _, errors = attaching.add(found)
    if request.headers.get("HX-Request"):
        return attaching.fragment(found, errors), 422 if errors else 200
    return _ticket_page(found, request.form.get("text", ""), errors), 422 if errors else 200


def remove_attachment(ticket_id: int) -> str:
    """Delete a draft of the reply's files."""
    found = ticket_lists.found(ticket_id)
    attaching.remove(found, request.form.get("remove", 0, type=int))
    if request.headers.get("HX-Request"):
        return attaching.fragment(found)
    return _ticket_page(found, request.form.get("text", ""))


def insert_canned(ticket_id: int) -> str:
    """The draft with a canned reply or a parcel's tracking address in it, for a browser without scripts."""
    found = ticket_lists.found(ticket_id)
    text, parcel = request.form.get("text", ""), request.form.get("parcel", type=int)
    if parcel is not None:
        draft = ordered.with_tracking(found, text, parcel)
    else:
        draft = composer.with_canned(found, text, request.form.get("canned", type=int))
    return _ticket_page(found, draft)


def resolve(ticket_id: int) -> Response:
    """Resolve the ticket: the bot answers again. Refused while a message of the customer was not shown yet."""
    found = ticket_lists.found(ticket_id)
    read_to = request.form.get("read_to")
    if read_to and transcript.customer_spoke_since(found.conversation_id, read_to):
        unread = gettext(
            "お客様から新しいメッセージが届いています。読んでから、もう一度「対応済みにする」を押してください。"
        )
        flash(unread, "error")
        return redirect(ticket_lists.address(found), 303)
    with write_transaction():
        replies.put_resolved(found, current_user, request.form.get("key", ""))
    flash(gettext("%(name)sさんのチャットを対応済みにしました。", name=_name(found)))
    return redirect(url_for("console.tickets", **ticket_lists.place()), 303)


def reopen(ticket_id: int) -> Response:
    """Reopen the ticket."""
    found = ticket_lists.found(ticket_id)
    with write_transaction():
        done = ticket_store.reopen(found.id)
    if not done:
        flash(gettext("このお客様には、ほかに対応中のチャットがあります。"), "error")
    return redirect(ticket_lists.address(found), 303)


def change_birthday(ticket_id: int) -> Response:
    """Correct the customer's birthday, at their request."""
    found = ticket_lists.found(ticket_id)
    month, day = (request.form.get(name, 0, type=int) for name in ("month", "day"))
    if birthdays.is_day(month, day):
        with write_transaction():
            birthdays.change(found.customer_id, month, day, current_user.id)
        flash(gettext("誕生日を変更しました。"))
    else:
        flash(gettext("その日付はありません。月と日を確かめてください。"), "error")
    return redirect(ticket_lists.address(found), 303)


def _ticket_page(
    found: Ticket,
    draft: str = "",
    errors: Sequence[str] = (),
    outcome: replies.ReplyOutcome = replies.ReplyOutcome.TAKEN,
) -> str:
    place = ticket_lists.place()
    shown = chat.of(found, before=request.args.get("before"), at=request.args.get("at", type=int))
    sought = links.sought_number(request.args.get("buyer", ""))
    faq_words = request.args.get("faq", "").strip()
    return render_template(
        "console/ticket.html",
        ticket=found,
        view=place["view"],
        place=place,
        queue=_queue(place, None, found.id),
        sidebar=ticket_sidebar.of(found, current_user),
        state=ticket_sidebar.state_of(found),
        promise=ticket_lists.promise_of(found),
        shown=shown,
        chat_part=_chat_part(found, shown),
        faq_part=_faq(shown),
        faq_words=faq_words,
        faq_found=chat.found_faq(faq_words),
        card=customer_card.of(found.customer, links.find_buyer(sought)),
        flows_on=stock.flows_in(ON) if current_user.is_owner else [],
        sought=sought,
        cause=ticket_lists.cause_in_words(found.cause),
        orders=ordered.of(found, chat.customer_texts(shown)),
        composer=composer.of(found),
        attached=attaching.shown(found),
        accepted=attaching.ACCEPTED,
        most_bytes=preparing.MOST_UPLOAD_BYTES,
        giving=giving.of(found),
        draft=draft,
        error=" ".join(errors),
        was_answered=outcome is replies.ReplyOutcome.ANSWERED,
        key=str(uuid.uuid4()),
        longest=replies.LONGEST,
    )


def _chat_answer(found: Ticket) -> Response:
    shown = chat.of(found, before=request.args.get("before"), at=request.args.get("at", type=int))
    body = _chat_body(found, shown)
    state = render_template(
        "console/_ticket_state.html",
        ticket=found,
        state=ticket_sidebar.state_of(found),
        promise=ticket_lists.promise_of(found),
        beside=True,
    )
    return polling.answer(_chat_part(found, shown), body, state + _faq(shown, beside=True) + _assignee(found))


def _assignee(found: Ticket) -> str:
    """The forms that say whose ticket it is, when that is not what the page shows: a reply may have assigned it."""
    if request.args.get("assignee", type=int) in (None, found.assignee_id or 0):
        return ""
    about = {"place": ticket_lists.place(), "sidebar": ticket_sidebar.of(found, current_user)}
    names = ("console/_ticket_assignee.html", "console/_ticket_take.html")
    return "".join(render_template(each, ticket=found, changed=True, **about) for each in names)


def _chat_part(found: Ticket, shown: chat.Chat) -> Markup:
    body = _chat_body(found, shown)
    here = {
        "before": shown.before,
        "at": shown.at,
        "assignee": found.assignee_id or 0,
        **ticket_lists.place(),
    }
    return polling.part("chat", body, "console.chat_part", ticket_id=found.id, **here)


def _chat_body(found: Ticket, shown: chat.Chat) -> str:
    in_words = ticket_lists.cause_in_words
    return render_template("console/_chat.html", ticket=found, shown=shown, cause_in_words=in_words)


def _faq(shown: chat.Chat, *, beside: bool = False) -> str:
    return render_template("console/_faq.html", entries=chat.fitting_faq(shown), beside=beside)


@dataclass(frozen=True, slots=True)
class _Queue:
    part: Markup
    body: str
    waiting: str


def _queue(place: dict[str, Any], cursor: str | None, ticket_id: int | None, *, selects: str = "") -> _Queue:
    """The list. While tickets are being chosen in it (`selects`), it does not change by itself."""
    view, tag = place["view"], place.get("tag", "")
    page = ticket_lists.page(view, current_user.id, cursor, tag)
    body = render_template(
        "console/_queue.html",
        page=page,
        place=place,
        view=view,
        tag=tag,
        views=[(name, ticket_lists.view_in_words(name)) for name in ticket_lists.VIEWS],
        empty=ticket_lists.empty_in_words(view, tag),
        cursor=cursor,
        ticket_id=ticket_id,
        **(_selection(selects, view) if selects else {}),
    )
    if selects:
        return _Queue(Markup(body), body, page.waiting)  # noqa: S704 -- a rendered template
    part = polling.part("queue", body, "console.queue", **place, cursor=cursor, ticket_id=ticket_id)
    return _Queue(part, body, page.waiting)


def _selection(selects: str, view: str) -> dict[str, Any]:
    """What the form about several tickets needs; nothing is chosen in the list of resolved ones."""
    return {
        "selects": view != queues.RESOLVED,
        "all_chosen": selects == "all",
        "shown_at": bulk.shown_at(),
        "key": str(uuid.uuid4()),
        "people": [each for each in staff_accounts.all_staff() if each.is_active],
        "known_tags": tags.lately_used(),
    }


def _reply_refused(
    found: Ticket,
    text: str,
    errors: Sequence[str],
    outcome: replies.ReplyOutcome = replies.ReplyOutcome.TAKEN,
) -> Response | tuple[str, int]:
    """Show why the reply was refused, and keep what was typed and attached."""
    status = 409 if outcome is replies.ReplyOutcome.ANSWERED else 422
    if request.headers.get("HX-Request"):
        return Response(" ".join(errors), status, content_type="text/plain; charset=utf-8")
    return _ticket_page(found, text, errors, outcome), status


def _name(found: Ticket) -> str:
    return found.customer.display_name or gettext("お客様")
