"""Decides whether a request is LINE's and keeps every event of it, before the answer 200.

Nothing is interpreted here: events are stored as they came, the worker reads them. One strange event costs
nobody else theirs.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeGuard

import peewee
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot import database, inbox, localtime, log, settings
from bot.database import is_postgres
from bot.group_commit import GroupCommit
from bot.inbox import NewEvent

LARGEST_BODY_BYTES = 4_000_000
"""A hundred events of 5,000 letters each are 3 MB where JSON escapes each letter."""
LONGEST_NAME = 64
"""Letters of a user's, group's or room's id; LINE's have 33. Whose is longer, the event is stored as nobody's."""
webhook = Blueprint("webhook", __name__)


def signature(body: bytes, channel_secret: str) -> str:
    """What LINE puts into x-line-signature.
    https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/"""
    return base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest()).decode()


@webhook.post("/callback")
def callback() -> Response:
    """LINE's webhook. 200 means: stored, and kept through a power cut."""
    request.max_content_length = LARGEST_BODY_BYTES  # also of a body that does not say its length
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _refuse(
            413, f"The body is larger than {LARGEST_BODY_BYTES} bytes; LINE sends no such webhook."
        )
    given = request.headers.get("x-line-signature", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, signature(body, settings.current().line_channel_secret).encode()):
        return _refuse(
            401,
            "x-line-signature is missing or does not fit this body. It is signed with the channel secret: "
            "check that LINE_CHANNEL_SECRET is this channel's.",
        )
    try:
        events = split(body, localtime.now())
    except ValueError as error:
        return _refuse(400, f'{error} Expected: {{"destination": "U…", "events": […]}}')
    if events:
        _keep(events)
    return Response("OK", 200, content_type="text/plain; charset=utf-8")


def split(body: bytes, received_at: datetime) -> list[NewEvent]:
    """The events of one webhook body, each kept as raw JSON. ValueError when it is not a webhook body at all."""
    try:
        content = json.loads(body)
        if not isinstance(content, dict) or not isinstance(content.get("events"), list):
            raise ValueError("The body has no list of events.")
        return [_new_event(event, received_at) for event in content["events"]]
    except RecursionError:
        raise ValueError("The body is nested too deeply.") from None
    except json.JSONDecodeError:
        raise ValueError("The body is not JSON.") from None
    except UnicodeDecodeError:
        raise ValueError("The body is not UTF-8.") from None


def _new_event(event: Any, received_at: datetime) -> NewEvent:
    fields = event if isinstance(event, dict) else {}
    # Lone surrogates are legal in JSON escapes and in no database: ASCII escapes keep them as they came.
    body = json.dumps(event, ensure_ascii=True)
    event_id = fields.get("webhookEventId")
    if not _is_plain(event_id, 100):
        # A redelivery differs in its deliveryContext and in nothing else.
        same = json.dumps({**fields, "deliveryContext": None} if fields else event)
        event_id = "unnamed:" + hashlib.sha256(same.encode()).hexdigest()
    key, line_user_id = _conversation(fields.get("source"), event_id)
    return NewEvent(event_id, key, line_user_id, "line", body, _occurred_at(fields, received_at), received_at)


def _conversation(source: Any, event_id: str) -> tuple[str, str | None]:
    """Whose turn in the queue an event takes: a customer's, a group's, or nobody's."""
    if isinstance(source, dict):
        for field, prefix in (("groupId", "group:"), ("roomId", "room:"), ("userId", "")):
            value = source.get(field)
            if _is_plain(value, LONGEST_NAME) and ":" not in value:
                return prefix + value, value if field == "userId" else None
    return f"none:{event_id}", None


def _is_plain(value: Any, longest: int) -> TypeGuard[str]:
    """Whether it can be an id: short, ASCII, nothing that cannot be seen."""
    return isinstance(value, str) and 0 < len(value) <= longest and value.isascii() and value.isprintable()


def _occurred_at(fields: dict[str, Any], received_at: datetime) -> datetime:
    """LINE's timestamp, which gives the order; never later than now, whatever a strange event claims."""
    stamp = fields.get("timestamp")
    if not isinstance(stamp, int | float) or isinstance(stamp, bool) or not 0 < stamp < 1e14:
        return received_at
    return min(datetime.fromtimestamp(stamp / 1000, UTC), received_at)


def _store_and_commit(events: Sequence[NewEvent]) -> None:
    try:
        inbox.store_at_once(events)
    except (peewee.InterfaceError, peewee.OperationalError):
        # The server was restarted since this thread's last request. To store an event again changes nothing.
        database.forget_connection()
        inbox.store_at_once(events)


_group: GroupCommit[NewEvent] = GroupCommit(_store_and_commit)


def _keep(events: list[NewEvent]) -> None:
    keep: Callable[[Sequence[NewEvent]], None] = _store_and_commit if is_postgres() else _group.submit
    keep(events)


def _refuse(status: int, sentence: str) -> Response:
    log.warning("webhook refused", status=status, reason=sentence)
    return Response(sentence, status, content_type="text/plain; charset=utf-8")
