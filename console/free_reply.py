"""Decides whether an answer of staff can still go free: with the reply token of what the customer said last.

A token lives for a minute and works once; a push costs money, so a quick answer should not be one.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from bot import localtime
from bot.events import REPLY_TOKEN_LIVES
from bot.inbox import PENDING, InboxEvent
from bot.outbox import OutboxMessage


@dataclass(frozen=True, slots=True)
class Token:
    """A reply token, and when it came."""

    value: str
    received_at: datetime


def of(conversation_id: int) -> Token | None:
    """The newest living token of that chat, unless something was answered with it."""
    last = (
        InboxEvent.select(InboxEvent.body, InboxEvent.received_at)
        .where(InboxEvent.conversation == conversation_id, InboxEvent.source == "line")
        .where(InboxEvent.received_at > localtime.now() - REPLY_TOKEN_LIVES)
        .order_by(InboxEvent.received_at.desc(), InboxEvent.id.desc())
        .first()
    )
    value = json.loads(last.body).get("replyToken") if last is not None else None
    if not isinstance(value, str) or not value:
        return None
    taken = _was_used(conversation_id, value) or _is_promised(conversation_id, value)
    return None if taken else Token(value, last.received_at)


def _was_used(conversation_id: int, value: str) -> bool:
    theirs = OutboxMessage.conversation == conversation_id
    return bool(OutboxMessage.select().where(theirs, OutboxMessage.reply_token == value).exists())


def _is_promised(conversation_id: int, value: str) -> bool:
    """Whether an answer that the worker has yet to take has this token already."""
    query = InboxEvent.select().where(
        InboxEvent.conversation == conversation_id,
        InboxEvent.state == PENDING,
        InboxEvent.source == "staff.replied",
        InboxEvent.body.contains(value),
    )
    return bool(query.exists())
