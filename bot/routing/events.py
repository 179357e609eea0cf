"""Reads a stored event's JSON into one of our own types; accepts fields and kinds that LINE may add later.

The SDK's parser is not used: a single field it does not know costs it the customer and the reply token.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot import localtime
from bot.conversations import Exchange
from bot.line.channels import MAIN
from bot.line.postbacks import Postback, decode
from bot.routing.claimed import Claimed
from bot.routing.event_kinds import FORMER_NAMES
from bot.text.cleaning import LONGEST_ID, read_json, read_object, storable_id

REPLY_TOKEN_LIVES = timedelta(seconds=55)
"""LINE says one minute from receipt; the rest is left for the call.
https://developers.line.biz/en/reference/messaging-api/#send-reply-message"""

LONGEST_TEXT = 5_000
"""Characters of a message that handlers get: LINE's longest. The console shows whatever came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The fields that every event has."""

    event_id: str
    conversation_id: int
    user_id: str | None
    occurred_at: datetime
    received_at: datetime
    reply_token: str | None = None
    standby: bool = False
    exchange: Exchange | None = None
    channel: str = MAIN
    """The LINE account that it came to, by which its reply token is used; events of our own are the main one's."""

    @property
    def reply_until(self) -> datetime:
        """Until when the reply token is valid."""
        return self.received_at + REPLY_TOKEN_LIVES


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Event):
    """The customer added the shop, or unblocked it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed(Event):
    """The customer blocked the shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(Event):
    """The customer wrote a text."""

    text: str
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostbackReceived(Event):
    """The customer tapped a button."""

    postback: Postback


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerReceived(Event):
    """The customer sent a sticker."""

    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived(Event):
    """The customer sent an image, a video, a voice message, a file, or a kind of message not known yet."""

    media: str
    message_id: str
    provider: str = "line"
    """Who has the bytes: `line`, or `external` for what a web page sent in the customer's name."""
    file_name: str = ""
    byte_count: int | None = None
    """The size that LINE announces for a file."""
    image_set: str = ""
    """The same id for pictures that were sent together.
    https://developers.line.biz/en/reference/messaging-api/#wh-image"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationReceived(Event):
    """The customer sent a location."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent(Event):
    """The customer unsent a message."""

    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLinked(Event):
    """The customer came back from the shop's login with the nonce it gave them, or LINE says that it failed.
    https://developers.line.biz/en/reference/messaging-api/#account-link-event"""

    ok: bool
    nonce: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalEvent(Event):
    """An event of our own: an order, a due time, a decision of staff."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Event):
    """Any other event: stored, and not answered."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChanged(Unknown):
    """The customer edited a text they had sent. It is not answered again.
    https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects"""

    text: str
    message_id: str


def read(row: Claimed) -> Event:
    """The stored event as one of our types; never raises, whatever its content."""
    body = read_object(row.body)
    token = _text(body, "replyToken")
    exchange = None
    if row.exchange_kind and row.exchange_until and row.exchange_until > localtime.now():
        exchange = Exchange(row.exchange_kind, read_json(row.exchange_data or "{}"))
    base: dict[str, Any] = {
        "event_id": row.event_id,
        "conversation_id": row.conversation_id,
        "user_id": row.line_user_id,
        "occurred_at": row.occurred_at,
        "received_at": row.received_at,
        # One that is longer than LINE's ever are is none: what is answered then goes as a push.
        "reply_token": token if 0 < len(token) <= LONGEST_ID else None,
        "standby": body.get("mode") == "standby",
        "exchange": exchange,
        "channel": row.channel,
    }
    if row.source != "line":
        return InternalEvent(kind=FORMER_NAMES.get(row.source, row.source), data=body, **base)
    if row.line_user_id is None:
        return Unknown(type=_text(body, "type"), **base)
    return _from_line(body, base)


def _from_line(body: dict[str, Any], base: dict[str, Any]) -> Event:
    match body.get("type"):
        case "message" if _table(body, "message").get("type") == "unsent":  # see bot/queue/message_changes.py
            return Unknown(type="unsent", **base)
        case "message":
            return _message(_table(body, "message"), base)
        case "postback":
            return PostbackReceived(postback=decode(_text(_table(body, "postback"), "data")), **base)
        case "follow":
            return Followed(**base)
        case "unfollow":
            return Unfollowed(**base)
        case "unsend":
            return Unsent(message_id=_id(_table(body, "unsend"), "messageId"), **base)
        case "messageEdited" if _table(body, "message").get("type") == "text":
            message = _table(body, "message")
            return TextChanged(
                type="messageEdited", text=_text(message, "text"), message_id=_id(message, "id"), **base
            )
        case "accountLink" if _table(body, "link").get("result") in ("ok", "failed"):
            link = _table(body, "link")
            return AccountLinked(ok=link.get("result") == "ok", nonce=_text(link, "nonce"), **base)
        case _:
            return Unknown(type=_text(body, "type"), **base)


def _message(message: dict[str, Any], base: dict[str, Any]) -> Event:
    match message.get("type"):
        case "text" if isinstance(message.get("text"), str):
            return TextReceived(
                text=_text(message, "text")[:LONGEST_TEXT], message_id=_id(message, "id"), **base
            )
        case "sticker":
            keywords = message.get("keywords")
            words = [word for word in keywords if isinstance(word, str)] if isinstance(keywords, list) else []
            return StickerReceived(keywords=tuple(words), **base)
        case "image" | "video" | "audio" | "file" as media:
            size = message.get("fileSize")
            return MediaReceived(
                media=media,
                message_id=_id(message, "id"),
                provider=_text(_table(message, "contentProvider"), "type") or "line",
                file_name=_text(message, "fileName"),
                byte_count=size if isinstance(size, int) else None,
                image_set=_text(_table(message, "imageSet"), "id"),
                **base,
            )
        case "location":
            return LocationReceived(**base)
        case strange:
            return MediaReceived(media=str(strange), message_id=_id(message, "id"), **base)


def _table(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _id(body: dict[str, Any], name: str) -> str:
    return storable_id(_text(body, name))
