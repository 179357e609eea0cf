"""Decides which notices the owner may put away: those about something to look at, which no event ever ends."""

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from bot import notices
from bot.db.database import write_transaction
from bot.notices import Notice
from bot.web import proxy_notice

DISMISSIBLE = ("order-differs:", "refunds-too-much:", "link-held:", proxy_notice.CAUSE)


def register(console: Blueprint) -> None:
    """The addresses of these pages."""
    console.app_template_test("dismissible")(may_be_put_away)
    console.post("/notices/<int:notice_id>/put-away")(put_away)


def may_be_put_away(notice: Notice) -> bool:
    """Whether a look at it is all it asks for; the others stand until their cause is gone."""
    return str(notice.cause).startswith(DISMISSIBLE)


def put_away(notice_id: int) -> Response:
    """The owner has seen to it."""
    notice: Notice | None = Notice.get_or_none(Notice.id == notice_id)
    if notice is not None and not may_be_put_away(notice):
        abort(404)
    if notice is not None:
        with write_transaction():
            notices.take_down(notice.cause)
    return redirect(url_for("console.home"), 303)
