"""Describes an event of LINE or a message of ours in words, for a page that shows a chat. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.text.cleaning import storable_id

_MEDIA = {"image": "写真", "video": "動画", "audio": "ボイスメッセージ", "file": "ファイル"}


@dataclass(frozen=True, slots=True)
class What:
    """The kind of an event or message, its words, and LINE's id of the message if it has one."""

    kind: str
    text: str
    message_id: str = ""


def said(event: dict[str, Any], labels: dict[str, str]) -> What | None:
    """What the customer did; None for what a transcript does not show. `labels` are the buttons' words by
    their data."""
    if is_blanked(event):
        return None  # the unsending is an event of its own
    match event.get("type"):
        case "message":
            return _message(_table(event, "message"))
        case "messageEdited":
            return What("edited", "メッセージを編集しました")
        case "postback":
            data = text_of(_table(event, "postback"), "data")
            return What("tap", labels.get(data, "ボタンをタップしました"))
        case "unsend":
            return What("unsent", "メッセージの送信を取り消しました")
        case "follow":
            return What("followed", "友だちに追加しました")
        case "unfollow":
            return What("blocked", "ブロックしました")
        case _:
            return None


def is_blanked(event: dict[str, Any]) -> bool:
    """Whether the event's message was unsent, so that its words are removed."""
    return _table(event, "message").get("type") == "unsent"


def unsent_id(event: dict[str, Any]) -> str | None:
    """The id of the message that this event unsends; None for other events."""
    return (
        storable_id(text_of(_table(event, "unsend"), "messageId")) if event.get("type") == "unsend" else None
    )


def edit(event: dict[str, Any]) -> tuple[str, str] | None:
    """The id of the message that this event edits, and its new words; None for other events."""
    if event.get("type") != "messageEdited" or is_blanked(event):
        return None
    what = _message(_table(event, "message"))
    return what.message_id, what.text


def in_words(message: dict[str, Any]) -> What:
    """A message of ours in words."""
    match message.get("type"):
        case "text" | "textV2":
            return What("text", text_of(message, "text"))
        case "flex" | "template" | "imagemap":
            return What("card", text_of(message, "altText"))
        case "sticker":
            return What("sticker", "スタンプ")
        case "location":
            return What("location", _place(message))
        case str(kind) if kind in _MEDIA:
            return What(kind, _MEDIA[kind])
        case _:
            return What("other", "メッセージ")


def choices_offered(message: Any) -> Iterator[tuple[str, str]]:
    """The data of the postback buttons in a message, and what the customer sees on tapping them."""
    if isinstance(message, list):
        for part in message:
            yield from choices_offered(part)
    elif isinstance(message, dict):
        if message.get("type") == "postback":
            words = text_of(message, "displayText") or text_of(message, "label")
            if words:
                yield text_of(message, "data"), words
        for part in message.values():
            yield from choices_offered(part)


def text_of(table: dict[str, Any], name: str) -> str:
    """The value if it is text, else empty."""
    value = table.get(name)
    return value if isinstance(value, str) else ""


def _message(message: dict[str, Any]) -> What:
    message_id = storable_id(text_of(message, "id"))
    match message.get("type"):
        case "text":
            return What("text", text_of(message, "text"), message_id)
        case "sticker":
            words = message.get("keywords")
            known = [word for word in words if isinstance(word, str)] if isinstance(words, list) else []
            meaning = text_of(message, "text") or "、".join(known[:3])
            return What("sticker", f"スタンプ（{meaning}）" if meaning else "スタンプ", message_id)
        case "location":
            return What("location", _place(message), message_id)
        case "file":
            name = text_of(message, "fileName")
            return What("file", f"ファイル（{name}）" if name else "ファイル", message_id)
        case str(kind) if kind in _MEDIA:
            return What(kind, _MEDIA[kind], message_id)
        case _:
            return What("other", "この画面では表示できないメッセージ", message_id)


def _place(message: dict[str, Any]) -> str:
    parts = [text_of(message, name) for name in ("title", "address")]
    where = " ".join(part for part in parts if part)
    return f"位置情報（{where}）" if where else "位置情報"


def _table(event: dict[str, Any], name: str) -> dict[str, Any]:
    value = event.get(name)
    return value if isinstance(value, dict) else {}
