"""Says in words how LINE's side is: connected or not, what is wrong, and what only the owner can see and confirm."""

from dataclasses import dataclass
from datetime import datetime

from bot import facts
from bot.config import settings
from bot.line.channel_check import Fault
from bot.queue import line_health
from bot.queue.line_health import LineHealth
from console.first_start import line_checks
from console.shell.translation import gettext

NEARLY_SPENT = 0.8
"""The share of the month's messages from which the owner is warned."""


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What LINE's API does not say: the owner looks it up there and confirms it."""

    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """What the owner's first page shows of LINE."""

    is_connected: bool
    account: str
    checked_at: datetime
    last_webhook_at: datetime | None
    last_sent_at: datetime | None
    faults: list[str]
    to_confirm: list[ToConfirm]


def shown() -> LineShown | None:
    """LINE's side as the clock found it last; None before its first check."""
    known = line_health.current()
    if known is None:
        return None
    return LineShown(
        is_connected=not known.fault,
        account=f"{known.name}（{known.basic_id}）" if known.name else "",
        checked_at=datetime.fromisoformat(known.checked_at),
        last_webhook_at=_moment(known.last_webhook_at),
        last_sent_at=_moment(known.last_sent_at),
        faults=faults(known, _webhook_address(known)),
        to_confirm=_to_confirm(known),
    )


def _webhook_address(known: LineHealth) -> str:
    """Where LINE is to send its webhooks. The demo's LINE, on the same machine, sends them to its own port."""
    config = settings.current()
    return known.webhook if config.demo else f"{config.public_url}/callback"


def faults(known: LineHealth, address: str) -> list[str]:
    """What is wrong, each with what to do. `address` is where LINE is to send its webhooks."""
    if known.fault:
        return [line_checks.fault_in_words(Fault(known.fault))]
    found = []
    if not known.webhook:
        found.append(
            gettext(
                "LINEに、Webhookのアドレスがありません。LINE Developersの「Messaging API設定」で %(address)s を"
                "入れてください。",
                address=address,
            )
        )
    elif known.webhook != address:
        found.append(
            gettext(
                "LINEの知らせは、別のアドレス（%(other)s）に送られています。LINE Developersの「Messaging API設定」で "
                "%(address)s に直してください。",
                other=known.webhook,
                address=address,
            )
        )
    if known.webhook and not known.is_webhook_on:
        found.append(
            gettext(
                "「Webhookの利用」がオフです。お客様の言葉が届きません。LINE Developersの「Messaging API設定」で"
                "オンにしてください。"
            )
        )
    if known.quota is not None and known.used_count >= NEARLY_SPENT * known.quota:
        found.append(
            gettext(
                "今月こちらから送れるメッセージは、%(quota)d通のうち%(used)d通を使いました。使い切ると、お返事のほかは"
                "来月まで待ちます。",
                quota=known.quota,
                used=known.used_count,
            )
        )
    return found


def _to_confirm(known: LineHealth) -> list[ToConfirm]:
    confirmed = facts.keys("confirmed:")
    asked = []
    if "confirmed:greeting" not in confirmed:
        asked.append(
            ToConfirm(
                "greeting",
                gettext(
                    "LINE Official Account Manager の「応答設定」で、あいさつメッセージと応答メッセージを"
                    "オフにしましたか？"
                    "（LINEからは知らされないので、ご自分で確かめてください）"
                ),
            )
        )
    if not known.is_redelivery_seen and "confirmed:redelivery" not in confirmed:
        asked.append(
            ToConfirm(
                "redelivery",
                gettext(
                    "LINE Developersの「Messaging API設定」で「Webhookの再送」をオンにしましたか？"
                    "（再送が一度届くまで、ここからは分かりません）"
                ),
            )
        )
    return asked


def _moment(stored: str) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
