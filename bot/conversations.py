"""Decides what is remembered of one chat between its events: blocked or not, and what the bot waits to hear.

A conversation is also what the worker locks, so that one customer's events are handled one after the other.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, insert_once
from bot.text.cleaning import read_json


class Conversation(Model):
    """One chat, or one buyer who is not on LINE yet."""

    key = peewee.CharField(unique=True)
    """LINE's user id; `group:…` and `room:…` for chats of several; `buyer:…`; `none:…` for events of nobody."""
    line_user_id = peewee.CharField(null=True)
    blocked_at = UtcDateTimeField(null=True)
    not_before = UtcDateTimeField(null=True)
    """Its oldest event failed and is tried again at this time; the events after it wait."""
    exchange_kind = peewee.CharField(null=True)
    exchange_data = peewee.TextField(null=True)
    exchange_until = UtcDateTimeField(null=True)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the bot is waiting to hear: the next text answers this, not the menu."""

    kind: str
    data: dict[str, Any]


def ensure(key: str, line_user_id: str | None = None) -> int:
    """The conversation's id; it is made when it is new."""
    found = insert_once(Conversation, key=key, line_user_id=line_user_id or line_user_of(key))
    return found or Conversation.get(Conversation.key == key).id


def line_user_of(key: str) -> str | None:
    """The LINE user of that key: every other kind of key says with a colon what it is."""
    return None if ":" in key else key


def block(conversation_id: int) -> None:
    """The customer blocked the shop."""
    _update(conversation_id, blocked_at=localtime.now())


def unblock(conversation_id: int) -> None:
    """The customer is back."""
    _update(conversation_id, blocked_at=None)


def wait_for(conversation_id: int, kind: str, lasting: timedelta, **data: Any) -> None:
    """Let the next text go to the handler that takes `on_awaited(kind)`, for so long."""
    until = localtime.now() + lasting
    _update(conversation_id, exchange_kind=kind, exchange_data=json.dumps(data), exchange_until=until)


def stop_waiting(conversation_id: int) -> None:
    """The next text is an ordinary one again."""
    _update(conversation_id, exchange_kind=None, exchange_data=None, exchange_until=None)


def exchange_of(kind: str | None, data: str | None, until: datetime | None) -> Exchange | None:
    """The exchange those columns hold, unless it has expired."""
    if kind is None or until is None or until <= localtime.now():
        return None
    return Exchange(kind, read_json(data or "{}"))


def _update(conversation_id: int, **columns: Any) -> None:
    Conversation.update(**columns).where(Conversation.id == conversation_id).execute()
