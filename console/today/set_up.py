"""What is left to set up, from what can be known without asking anybody. Each is gone once it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import peewee
from flask import url_for

from bot import facts, localtime, notices
from bot.backups import jobs
from bot.backups.settings import BackupRules
from bot.config import settings, shop
from bot.queue import menu_publishing
from bot.queue.inbox import InboxEvent
from bot.worker.send_records import TOKEN_REFUSED
from console.auth.staff_accounts import Role, Staff
from console.guide import question
from console.guide.pages import HOURS_SET
from console.shell.pages import moment
from console.shell.translation import gettext, ngettext
from customers.orders.tables import Purchase
from customers.people.customer import Customer
from support.faq import overview
from support.hours.settings import BusinessHours

SEARCHED = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One thing left to set up."""

    key: str
    sentence: str
    where: str
    """Where and how, in a sentence."""
    href: str = ""
    """The page of the console where it is done; empty where it is done elsewhere."""
    may_wait: bool = False
    """The shop runs without it."""


def left() -> list[Step]:
    """What is left, the most necessary first."""
    return [step for find in STEPS if (step := find()) is not None]


def _line_refuses() -> Step | None:
    if not notices.Notice.select().where(notices.Notice.cause == TOKEN_REFUSED).exists():
        return None
    return Step(
        "line-token",
        gettext("LINEがアクセストークンを認めていません。このままでは、お客様に何も届きません。"),
        gettext(
            "LINE Developersの「Messaging API設定」でチャネルアクセストークンを発行し、「接続」の画面に入れてください。"
            "数秒で切りかわります。"
        ),
        url_for("console.connections"),
    )


def _no_webhook_yet() -> Step | None:
    """Somebody on LINE did something, or an event of LINE's is stored: the address is right. The first and the last
    SEARCHED of each are searched, so that no shop is too large for it."""
    for model, is_of_line in (
        (Customer, Customer.last_seen_at.is_null(is_null=False)),
        (InboxEvent, InboxEvent.source == "line"),
    ):
        for order in (model.id, model.id.desc()):
            some = model.select(model.id).order_by(order).limit(SEARCHED)
            if model.select().where(model.id.in_(some), is_of_line).exists():
                return None
    return Step(
        "webhook",
        gettext("LINEからの知らせが、まだ一度も届いていません。"),
        gettext(
            "お店のLINEを友だちに追加して、ご自分に質問を送ってみてください。届かなければ、LINE Developersの"
            "「Messaging API設定」で、Webhook URLが %(address)s で、「Webhookの利用」がオンか確かめてください。",
            address=f"{settings.current().public_url.rstrip('/')}/callback",
        ),
        url_for("console.set_up_question"),
    )


def _not_https() -> Step | None:
    config = settings.current()
    if config.demo or config.by_https:
        return None
    return Step(
        "https",
        gettext("お客様に見せるアドレスが https ではありません（%(address)s）。", address=config.public_url),
        gettext(
            "LINEは https のアドレスにしか知らせを届けません。設定 PUBLIC_URL を https:// で始まるものにしてください。"
        ),
    )


def _no_order_yet() -> Step | None:
    if Purchase.select().exists():
        return None
    return Step(
        "orders",
        gettext("注文が、まだ1件も届いていません。"),
        gettext("CSVを入れる、お店のシステムからAPIで送る、Shopifyから受け取る、のどれかを選べます。"),
        url_for("console.set_up_orders"),
    )


def _no_rich_menu() -> Step | None:
    if menu_publishing.is_published():
        return None
    return Step(
        "rich-menu",
        gettext("トーク画面の下のメニューが、まだ出ていません。"),
        gettext("ボタンを押すと、ランクごとのメニューがLINEに出ます。"),
        url_for("console.set_up_menus"),
    )


def _answers_as_shipped() -> Step | None:
    count = overview.answers_left_count()
    if not count:
        return None
    return Step(
        "faq",
        ngettext(
            "お店にしか書けない答えが、あと%(num)dつ残っています。",
            "お店にしか書けない答えが、あと%(num)dつ残っています。",
            count,
        ),
        gettext(
            "送料・お届け日数・返品のきまりを、あなたのお店の答えに直してください。お客様はその文を読みます。"
        ),
        url_for("console.set_up_answers"),
    )


def _hours_as_shipped() -> Step | None:
    if facts.get(HOURS_SET) is not None or shop.get(BusinessHours) != BusinessHours.model_validate({}):
        return None
    return Step(
        "hours",
        gettext("お返事する時間が、はじめの設定のままです。"),
        gettext(
            "スタッフがいる曜日と時間を確かめてください。ほかの時間には、いつからお返事するかをお伝えします。"
        ),
        url_for("console.set_up_hours"),
    )


def _nobody_answered() -> Step | None:
    if question.is_answered():
        return None
    return Step(
        "question",
        gettext("質問に答えた方が、まだいません。"),
        gettext("ご自分のLINEに送って、お客様にどう届くか見てみてください。"),
        url_for("console.set_up_question"),
    )


def _no_whole_backup() -> Step | None:
    """A shop that is younger than that needs none yet; the demo makes none."""
    if settings.current().demo:
        return None
    rules, at = shop.get(BackupRules), jobs.last_whole_at()
    since = at or Staff.select(peewee.fn.MIN(Staff.created_at)).scalar()
    if since is None or localtime.now() - since <= timedelta(days=rules.warn_after_days):
        return None
    return Step(
        "backup",
        gettext("最後のよいバックアップは%(when)sのものです。", when=moment(at, "full"))
        if at
        else gettext("バックアップが、まだ一度も取れていません。"),
        gettext(
            "こわれていないと確かめたバックアップが%(days)d日よりも前のものしかないと、ここに出ます。"
            "「データ」のページで、いま取って、取れなかったわけを確かめてください。",
            days=rules.warn_after_days,
        ),
        url_for("console.data"),
    )


def _only_owners() -> Step | None:
    if Staff.select().where(Staff.role == Role.STAFF, Staff.disabled_at.is_null()).exists():
        return None
    return Step(
        "staff",
        gettext("スタッフが、まだいません。"),
        gettext(
            "チャットのお返事を手伝う方がいれば、招待できます。おひとりのお店なら、このままで大丈夫です。"
        ),
        url_for("console.people"),
        may_wait=True,
    )


STEPS: tuple[Callable[[], Step | None], ...] = (
    _line_refuses,
    _not_https,
    _no_webhook_yet,
    _no_order_yet,
    _no_rich_menu,
    _answers_as_shipped,
    _hours_as_shipped,
    _no_whole_backup,
    _nobody_answered,
    _only_owners,
)
"""What is asked, in the order in which it is shown."""
