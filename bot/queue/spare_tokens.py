"""Finds a reply token that nothing was answered with, so that staff who answer within the minute can do so
free of charge."""

from dataclasses import dataclass
from datetime import datetime

from bot import localtime
from bot.line.channels import MAIN
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.routing.events import REPLY_TOKEN_LIVES
from bot.text.cleaning import LONGEST_ID, read_object

LATEST_COUNT = 5
"""How many events are read: somebody who writes more in a minute is answered by a push if need be."""


@dataclass(frozen=True, slots=True)
class SpareToken:
    """A token, and when it came."""

    reply_token: str
    received_at: datetime


def newest(conversation_id: int, channel: str = MAIN) -> SpareToken | None:
    """The chat's newest token of that LINE account that is valid and unused; None when there is none."""
    alive = InboxEvent.received_at > localtime.now() - REPLY_TOKEN_LIVES
    rows = (
        InboxEvent.select(InboxEvent.body, InboxEvent.received_at)
        .where(InboxEvent.conversation == conversation_id, InboxEvent.source == "line", alive)
        .where(InboxEvent.channel == channel)
        .order_by(InboxEvent.id.desc())
        .limit(LATEST_COUNT)
    )
    for row in rows:
        body = read_object(row.body)
        token = body.get("replyToken") if body.get("mode") != "standby" else None
        if isinstance(token, str) and 0 < len(token) <= LONGEST_ID and not _was_used(conversation_id, token):
            return SpareToken(token, row.received_at)
    return None


def _was_used(conversation_id: int, reply_token: str) -> bool:
    mine = OutboxMessage.select().where(OutboxMessage.conversation == conversation_id)
    return bool(mine.where(OutboxMessage.reply_token == reply_token).exists())
