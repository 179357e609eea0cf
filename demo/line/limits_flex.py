"""LINE's limits on Flex messages: bubbles, boxes and their contents, by LINE's reference."""

import re
from collections.abc import Iterator
from typing import Any

from bot.line import message_limits as most
from bot.line.messages import json_bytes
from demo.line.limits_actions import flex_action, flex_button_action, image_url
from demo.line.shapes import (
    Check,
    Problem,
    both,
    by_type,
    flag,
    list_of,
    one_of,
    shape,
    text,
    whole,
    word_or,
)

PIXELS = re.compile(r"\A\d{1,9}(\.\d{1,9})?px\Z")
PIXELS_OR_SHARE = re.compile(r"\A-?\d{1,9}(\.\d{1,9})?(px|%)\Z")
SHARE = re.compile(r"\A\d{1,9}(\.\d{1,9})?%\Z")
ANGLE = re.compile(r"\A\d{1,9}(\.\d{1,9})?deg\Z")
PLENTY = 1000

color = text(9, pattern=most.COLOUR)
margin = word_or(most.STEPS, PIXELS)
measure = word_or((), PIXELS_OR_SHARE)
padding = word_or(most.STEPS, PIXELS_OR_SHARE)
font_size = word_or(most.FONT_SIZES, PIXELS)
flex = whole(0, 1_000_000)
gravity = one_of(*most.GRAVITY)
align = one_of(*most.ALIGN)

_place: dict[str, Check] = {
    "margin": margin,
    "position": one_of(*most.POSITIONS),
    **dict.fromkeys(("offsetTop", "offsetBottom", "offsetStart", "offsetEnd"), padding),
}
_letters: dict[str, Check] = {
    "size": font_size,
    "color": color,
    "weight": one_of(*most.WEIGHTS),
    "style": one_of(*most.TEXT_STYLES),
    "decoration": one_of(*most.DECORATIONS),
}


def _aspect_ratio(value: Any, path: str) -> Iterator[Problem]:
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) != 2:
        yield Problem("invalid property", path)
        return
    try:
        width, height = float(parts[0]), float(parts[1])
    except ValueError:
        yield Problem("invalid property", path)
        return
    if not (0 < width <= 100_000 and 0 < height <= 100_000) or height > width * 3:
        yield Problem("invalid property", path)


def _text_or_spans(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, dict) and "text" not in value and not value.get("contents"):
        yield Problem("must be specified", f"{path}.text")


def _fitting_children(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict) or not isinstance(value.get("contents"), list):
        return
    allowed = most.IN_BASELINE if value.get("layout") == "baseline" else most.UPRIGHT
    for index, child in enumerate(value["contents"]):
        kind = child.get("type") if isinstance(child, dict) else None
        if kind in _COMPONENTS and kind not in allowed:
            yield Problem("invalid property", f"{path}.contents[{index}].type")


_span = shape({"text": text()}, _letters)
_text = shape(
    {},
    {
        **_place,
        **_letters,
        "text": text(),
        "contents": list_of(by_type(lambda: {"span": _span}), 0, PLENTY),
        "flex": flex,
        "align": align,
        "gravity": gravity,
        "wrap": flag,
        "lineSpacing": word_or((), PIXELS),
        "maxLines": whole(0, 1_000_000),
        "action": flex_action,
        "adjustMode": one_of(*most.ADJUST_MODES),
        "scaling": flag,
    },
)
_button = shape(
    {"action": flex_button_action},
    {
        **_place,
        "flex": flex,
        "height": one_of("sm", "md"),
        "style": one_of(*most.BUTTON_STYLES),
        "color": color,
        "gravity": gravity,
        "adjustMode": one_of(*most.ADJUST_MODES),
        "scaling": flag,
    },
)
_image = shape(
    {"url": image_url},
    {
        **_place,
        "flex": flex,
        "align": align,
        "gravity": gravity,
        "size": word_or((*most.FONT_SIZES, "full"), PIXELS_OR_SHARE),
        "aspectRatio": _aspect_ratio,
        "aspectMode": one_of(*most.ASPECT_MODES),
        "backgroundColor": color,
        "action": flex_action,
        "animated": flag,
    },
)
_icon = shape(
    {"url": image_url}, {**_place, "size": font_size, "aspectRatio": _aspect_ratio, "scaling": flag}
)
_gradient = shape(
    {"angle": text(pattern=ANGLE), "startColor": color, "endColor": color},
    {"centerColor": color, "centerPosition": text(pattern=SHARE)},
)
_box = shape(
    {
        "layout": one_of(*most.LAYOUTS),
        "contents": list_of(by_type(lambda: _COMPONENTS), 0, PLENTY),
    },
    {
        **_place,
        "flex": flex,
        "spacing": margin,
        "backgroundColor": color,
        "borderColor": color,
        "borderWidth": word_or(most.BORDERS, PIXELS),
        "cornerRadius": margin,
        **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), measure),
        **dict.fromkeys(("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"), padding),
        "action": flex_action,
        "justifyContent": one_of(*most.JUSTIFY_CONTENT),
        "alignItems": one_of(*most.ALIGN_ITEMS),
        "background": by_type(lambda: {"linearGradient": _gradient}),
    },
)
box = both(_box, _fitting_children)
_video = shape(
    {"url": image_url, "previewUrl": image_url, "altContent": by_type(lambda: {"box": box, "image": _image})},
    {"aspectRatio": _aspect_ratio, "action": flex_action},
)
_COMPONENTS: dict[str, Check] = {
    "box": box,
    "button": _button,
    "image": _image,
    "icon": _icon,
    "text": both(_text, _text_or_spans),
    "separator": shape({}, {"margin": margin, "color": color}),
    "filler": shape({}, {"flex": flex}),
    "span": _span,
    "video": _video,
}
_block_style = shape({}, {"backgroundColor": color, "separator": flag, "separatorColor": color})
_only_box = by_type(lambda: {"box": box})
_bubble = shape(
    {},
    {
        "size": one_of(*most.BUBBLE_SIZES),
        "direction": one_of("ltr", "rtl"),
        **dict.fromkeys(("header", "body", "footer"), _only_box),
        "hero": by_type(lambda: {"box": box, "image": _image, "video": _video}),
        "styles": shape({}, dict.fromkeys(most.BLOCKS, _block_style)),
        "action": flex_action,
    },
)


def _light_bubble(value: Any, path: str) -> Iterator[Problem]:
    if json_bytes(value) > most.BUBBLE_BYTES:
        yield Problem(f"size of the bubble must be at most {most.BUBBLE_BYTES} bytes", path)
    if isinstance(value, dict) and not value.keys() & set(most.BLOCKS):
        yield Problem("at least one block must be specified", path)


def _light_carousel(value: Any, path: str) -> Iterator[Problem]:
    if json_bytes(value) > most.CAROUSEL_BYTES:
        yield Problem(f"size of the carousel must be at most {most.CAROUSEL_BYTES} bytes", path)
    contents = value.get("contents") if isinstance(value, dict) else None
    bubbles = [one for one in contents if isinstance(one, dict)] if isinstance(contents, list) else []
    if len({str(bubble.get("size", "mega")) for bubble in bubbles}) > 1:
        yield Problem("all bubbles in a carousel must have the same size", f"{path}.contents")


bubble = both(_bubble, _light_bubble)
carousel = both(
    shape({"contents": list_of(by_type(lambda: {"bubble": bubble}), 1, most.BUBBLES)}), _light_carousel
)
container = by_type(lambda: {"bubble": bubble, "carousel": carousel})
