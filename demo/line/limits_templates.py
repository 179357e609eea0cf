"""LINE's limits on template messages (buttons, confirm, carousels) and image maps."""

from collections.abc import Iterator
from typing import Any

from bot.line import message_limits as most
from demo.line.limits_actions import image_carousel_action, image_url, link, template_action
from demo.line.limits_flex import color
from demo.line.shapes import Check, Problem, both, by_type, list_of, one_of, shape, text, utf16_length, whole

_ratio = {"imageAspectRatio": one_of("rectangle", "square"), "imageSize": one_of("cover", "contain")}
_head: dict[str, Check] = {
    "thumbnailImageUrl": image_url,
    "imageBackgroundColor": color,
    "title": text(most.TITLE),
    "defaultAction": template_action,
}


def _short_beside_title(value: Any, path: str) -> Iterator[Problem]:
    """With a title or a picture the text must be shorter."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return
    if ("title" in value or "thumbnailImageUrl" in value) and utf16_length(
        value["text"]
    ) > most.TEXT_BESIDE_TITLE:
        yield Problem(f"Length must be between 1 and {most.TEXT_BESIDE_TITLE}", f"{path}.text")


def _even_columns(value: Any, path: str) -> Iterator[Problem]:
    columns = value.get("columns") if isinstance(value, dict) else None
    if not isinstance(columns, list):
        return
    dicts = [column for column in columns if isinstance(column, dict)]
    if len({len(column["actions"]) for column in dicts if isinstance(column.get("actions"), list)}) > 1:
        yield Problem("all columns must have the same number of actions", f"{path}.columns")
    for name in ("title", "thumbnailImageUrl"):
        if 0 < sum(name in column for column in dicts) < len(dicts):
            yield Problem(f"all columns must have {name}, or none", f"{path}.columns")


_buttons = shape(
    {"text": text(most.BUTTONS_TEXT), "actions": list_of(template_action, 1, most.BUTTONS_ACTIONS)},
    {**_head, **_ratio},
)
_column = shape(
    {"text": text(most.COLUMN_TEXT), "actions": list_of(template_action, 1, most.COLUMN_ACTIONS)}, _head
)
_image_column = shape({"imageUrl": image_url, "action": image_carousel_action})
_carousel = shape({"columns": list_of(both(_column, _short_beside_title), 1, most.COLUMNS)}, _ratio)
_KINDS: dict[str, Check] = {
    "buttons": both(_buttons, _short_beside_title),
    "confirm": shape(
        {
            "text": text(most.CONFIRM_TEXT),
            "actions": list_of(template_action, most.CONFIRM_ACTIONS, most.CONFIRM_ACTIONS),
        }
    ),
    "carousel": both(_carousel, _even_columns),
    "image_carousel": shape({"columns": list_of(_image_column, 1, most.COLUMNS)}),
}
template = by_type(lambda: _KINDS)

_area = shape({"x": whole(0), "y": whole(0), "width": whole(1), "height": whole(1)})
_map_label = {"label": text(50, least=0)}
_MAP_ACTIONS: dict[str, Check] = {
    "message": shape({"text": text(400), "area": _area}, _map_label),
    "uri": shape({"linkUri": link, "area": _area}, _map_label),
    "clipboard": shape({"clipboardText": text(most.CLIPBOARD_TEXT), "area": _area}, _map_label),
}
imagemap_parts: dict[str, Check] = {
    "baseUrl": image_url,
    "baseSize": shape({"width": whole(1040, 1040), "height": whole(1)}),
    "actions": list_of(by_type(lambda: _MAP_ACTIONS), 0, 50),
}
imagemap_video = shape(
    {"originalContentUrl": image_url, "previewImageUrl": image_url, "area": _area},
    {"externalLink": shape({"linkUri": link, "label": text(30)})},
)
