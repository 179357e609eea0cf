"""Shows the system's notices on every page: in the reader's language, in one line, with a way on and a button.

A notice that only has to be read is gone for all once the owner has dismissed it. Any other is hidden from the person
who dismissed it for the rest of the day, and goes when its cause does; a danger to life cannot be dismissed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import notices
from bot.db.database import write_transaction
from bot.notices import Detail, Notice, NoticeText
from bot.web import proxy_notice
from bot.web.request_cleaning import address_parts
from console.shell.translation import N_, gettext, reads_english

READ_ONCE = ("order-differs:", "refunds-too-much:", "link-held:", proxy_notice.CAUSE)
"""How the causes of notices begin that no later event would end."""
NOT_DISMISSED = ("danger:",)
WAYS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("danger:", "console.tickets", {}),
    ("orders-parked", "console.parked", {}),
    ("order-differs:", "console.parked", {}),
    ("promises-broken", "console.tickets", {"view": "at_risk"}),
    ("cases-overdue", "console.tickets", {"view": "at_risk"}),
    ("tickets-silent", "console.tickets", {"view": "waiting"}),
    ("link-held:", "console.tickets", {}),
    ("campaign-", "console.campaigns", {}),
    ("flow-", "console.flows", {}),
    ("month-is-spent", "console.messages", {}),
    ("inbox-parked:", "console.failed_jobs", {}),
    ("outbox-parked:", "console.failed_jobs", {}),
    ("multicast-parked:", "console.failed_jobs", {}),
    ("token-refused", "console.failed_jobs", {}),
)
"""Where a notice leads, by the beginning of its cause: an endpoint and its values."""
FIELDS = (
    N_("注文番号"),
    N_("注文日"),
    N_("合計金額"),
    N_("LINEユーザーID"),
    N_("顧客番号"),
    N_("メールアドレス"),
    N_("電話番号"),
    N_("郵便番号"),
    N_("住所"),
    N_("商品"),
    N_("商品コード"),
    N_("商品名"),
    N_("数量"),
    N_("単価"),
    N_("買い替えの目安の日数"),
    N_("クーポンコード"),
    N_("プレミアム商品かどうか"),
    N_("返金の番号"),
    N_("返金額"),
    N_("通貨"),
    N_("理由"),
    N_("配送会社"),
    N_("送り状番号"),
    N_("追跡ページのアドレス"),
    N_("出荷日"),
    N_("配達完了日"),
    N_("お届け予定日"),
)
"""The names of an order's fields in notices (`customers.values.faults.LABELS`), to be translated."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as a page shows it."""

    id: int
    words: str
    raised_at: datetime
    href: str
    """Where it leads; empty when the reader may not open that page."""
    can_be_dismissed: bool


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.post("/notices/<int:notice_id>/put-away")(put_away)


def current(may_open: Callable[[str], bool]) -> list[Shown]:
    """The notices that the signed-in person is shown, oldest first. `may_open` says which pages they may open."""
    hidden = notices.dismissed_by(current_user.id)
    return [_shown(each, may_open) for each in notices.current() if each.cause not in hidden]


def put_away(notice_id: int) -> Response:
    """Dismiss the notice: for all, or for this person today."""
    notice: Notice | None = Notice.get_or_none(Notice.id == notice_id)
    if notice is not None and notice.cause.startswith(NOT_DISMISSED):
        abort(404)
    if notice is not None:
        with write_transaction():
            if current_user.is_owner and notice.cause.startswith(READ_ONCE):
                notices.take_down(notice.cause)
            else:
                notices.dismiss(notice.cause, current_user.id)
    page = address_parts(request.referrer or "")
    return redirect(f"{page.path}?{page.query}" if page else url_for("console.home"), 303)


def in_words(text: NoticeText) -> str:
    """The notice in the reader's language."""
    details = {name: _value(each) for name, each in text.details.items()}
    return gettext(text.template, **details)


def _shown(notice: Notice, may_open: Callable[[str], bool]) -> Shown:
    text = notice.text
    return Shown(
        id=notice.id,
        words=in_words(text) if text else notice.sentence,
        raised_at=notice.raised_at,
        href=_way(notice.cause, may_open),
        can_be_dismissed=not notice.cause.startswith(NOT_DISMISSED),
    )


def _value(value: Detail) -> str:
    if isinstance(value, NoticeText):
        return in_words(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return (", " if reads_english() else "・").join(map(in_words, value))
    return str(value)


def _way(cause: str, may_open: Callable[[str], bool]) -> str:
    for beginning, endpoint, values in WAYS:
        if cause.startswith(beginning) and may_open(endpoint):
            return url_for(endpoint, **values)
    return ""
