"""Stores what is remembered of a chat between its events: whether it is blocked, and which answer the bot is
waiting for.

The worker also locks a conversation's row, so that one customer's events are handled one after the other
(`bot/queue/inbox.py`).
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once


class Conversation(Model):
    """One chat, or one buyer who is not on LINE yet."""

    key = peewee.CharField(unique=True)
    """LINE's user id; `group:…` and `room:…` for group chats; `buyer:…`; `none:…` for events without a
    sender."""
    line_user_id = peewee.CharField(null=True)
    blocked_at = UtcDateTimeField(null=True)
    not_before = UtcDateTimeField(null=True)
    """When its oldest event, which failed, is tried again; the events after it wait until then."""
    exchange_kind = peewee.CharField(null=True)
    exchange_data = peewee.TextField(null=True)
    exchange_until = UtcDateTimeField(null=True)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question the bot has asked: the next text that is no command answers it."""

    kind: str
    data: dict[str, Any]


def ensure(key: str, line_user_id: str | None = None) -> int:
    """The conversation's id; inserts the conversation when it is new."""
    found = insert_once(Conversation, key=key, line_user_id=line_user_id or line_user_of(key))
    return found or Conversation.get(Conversation.key == key).id


def line_user_of(key: str) -> str | None:
    """The LINE user id in a key; None for the other kinds of key, which all contain a colon."""
    return None if ":" in key else key


def block(conversation_id: int) -> None:
    """Record that the customer blocked the shop."""
    _update(conversation_id, blocked_at=localtime.now())


def unblock(conversation_id: int) -> None:
    """Record that the customer unblocked the shop or added it again."""
    _update(conversation_id, blocked_at=None)


def wait_for(conversation_id: int, kind: str, lasting: timedelta, **data: Any) -> None:
    """Send the next text to the handler registered with `on_awaited(kind)`, for this long. The handler gets
    `data`."""
    until = localtime.now() + lasting
    _update(conversation_id, exchange_kind=kind, exchange_data=json.dumps(data), exchange_until=until)


def stop_waiting(conversation_id: int) -> None:
    """Close the open exchange: the next text is routed as usual."""
    _update(conversation_id, exchange_kind=None, exchange_data=None, exchange_until=None)


def _update(conversation_id: int, **columns: Any) -> None:
    Conversation.update(**columns).where(Conversation.id == conversation_id).execute()


erasure.blanked(
    Conversation,
    lambda: {
        "key": erasure.code("erased:", Conversation.id),
        "line_user_id": None,
        "blocked_at": None,
        "not_before": None,
        "exchange_kind": None,
        "exchange_data": None,
        "exchange_until": None,
    },
    lambda who: Conversation.id.in_(who.conversation_ids),
)
