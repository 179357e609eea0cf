"""Builds LINE's message objects as plain JSON within LINE's limits; their wording is left to each domain.

Source: https://developers.line.biz/en/reference/messaging-api/#message-objects A text or label that is too
long is cut here, since LINE would refuse the whole message.
"""

import json
from typing import Any
from urllib.parse import quote

from bot.line import message_limits, postbacks

Message = dict[str, Any]
Component = dict[str, Any]
Action = dict[str, Any]

MOST_MESSAGES = message_limits.MESSAGES_A_CALL
MOST_QUICK_REPLIES = message_limits.QUICK_REPLIES
LONGEST_TEXT = message_limits.TEXT
LONGEST_ALT_TEXT = 400
"""Shorter than LINE's limit: a notification and the chat list show no more."""
LONGEST_LABEL = message_limits.LABEL
LONGEST_CLIPBOARD = 1_000
LONGEST_DISPLAY_TEXT = message_limits.SAID_BY_A_TAP

INK, FAINT, LINK, GOOD = "#333333", "#767676", "#2B5C8A", "#1A7F4B"


def json_bytes(part: object) -> int:
    """The size of a part of a message as LINE limits it: bytes of compact UTF-8 JSON."""
    return len(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def text(sentence: str, quick_replies: list[Action] | None = None) -> Message:
    """A text bubble."""
    message: Message = {"type": "text", "text": cut(sentence, LONGEST_TEXT) or "…"}
    return with_quick_replies(message, quick_replies or [])


def with_quick_replies(message: Message, actions: list[Action]) -> Message:
    """The same message with quick replies; LINE shows them until the next message."""
    if not actions:
        return message
    items = [{"type": "action", "action": action} for action in actions[:MOST_QUICK_REPLIES]]
    return {**message, "quickReply": {"items": items}}


def choices_last(messages: list[Message]) -> list[Message]:
    """The same messages with quick replies on the last one alone, since LINE shows no others: its own, else
    those of the last message that has some.
    https://developers.line.biz/en/reference/messaging-api/#quick-reply"""
    hidden = [each["quickReply"] for each in messages[:-1] if "quickReply" in each]
    if not hidden:
        return messages
    bare = [{name: value for name, value in each.items() if name != "quickReply"} for each in messages[:-1]]
    return [*bare, {"quickReply": hidden[-1], **messages[-1]}]


def flex(alt_text: str, contents: dict[str, Any]) -> Message:
    """A Flex message; notifications and the chat list show the alternative text."""
    return {"type": "flex", "altText": cut(alt_text, LONGEST_ALT_TEXT), "contents": contents}


def postback(label: str, kind: str, display_text: str | None = None, **values: object) -> Action:
    """An action that comes back to us as a postback; `display_text` is shown in the chat as the customer's."""
    action = {
        "type": "postback",
        "label": cut(label, LONGEST_LABEL),
        "data": postbacks.encode(kind, **values),
    }
    if display_text:
        action["displayText"] = cut(display_text, LONGEST_DISPLAY_TEXT)
    return action


def say(label: str, words: str | None = None) -> Action:
    """An action that writes those words into the chat as the customer's."""
    return {
        "type": "message",
        "label": cut(label, LONGEST_LABEL),
        "text": cut(words or label, LONGEST_DISPLAY_TEXT),
    }


def open_uri(label: str, uri: str) -> Action:
    """An action that opens an address."""
    return {"type": "uri", "label": cut(label, LONGEST_LABEL), "uri": uri}


def copy(label: str, words: str) -> Action:
    """An action that puts the words into the phone's clipboard. On LINE for PC nothing follows from a tap.
    https://developers.line.biz/en/reference/messaging-api/#clipboard-action"""
    return {
        "type": "clipboard",
        "label": cut(label, LONGEST_LABEL),
        "clipboardText": words[:LONGEST_CLIPBOARD],
    }


def bubble(body: list[Component], footer: list[Component] | None = None, **more: Any) -> dict[str, Any]:
    """One card: a column of components, and its buttons below."""
    card: dict[str, Any] = {"type": "bubble", "body": column(body, spacing="md"), **more}
    if footer:
        card["footer"] = column(footer, spacing="sm")
    return card


def carousel(bubbles: list[dict[str, Any]]) -> dict[str, Any]:
    """Cards side by side, at most twelve."""
    return {"type": "carousel", "contents": bubbles[:12]}


def column(contents: list[Component], **more: Any) -> Component:
    """Components one below the other."""
    return {"type": "box", "layout": "vertical", "contents": contents, **more}


def row(contents: list[Component], **more: Any) -> Component:
    """Components side by side."""
    return {"type": "box", "layout": "horizontal", "contents": contents, **more}


def words(sentence: str, **more: Any) -> Component:
    """A line of text in a card."""
    return {"type": "text", "text": sentence or " ", "wrap": True, "color": INK, **more}


def button(action: Action, style: str = "primary", **more: Any) -> Component:
    """A button: primary, secondary or link."""
    colour = {"primary": {"color": GOOD}, "link": {"color": LINK}}.get(style, {})
    return {"type": "button", "style": style, "height": "sm", "action": action, **colour, **more}


def separator() -> Component:
    """A thin line."""
    return {"type": "separator", "margin": "md"}


def prefilled_chat(basic_id: str, sentence: str) -> str:
    """The address that opens the shop's chat with these words typed, not sent.
    https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/"""
    return f"https://line.me/R/oaMessage/{quote(basic_id, safe='')}/?{quote(sentence, safe='')}"


def chat(basic_id: str) -> str:
    """The address that opens the shop's chat."""
    return f"https://line.me/R/ti/p/{quote(basic_id, safe='')}"


def share(sentence: str) -> str:
    """The address that opens LINE's list of friends to send these words to."""
    return f"https://line.me/R/share?text={quote(sentence, safe='')}"


def cut(sentence: str, longest: int) -> str:
    """The text, at most so many UTF-16 units long; ends with an ellipsis when something was cut."""
    if units(sentence) <= longest:
        return sentence
    shortened = sentence[:longest]
    while units(shortened) > longest - 1:
        shortened = shortened[:-1]
    return shortened + "…"


def units(sentence: str) -> int:
    """Length as LINE counts it, in UTF-16 units: an emoji is two."""
    return len(sentence.encode("utf-16-le", "surrogatepass")) // 2
