"""What is left to set up, from what can be known without asking anybody. Each is gone once it is done."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for

from bot import notices
from bot.config import settings
from bot.queue.inbox import InboxEvent
from bot.queue.rich_menus import RichMenu
from bot.worker.send_records import TOKEN_REFUSED
from console.auth.staff_accounts import Role, Staff
from console.shell.translation import gettext
from customers.orders.tables import Purchase
from customers.people.customer import Customer
from support.faq.tables import FaqVersion


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
        gettext("LINEがアクセストークンを認めていません。このままでは、お客さまに何も届きません。"),
        gettext(
            "LINE Developersの「Messaging API設定」でチャネルアクセストークンを発行し、"
            "設定 LINE_CHANNEL_ACCESS_TOKEN を書きかえて、再起動してください。"
        ),
    )


def _no_webhook_yet() -> Step | None:
    """Somebody on LINE did something once, or an event of LINE's is stored: the address is right."""
    if Customer.select().where(Customer.last_seen_at.is_null(is_null=False)).exists():
        return None
    if InboxEvent.select().where(InboxEvent.source == "line").exists():
        return None
    return Step(
        "webhook",
        gettext("LINEからの知らせが、まだ一度も届いていません。"),
        gettext(
            "LINE Developersの「Messaging API設定」で、Webhook URLを %(address)s にして「検証」を押し、"
            "「Webhookの利用」を入れてください。そのあと、ご自分のLINEで友だち追加をしてみてください。",
            address=f"{settings.current().public_url.rstrip('/')}/callback",
        ),
    )


def _not_https() -> Step | None:
    config = settings.current()
    if config.demo or config.by_https:
        return None
    return Step(
        "https",
        gettext(
            "お客さまに見せるアドレスが https ではありません（%(address)s）。", address=config.public_url
        ),
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
        gettext(
            "お店のシステムからAPIで送るには、APIキーを作ってください。"
            "CSVなら、コマンド「manage.py import ファイル名」で読み込めます。"
        ),
        url_for("console.keys"),
    )


def _no_rich_menu() -> Step | None:
    if RichMenu.select().exists():
        return None
    return Step(
        "rich-menu",
        gettext("トーク画面の下のメニューが、まだ出ていません。"),
        gettext("コマンド「manage.py menu publish」で、ランクごとのメニューがLINEに出ます。"),
    )


def _faq_as_shipped() -> Step | None:
    if FaqVersion.select().where(FaqVersion.changed_by_id.is_null(is_null=False)).exists():
        return None
    return Step(
        "faq",
        gettext("FAQが、はじめから入っている文のままです。"),
        gettext(
            "送料・お届け日数・返品のきまりを、あなたのお店の答えに直してください。お客さまはその文を読みます。"
        ),
        url_for("console.faq_stock"),
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
    _faq_as_shipped,
    _only_owners,
)
"""What is asked, in the order in which it is shown."""
