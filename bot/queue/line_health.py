"""Stores how LINE's side is, so that pages can show it without asking LINE; the clock asks every ten minutes.

What it means, in words, is left to `console/today/line_health.py`.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import peewee

from bot import facts, localtime
from bot.config import settings
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage

KEY = "line-health"
LATEST_EVENTS, SEARCHED_EVENTS = 200, 5_000
"""LINE's events in which a redelivery is searched for, and events of all kinds among which they are."""


@dataclass(frozen=True, slots=True)
class LineHealth:
    """What LINE said, and what came and went."""

    checked_at: str
    """As ISO 8601, in UTC; so are the other times."""
    fault: str = ""
    """Why LINE did not say (`Fault` of `bot/line/channel_check.py`); empty when it did."""
    name: str = ""
    basic_id: str = ""
    webhook: str = ""
    """Where LINE sends its webhooks; empty when nowhere is set."""
    is_webhook_on: bool = True
    quota: int | None = None
    """None without a limit, or when LINE did not say."""
    used_count: int = 0
    last_webhook_at: str = ""
    """Empty while none came."""
    last_sent_at: str = ""
    is_redelivery_seen: bool = False
    """Whether one of the latest events had been delivered before: then redelivery is on. Otherwise it is unknown."""


def check() -> None:
    """Ask LINE, and store what it said; the clock's job."""
    # Imported here: the clock needs no HTTP otherwise.
    from bot.line import channel_check
    from bot.line.channel_check import Fault

    config = settings.current()
    now = localtime.now().isoformat()
    info = channel_check.bot_info(config)
    if isinstance(info, Fault):
        _keep(LineHealth(now, fault=info, **_traffic()))
        return
    webhook, month = channel_check.webhook(config), channel_check.month(config)
    _keep(
        LineHealth(
            now,
            name=info.name,
            basic_id=info.basic_id,
            webhook="" if isinstance(webhook, Fault) else webhook.address,
            is_webhook_on=True if isinstance(webhook, Fault) else webhook.active,
            quota=None if isinstance(month, Fault) else month.quota,
            used_count=0 if isinstance(month, Fault) else month.used_count,
            **_traffic(),
        )
    )


def current() -> LineHealth | None:
    """What was stored last; None before the first check."""
    known = facts.get(KEY)
    return None if known is None else LineHealth(**known)


def _keep(health: LineHealth) -> None:
    with write_transaction():
        facts.keep(KEY, asdict(health))


def _traffic() -> dict[str, Any]:
    """When something came from LINE and went to it last, and whether something came again."""
    newest = InboxEvent.select(peewee.fn.MAX(InboxEvent.id)).scalar() or 0
    lately = (InboxEvent.source == "line") & (InboxEvent.id > newest - SEARCHED_EVENTS)
    latest = list(
        InboxEvent.select(InboxEvent.body).where(lately).order_by(InboxEvent.id.desc()).limit(LATEST_EVENTS)
    )
    received_at = InboxEvent.select(peewee.fn.MAX(InboxEvent.received_at)).where(lately).scalar()
    last_id = OutboxMessage.select(peewee.fn.MAX(OutboxMessage.id)).scalar() or 0
    sent_at = (
        OutboxMessage.select(peewee.fn.MAX(OutboxMessage.sent_at))
        .where(OutboxMessage.id > last_id - SEARCHED_EVENTS)
        .scalar()
    )
    before = current()
    known = before.last_webhook_at if before else ""
    return {
        "last_webhook_at": received_at.isoformat() if received_at else known,
        "last_sent_at": sent_at.isoformat() if sent_at else "",
        "is_redelivery_seen": any(_came_again(str(each.body)) for each in latest),
    }


def _came_again(body: str) -> bool:
    try:
        context = json.loads(body).get("deliveryContext")
    except (ValueError, AttributeError):
        return False
    return isinstance(context, dict) and context.get("isRedelivery") is True
