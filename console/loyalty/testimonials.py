"""Page on which staff publish or refuse testimonials. Their words cannot be changed here.

The worker counts a published one for the customer's rank.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.files import media, storage
from bot.files import pictures as files_pictures
from bot.queue import inbox
from bot.routing import event_kinds
from console.auth import staff_accounts
from console.shell import media as shown_media
from console.shell.translation import gettext
from rewards.ledger import ledger
from support.tickets import tickets
from surveys.testimonials import moderation
from surveys.testimonials import pictures as testimonial_pictures
from surveys.testimonials.moderation import LONGEST_REASON, QUEUES
from surveys.testimonials.published import cause_of
from surveys.testimonials.tables import Change, Consent, Testimonial, TestimonialState
from surveys.testimonials.words import words

PAGE_LENGTH = 20


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/testimonials")(testimonials)
    console.post("/testimonials/<int:testimonial_id>/publish")(publish_testimonial)
    console.post("/testimonials/<int:testimonial_id>/refuse")(refuse_testimonial)


def testimonials() -> str:
    """A queue of testimonials; queue and cursor are in the address."""
    state = _queue_of(request.args.get("queue"))
    page = moderation.queue(state, PAGE_LENGTH, request.args.get("after", type=int))
    found = page.testimonials
    pictures = [each.picture_message_id for each in found if each.picture_message_id]
    return render_template(
        "console/testimonials.html",
        state=state,
        queues=[(each, queue_in_words(each)) for each in QUEUES],
        counts=moderation.counts(),
        page=page,
        points=ledger.points_given([cause_of(each.id) for each in found]),
        pieces=shown_media.pieces(pictures),
        chats=tickets.latest_by_customer([each.customer_id for each in found]),
        names=staff_accounts.names(),
        consent_in_words=consent_in_words,
        change_in_words=change_in_words,
        cause_of=cause_of,
        who=words().who,
        longest=LONGEST_REASON,
    )


def publish_testimonial(testimonial_id: int) -> Response:
    """Publish it exactly as staff saw it, with its picture unless they leave that out."""
    found = _found(testimonial_id)
    if not _is_as_seen(found):
        return _back(_changed_meanwhile())
    key = ""
    picture = testimonial_pictures.original(found.picture_message_id)
    if picture is not None and "picture" in request.form:
        if picture.state == media.WANTED:
            return _back(gettext("写真を受信しています。少し待ってから、もう一度押してください。"))
        try:
            key = testimonial_pictures.make_public(picture)
        except (files_pictures.Unfit, OSError):
            return _back(
                gettext("この写真は載せられませんでした。「写真も載せる」を外すと、文章だけ載せられます。")
            )
    with write_transaction():
        decision = moderation.publish(found, current_user.id, key)
        if decision is not None:
            _notify_worker(event_kinds.TESTIMONIAL_PUBLISHED, found, decision)
        elif key:
            storage.discard(key)
    if decision is None:
        return _back(_changed_meanwhile())
    flash(gettext("掲載しました。お客様の声のページで、いますぐ読めます。"))
    return _back()


def refuse_testimonial(testimonial_id: int) -> Response:
    """Refuse or unpublish it. The reason is stored; the customer is not notified."""
    found = _found(testimonial_id)
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _back(gettext("理由を入れてください。あとで確かめるために残します。"))
    if not _is_as_seen(found):
        return _back(_changed_meanwhile())
    with write_transaction():
        decision = moderation.refuse(found, current_user.id, reason)
        if decision is not None and found.state == TestimonialState.PUBLISHED:
            _notify_worker(event_kinds.TESTIMONIAL_UNPUBLISHED, found, decision)
    if decision is None:
        return _back(_changed_meanwhile())
    flash(
        gettext("掲載をやめました。")
        if found.state == TestimonialState.PUBLISHED
        else gettext("掲載しないことにしました。")
    )
    return _back()


def queue_in_words(state: TestimonialState) -> str:
    """The queue's name."""
    return {
        TestimonialState.WAITING: gettext("確認待ち"),
        TestimonialState.PUBLISHED: gettext("掲載中"),
        TestimonialState.REFUSED: gettext("掲載しない"),
        TestimonialState.WITHDRAWN: gettext("取り下げ"),
        TestimonialState.PRIVATE: gettext("お店だけ"),
    }[state]


def consent_in_words(consent: str) -> str:
    """What the customer agreed to."""
    return {
        Consent.NAMED: gettext("LINEの名前で掲載OK"),
        Consent.NICKNAME: gettext("ニックネームで掲載OK"),
        Consent.ANONYMOUS: gettext("匿名で掲載OK"),
        Consent.REFUSED: gettext("掲載しないでほしい"),
        Consent.WITHDRAWN: gettext("お客様が取り下げました"),
        Consent.ASKED: gettext("まだ決めていません"),
    }[Consent(consent)]


def change_in_words(change: str) -> str:
    """A line of the history."""
    return {
        Change.CONSENTED: gettext("お客様が掲載を許可"),
        Change.DECLINED: gettext("お客様が掲載を希望せず"),
        Change.WITHDRAWN: gettext("お客様が取り下げ"),
        Change.PUBLISHED: gettext("掲載"),
        Change.REFUSED: gettext("掲載しないと判断"),
        Change.UNPUBLISHED: gettext("掲載をやめる"),
    }[Change(change)]


def _queue_of(wanted: str | None) -> TestimonialState:
    return next((each for each in QUEUES if each == wanted), QUEUES[0])


def _found(testimonial_id: int) -> Testimonial:
    return moderation.find(testimonial_id) or abort(404)


def _is_as_seen(found: Testimonial) -> bool:
    seen = request.form.get("seen_state"), request.form.get("seen_name"), request.form.get("seen_picture")
    return seen == (found.state, found.shown_name, found.picture_message_id or "")


def _changed_meanwhile() -> str:
    return gettext("この感想は、いまの間に変わりました。もう一度ご覧ください。")


def _notify_worker(kind: str, found: Testimonial, decision: int) -> None:
    """Let the worker count it for the rank, in the customer's order."""
    if found.customer.conversation_id is None:
        return
    chat = Conversation.get_by_id(found.customer.conversation_id)
    data = {"testimonial_id": found.id, "staff_id": current_user.id}
    event_id = f"{kind.replace('.', '-')}:{decision}"
    inbox.put(kind, event_id, chat.key, data, line_user_id=chat.line_user_id)


def _back(error: str = "") -> Response:
    if error:
        flash(error, "error")
    return redirect(url_for("console.testimonials", queue=_queue_of(request.form.get("seen_state"))), 303)
