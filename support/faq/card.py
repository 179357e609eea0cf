"""Checks whether a shop's own card (a Flex bubble as JSON) is one that LINE accepts, and where it is not. Pure.

Source: https://developers.line.biz/en/reference/messaging-api/#flex-message. Stricter than LINE in one
respect: a button may open an address or send a text, since no handler would know a postback of the shop's
own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.line import message_limits as line
from bot.text.cleaning import NestedTooDeeply, read_json

DEEPEST = 10
LONGEST_TEXT = 2_000
URI = re.compile(rf"\A(https?://|line://|tel:)[!-~]{{1,{line.URI}}}\Z")
PICTURE_URL = re.compile(rf"\Ahttps://[!-~]{{1,{line.PICTURE_URL}}}\Z")
ENCODED = "日本語は %E9%80%81 のような形にします（ブラウザーで開いてコピーすると、その形になります）。"
LENGTH = re.compile(
    r"\A(none|xxs|xs|sm|md|lg|xl|xxl|[345]xl|full|light|normal|medium|semi-bold|bold|-?[0-9]{1,6}(\.[0-9]{1,6})?(px|%))\Z"
)
RATIO = re.compile(r"\A[0-9]{1,6}(\.[0-9]{1,6})?:[0-9]{1,6}(\.[0-9]{1,6})?\Z")
ALLOWED_VALUES: dict[str, tuple[str, ...]] = {
    "align": line.ALIGN,
    "gravity": line.GRAVITY,
    "weight": line.WEIGHTS,
    "style": (*line.TEXT_STYLES, *line.BUTTON_STYLES),
    "decoration": line.DECORATIONS,
    "position": line.POSITIONS,
    "aspectMode": line.ASPECT_MODES,
    "adjustMode": line.ADJUST_MODES,
    "alignItems": line.ALIGN_ITEMS,
    "justifyContent": line.JUSTIFY_CONTENT,
}
"""The values of these properties, in any component."""
LENGTHS = re.compile(
    r"\A(size|margin|spacing|lineSpacing|(max)?([wW]idth|[hH]eight)|borderWidth|cornerRadius|(padding|offset)[A-Z][a-z]{1,20})\Z"
)
"""The names of properties whose value must match LENGTH."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a path such as `body.contents[1].text`, empty for the whole."""

    place: str
    reason: str


def fault_of(text: str) -> Fault | None:
    """The first fault for which LINE would refuse the card, or None."""
    try:
        card = read_json(text)
    except NestedTooDeeply:
        return Fault("", "入れ子が深すぎます。")
    except ValueError as error:
        row = getattr(error, "lineno", None)
        return Fault(
            f"{row}行目" if row else "", "JSONとして読めません。括弧や引用符、カンマをお確かめください。"
        )
    if len(compact(text).encode()) > line.BUBBLE_BYTES:
        return Fault("", f"大きすぎます。{line.BUBBLE_BYTES // 1_000}KBまでにしてください。")
    return next(_bubble(card), None)


def compact(text: str) -> str:
    """The card in its stored form: the same JSON without blanks. Text that is no JSON stays as it is."""
    try:
        return json.dumps(read_json(text), ensure_ascii=False, separators=(",", ":")) if text else ""
    except ValueError:
        return text


def pretty(text: str) -> str:
    """The card indented, for a person to read. Text that is no JSON stays as it is."""
    try:
        return json.dumps(read_json(text), ensure_ascii=False, indent=2) if text else ""
    except ValueError:
        return text


def read(text: str) -> dict[str, Any] | None:
    """The card as a dict; None when it is empty or has a fault."""
    if not text or fault_of(text):
        return None
    card: dict[str, Any] = read_json(text)
    return card


def _bubble(card: Any) -> Iterator[Fault]:
    if not isinstance(card, dict):
        yield Fault("", "{ ではじまるバブルのJSONにしてください。")
        return
    if card.get("type") != "bubble":
        yield Fault("type", '"bubble" にしてください（カルーセルは使えません）。')
    if card.get("size", "mega") not in line.BUBBLE_SIZES:
        yield Fault("size", f"{'、'.join(line.BUBBLE_SIZES)} のどれかにしてください。")
    if not any(card.get(block) for block in line.BLOCKS):
        yield Fault("", "header、hero、body、footer のどれかを入れてください。")
    for block in line.BLOCKS:
        if block in card:
            kinds = ("box", "image") if block == "hero" else ("box",)
            yield from _component(card[block], block, kinds, 1)
    if "action" in card:
        yield from _action(card["action"], "action", label=False)


def _component(part: Any, place: str, kinds: tuple[str, ...], depth: int) -> Iterator[Fault]:
    if not isinstance(part, dict):
        yield Fault(place, "{ } で囲んだ部品にしてください。")
    elif depth > DEEPEST:
        yield Fault(place, f"入れ子は{DEEPEST}段までにしてください。")
    elif part.get("type") not in kinds:
        yield Fault(f"{place}.type", f"ここに置けるのは {'、'.join(kinds)} です。")
    else:
        yield from _appearance_faults(part, place)
        yield from _PARTS[part["type"]](part, place, depth)


def _appearance_faults(part: dict[str, Any], place: str) -> Iterator[Fault]:
    """Faults of the properties that all components share."""
    for name, value in part.items():
        if name in ALLOWED_VALUES and value not in ALLOWED_VALUES[name]:
            yield Fault(f"{place}.{name}", f"{'、'.join(ALLOWED_VALUES[name])} のどれかにしてください。")
        text = value if isinstance(value, str) else ""
        if name in ("color", "backgroundColor", "borderColor") and not line.COLOUR.fullmatch(text):
            yield Fault(f"{place}.{name}", "色は #1A7F4B のように書いてください。")
        if LENGTHS.fullmatch(name) and not LENGTH.fullmatch(text):
            yield Fault(f"{place}.{name}", "大きさは md や 16px のように書いてください。")
        if name == "aspectRatio" and not RATIO.fullmatch(text):
            yield Fault(f"{place}.{name}", "縦横の比は 20:13 のように書いてください。")
        if name in ("wrap", "scaling") and not isinstance(value, bool):
            yield Fault(f"{place}.{name}", "true か false にしてください。")
        if name in ("flex", "maxLines") and (
            not isinstance(value, int) or isinstance(value, bool) or value < 0
        ):
            yield Fault(f"{place}.{name}", "0以上の数字にしてください。")


def _box(part: dict[str, Any], place: str, depth: int) -> Iterator[Fault]:
    if part.get("layout") not in line.LAYOUTS:
        yield Fault(f"{place}.layout", f"{'、'.join(line.LAYOUTS)} のどれかにしてください。")
    if not isinstance(part.get("contents"), list):
        yield Fault(f"{place}.contents", "[ ] で囲んだ部品の並びにしてください。")
        return
    kinds = line.IN_BASELINE if part.get("layout") == "baseline" else line.UPRIGHT
    for number, child in enumerate(part["contents"]):
        yield from _component(child, f"{place}.contents[{number}]", kinds, depth + 1)
    if "action" in part:
        yield from _action(part["action"], f"{place}.action", label=False)


def _text(part: dict[str, Any], place: str, _depth: int) -> Iterator[Fault]:
    spans = part.get("contents")
    if spans:
        listed = spans if isinstance(spans, list) else [None]
        for number, span in enumerate(listed):
            if not isinstance(span, dict) or span.get("type") != "span" or not span.get("text"):
                yield Fault(f"{place}.contents[{number}]", "text のある span にしてください。")
            else:
                yield from _appearance_faults(span, f"{place}.contents[{number}]")
    else:
        yield from _words(part.get("text"), f"{place}.text", LONGEST_TEXT)
    if "action" in part:
        yield from _action(part["action"], f"{place}.action", label=False)


def _button(part: dict[str, Any], place: str, _depth: int) -> Iterator[Fault]:
    yield from _action(part.get("action"), f"{place}.action", label=True)


def _image(part: dict[str, Any], place: str, _depth: int) -> Iterator[Fault]:
    url = part.get("url")
    if not isinstance(url, str) or not PICTURE_URL.fullmatch(url) or len(url) > line.PICTURE_URL:
        yield Fault(f"{place}.url", f"https:// ではじまる画像のアドレスにしてください。{ENCODED}")
    if "action" in part:
        yield from _action(part["action"], f"{place}.action", label=False)


def _no_rules(_part: dict[str, Any], _place: str, _depth: int) -> Iterator[Fault]:
    return iter(())


def _action(action: Any, place: str, *, label: bool) -> Iterator[Fault]:
    if not isinstance(action, dict):
        yield Fault(place, "押したときの動き（action）を入れてください。")
        return
    if label or "label" in action:
        yield from _words(action.get("label"), f"{place}.label", line.FLEX_LABEL)
    match action.get("type"):
        case "uri":
            uri = action.get("uri")
            fit = isinstance(uri, str) and URI.fullmatch(uri)
            if not fit or len(str(uri)) > line.URI:
                yield Fault(f"{place}.uri", f"https:// か tel: ではじまるアドレスにしてください。{ENCODED}")
        case "message":
            yield from _words(action.get("text"), f"{place}.text", line.SAID_BY_A_TAP)
        case _:
            yield Fault(f"{place}.type", "uri（ページを開く）か message（言葉を送る）にしてください。")


def _words(value: Any, place: str, longest: int) -> Iterator[Fault]:
    if not isinstance(value, str) or not value:
        yield Fault(place, "文字を入れてください。")
    elif len(value.encode("utf-16-le", "surrogatepass")) // 2 > longest:
        yield Fault(place, f"{longest}文字までにしてください。")


_PARTS: dict[str, Callable[[dict[str, Any], str, int], Iterator[Fault]]] = {
    "box": _box,
    "text": _text,
    "button": _button,
    "image": _image,
    "separator": _no_rules,
    "filler": _no_rules,
    "icon": _image,
}
