"""Checks a list of message objects as LINE does, and words the refusal as LINE does.

What each kind of message may hold is in the other limits files; LINE's figures are in
`bot/line/message_limits.py`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.line import message_limits as most
from demo.line.accounts import USER_ID
from demo.line.limits_actions import image_url, quick_reply
from demo.line.limits_flex import container
from demo.line.limits_templates import imagemap_parts, imagemap_video, template
from demo.line.shapes import Check, Problem, both, by_type, list_of, number, shape, text, whole

DIGITS = re.compile(r"\A\d{1,20}\Z")
KEY = re.compile(r"\A[A-Za-z0-9_]{1,20}\Z")
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def _fair_name(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, str) and "line" in value.lower():
        yield Problem("may not contain LINE", path)


_any_message: dict[str, Check] = {
    "quickReply": quick_reply,
    "sender": shape({}, {"name": both(text(most.SENDER_NAME), _fair_name), "iconUrl": image_url}),
}
_quote = {**_any_message, "quoteToken": text()}


def _emoji_stand_on_dollars(value: Any, path: str) -> Iterator[Problem]:
    """Each emoji replaces a `$` of the text at its index, counted in UTF-16 units."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return
    emojis = value.get("emojis")
    units = value["text"].encode("utf-16-le", "surrogatepass")
    for place, emoji in enumerate(emojis if isinstance(emojis, list) else []):
        index = emoji.get("index") if isinstance(emoji, dict) else None
        if isinstance(index, int) and units[2 * index : 2 * index + 2] != b"$\x00":
            yield Problem("must point at a $ in the text", f"{path}.emojis[{place}].index")


_mentionees: dict[str, Check] = {
    "user": shape({"userId": text(33, pattern=USER_ID)}),
    "all": shape({}),
}
_substitutions: dict[str, Check] = {
    "mention": shape({"mentionee": by_type(lambda: _mentionees)}),
    "emoji": shape({"productId": text(), "emojiId": text()}),
}


def _substitution(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("must be an object", path)
        return
    if len(value) > 100:
        yield Problem("Size must be between 0 and 100", path)
    for key, part in value.items():
        if not KEY.match(key):
            yield Problem("invalid property", f"{path}.{key}")
        yield from by_type(lambda: _substitutions)(part, f"{path}.{key}")


def _names_are_known(value: Any, path: str) -> Iterator[Problem]:
    """In textV2 `{name}` must be substituted; a literal brace is written twice."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return
    bare = value["text"].replace("{{", "").replace("}}", "")
    known = value.get("substitution")
    for name in IN_BRACES.findall(bare):
        if not isinstance(known, dict) or name not in known:
            yield Problem("invalid property", f"{path}.text")


_text = shape(
    {"text": text(most.TEXT)},
    {
        **_quote,
        "emojis": list_of(shape({"index": whole(0), "productId": text(), "emojiId": text()}), 0, 20),
    },
)
_text_v2 = shape({"text": text(most.TEXT)}, {**_quote, "substitution": _substitution})
_location = shape(
    {
        "title": text(100),
        "address": text(100),
        "latitude": number(-90, 90),
        "longitude": number(-180, 180),
    },
    _any_message,
)
_pictured = {"originalContentUrl": image_url, "previewImageUrl": image_url}
_KINDS: dict[str, Check] = {
    "text": both(_text, _emoji_stand_on_dollars),
    "textV2": both(_text_v2, _names_are_known),
    "sticker": shape({"packageId": text(pattern=DIGITS), "stickerId": text(pattern=DIGITS)}, _quote),
    "image": shape(_pictured, _any_message),
    "video": shape(_pictured, {**_any_message, "trackingId": text(100)}),
    "audio": shape({"originalContentUrl": image_url, "duration": whole(1)}, _any_message),
    "location": _location,
    "imagemap": shape(
        {"altText": text(most.ALT_TEXT), **imagemap_parts}, {**_any_message, "video": imagemap_video}
    ),
    "template": shape({"altText": text(most.ALT_TEXT), "template": template}, _any_message),
    "flex": shape({"altText": text(most.ALT_TEXT), "contents": container}, _any_message),
    "coupon": shape({"couponId": text()}, {**_any_message, "deliveryTag": text(30)}),
}
_messages = list_of(by_type(lambda: _KINDS), 1, most.MESSAGES_A_CALL)


def problems(messages: object) -> list[Problem]:
    """Everything LINE would refuse in `messages`, the `messages` property of a send."""
    return list(_messages(messages, "messages"))


def refusal(found: Sequence[Problem]) -> dict[str, Any]:
    """LINE's error body for these problems."""
    details = [{"message": one.message, "property": one.property} for one in found]
    return {"message": f"The request body has {len(found)} error(s)", "details": details}
