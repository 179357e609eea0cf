"""LINE's limits on an action (a button, a quick reply, a tappable area), depending on where it is used."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.line import message_limits as most
from demo.line.shapes import Check, Problem, both, by_type, list_of, one_of, shape, text, uri

DATE_OR_TIME = re.compile(r"\d{4}-\d{2}-\d{2}([Tt]\d{2}:\d{2})?|\d{2}:\d{2}")

link = uri(most.URI, "http", "https", "line", "tel")
image_url = uri(most.PICTURE_URL, "https")


def _one_echo(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, dict) and "displayText" in value and "text" in value:
        yield Problem("displayText and text cannot be set at the same time", path)


def _keyboard_only(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, dict) and "fillInText" in value and value.get("inputOption") != "openKeyboard":
        yield Problem("fillInText needs inputOption openKeyboard", f"{path}.fillInText")


def _kinds(label: Mapping[str, Check], label_optional: Mapping[str, Check]) -> dict[str, Check]:
    postback = shape(
        {**label, "data": text(most.POSTBACK_DATA)},
        {
            **label_optional,
            "displayText": text(most.SAID_BY_A_TAP),
            "text": text(most.SAID_BY_A_TAP),
            "inputOption": one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
            "fillInText": text(most.SAID_BY_A_TAP),
        },
    )
    return {
        "postback": both(postback, _one_echo, _keyboard_only),
        "message": shape({**label, "text": text(most.SAID_BY_A_TAP)}, label_optional),
        "uri": shape(
            {**label, "uri": link},
            {**label_optional, "altUri": shape({"desktop": uri(most.URI, "http", "https")})},
        ),
        "datetimepicker": shape(
            {**label, "data": text(most.POSTBACK_DATA), "mode": one_of("date", "time", "datetime")},
            {**label_optional, **dict.fromkeys(("initial", "max", "min"), text(16, pattern=DATE_OR_TIME))},
        ),
        "clipboard": shape({**label, "clipboardText": text(most.CLIPBOARD_TEXT)}, label_optional),
    }


def action(label_most: int, label_required: bool = True, more: Mapping[str, Check] | None = None) -> Check:
    """The check of an action whose label may be this long; `more` are kinds that only this place allows."""
    named = {"label": text(label_most)} if label_required else {}
    optional: dict[str, Check] = {} if label_required else {"label": text(label_most, least=0)}
    kinds = {**_kinds(named, optional), **(more or {})}
    return by_type(lambda: kinds)


_quick_label = {"label": text(most.LABEL)}
quick_reply_action = action(
    most.LABEL, more={kind: shape(_quick_label) for kind in ("camera", "cameraRoll", "location")}
)
template_action = action(most.LABEL)
image_carousel_action = action(most.IMAGE_CAROUSEL_LABEL, label_required=False)
flex_button_action = action(most.FLEX_LABEL)
flex_action = action(most.FLEX_LABEL, label_required=False)
rich_menu_action = action(
    most.LABEL,
    label_required=False,
    more={
        "richmenuswitch": shape(
            {"richMenuAliasId": text(32), "data": text(most.POSTBACK_DATA)},
            {"label": text(most.LABEL, least=0)},
        )
    },
)

quick_reply = shape(
    {
        "items": list_of(
            shape({"type": one_of("action"), "action": quick_reply_action}, {"imageUrl": image_url}),
            1,
            most.QUICK_REPLIES,
        )
    }
)
