"""Builds the bodies that LINE posts to a bot's webhook, and their signature. Pure: ids, times and tokens are
passed in."""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

Event = dict[str, Any]
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(at_ms: int) -> str:
    """A webhookEventId as LINE makes them: 26 characters that sort by time."""
    number = (at_ms << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def event(kind: str, user_id: str, at_ms: int, reply_token: str | None = None, **parts: Any) -> Event:
    """One event of a person in a chat with the shop; `parts` are the fields of its kind."""
    made: Event = {
        "type": kind,
        **parts,
        "webhookEventId": ulid(at_ms),
        "deliveryContext": {"isRedelivery": False},
    }
    made |= {"timestamp": at_ms, "source": {"type": "user", "userId": user_id}}
    if reply_token is not None:
        made["replyToken"] = reply_token
    return made | {"mode": "active"}


def redelivered(sent: Event) -> Event:
    """The same event again: same ids and token, marked as a redelivery."""
    return sent | {"deliveryContext": {"isRedelivery": True}}


def body(destination: str, events: list[Event]) -> bytes:
    """The JSON body of a webhook with these events."""
    made = {"destination": destination, "events": events}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def signature(channel_secret: str, raw: bytes) -> str:
    """The value of x-line-signature for these bytes."""
    digest = hmac.new(channel_secret.encode(), raw, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
