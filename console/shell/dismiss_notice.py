"""Lets the owner dismiss a notice that no later event would end. Other notices go when their cause does."""

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from bot import notices
from bot.db.database import write_transaction
from bot.notices import Notice
from bot.web import proxy_notice

DISMISSIBLE = ("order-differs:", "refunds-too-much:", "link-held:", proxy_notice.CAUSE)


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.app_template_test("dismissible")(may_be_dismissed)
    console.post("/notices/<int:notice_id>/put-away")(put_away)


def may_be_dismissed(notice: Notice) -> bool:
    """Whether the notice only has to be read; the others stay until their cause is gone."""
    return str(notice.cause).startswith(DISMISSIBLE)


def put_away(notice_id: int) -> Response:
    """Dismiss the notice."""
    notice: Notice | None = Notice.get_or_none(Notice.id == notice_id)
    if notice is not None and not may_be_dismissed(notice):
        abort(404)
    if notice is not None:
        with write_transaction():
            notices.take_down(notice.cause)
    return redirect(url_for("console.home"), 303)
