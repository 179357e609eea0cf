"""What LINE accepts and refuses, each a small message; the official OpenAPI file must agree where it can express
it."""

from typing import Any

import pytest

from demo.line.limits import problems
from script.results import OFFICIAL_FILES
from tests.line_limits import OFFICIAL, assert_valid, official_problems

Message = dict[str, Any]
POSTBACK = {"type": "postback", "label": "はい", "data": "a=1"}
URL = "https://example.com/a.png"


def text(words: str = "こんにちは", **more: Any) -> Message:
    return {"type": "text", "text": words, **more}


def chips(*actions: Message) -> Message:
    return {"items": [{"type": "action", "action": action} for action in actions]}


def flex(*contents: Message, **bubble: Any) -> Message:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {"type": "flex", "altText": "お知らせ", "contents": {"type": "bubble", "body": body, **bubble}}


def carousel(*bubbles: Message) -> Message:
    return {"type": "flex", "altText": "一覧", "contents": {"type": "carousel", "contents": list(bubbles)}}


def template(kind: str, **parts: Any) -> Message:
    return {"type": "template", "altText": "選んでください", "template": {"type": kind, **parts}}


def button(**action: Any) -> Message:
    return {"type": "button", "action": POSTBACK | action}


BUBBLE = flex({"type": "text", "text": "一"})["contents"]
COLUMN = {"text": "品", "actions": [POSTBACK]}
AREA = {"x": 0, "y": 0, "width": 100, "height": 100}
EVERY_PROPERTY = flex(
    {
        "type": "text",
        "contents": [{"type": "span", "text": "太い", "weight": "bold", "size": "xxl", "color": "#FF0000"}],
        "wrap": True,
        "maxLines": 2,
        "align": "center",
        "decoration": "underline",
        "margin": "10px",
        "lineSpacing": "4px",
    },
    {"type": "separator", "margin": "md", "color": "#00000022"},
    {
        "type": "box",
        "layout": "baseline",
        "spacing": "sm",
        "contents": [
            {"type": "icon", "url": URL, "size": "sm", "aspectRatio": "2:1"},
            {"type": "text", "text": "4.0", "flex": 0},
            {"type": "filler"},
        ],
    },
    {
        "type": "box",
        "layout": "horizontal",
        "contents": [],
        "paddingAll": "5%",
        "cornerRadius": "md",
        "borderWidth": "light",
        "borderColor": "#cccccc",
        "justifyContent": "space-between",
        "alignItems": "center",
        "width": "80%",
        "height": "20px",
        "background": {
            "type": "linearGradient",
            "angle": "90deg",
            "startColor": "#ffffff",
            "endColor": "#000000",
        },
        "action": {"type": "uri", "uri": "tel:0120000000"},
    },
    {"type": "image", "url": URL, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"},
    {"type": "button", "style": "primary", "color": "#06C755", "height": "sm", "action": POSTBACK},
    hero={"type": "image", "url": URL, "size": "full"},
    footer={"type": "box", "layout": "vertical", "contents": [button()]},
    styles={"footer": {"separator": True, "backgroundColor": "#fafafa"}},
    size="giga",
)

TAKEN: dict[str, Message] = {
    "text": text(),
    "2,500 emoji": text("😊" * 2500),
    "emoji at a $": text("$ です", emojis=[{"index": 0, "productId": "5ac1", "emojiId": "001"}]),
    "13 chips": text(quickReply=chips(*[POSTBACK] * 13)),
    "chip kinds": text(
        quickReply=chips(
            {"type": "camera", "label": "撮る"},
            {"type": "cameraRoll", "label": "選ぶ"},
            {"type": "location", "label": "場所"},
            {"type": "message", "label": "11", "text": "11"},
            {"type": "datetimepicker", "label": "日時", "data": "d", "mode": "date", "initial": "2026-01-31"},
            {"type": "clipboard", "label": "写す", "clipboardText": "ABC"},
        )
    ),
    "sender": text(sender={"name": "店長", "iconUrl": URL}),
    "textV2": {
        "type": "textV2",
        "text": "{who}さん",
        "substitution": {"who": {"type": "mention", "mentionee": {"type": "user", "userId": "U" + "a" * 32}}},
    },
    "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "image": {"type": "image", "originalContentUrl": URL, "previewImageUrl": URL},
    "video": {"type": "video", "originalContentUrl": URL, "previewImageUrl": URL, "trackingId": "v1"},
    "audio": {"type": "audio", "originalContentUrl": URL, "duration": 60000},
    "location": {"type": "location", "title": "店", "address": "東京", "latitude": 35.6, "longitude": 139.7},
    "imagemap": {
        "type": "imagemap",
        "baseUrl": "https://example.com/map",
        "altText": "地図",
        "baseSize": {"width": 1040, "height": 700},
        "actions": [{"type": "uri", "linkUri": "https://example.com/", "area": AREA}],
    },
    "buttons": template("buttons", text="あ" * 160, actions=[POSTBACK] * 4),
    "confirm": template("confirm", text="よろしいですか", actions=[POSTBACK] * 2),
    "carousel": template("carousel", columns=[COLUMN] * 10),
    "image carousel": template("image_carousel", columns=[{"imageUrl": URL, "action": POSTBACK}]),
    "flex with everything": EVERY_PROPERTY,
    "12 bubbles": carousel(*[BUBBLE] * 12),
    "oaMessage link": flex(
        button() | {"action": {"type": "uri", "label": "送る", "uri": "https://line.me/R/x?%E3%81%82"}}
    ),
    "coupon": {"type": "coupon", "couponId": "c1"},
}

SEEN_BY_BOTH: dict[str, Message] = {
    "no type": {"text": "x"},
    "unknown type": {"type": "letter", "text": "x"},
    "no text": {"type": "text"},
    "misspelt property": text(quickreply=chips(POSTBACK)),
    "14 chips": text(quickReply=chips(*[POSTBACK] * 14)),
    "data of 301": text(quickReply=chips(POSTBACK | {"data": "x" * 301})),
    "unknown Flex property": flex({"type": "text", "text": "x", "colour": "#000000"}),
    "unknown Flex component": flex({"type": "texts", "text": "x"}),
    "property deep in boxes": flex(
        {"type": "box", "layout": "vertical", "contents": [{"type": "separator", "colour": "#000000"}]}
    ),
    "unknown layout": flex({"type": "box", "layout": "diagonal", "contents": []}),
    "box without layout": flex({"type": "box", "contents": []}),
    "unknown align": flex({"type": "text", "text": "x", "align": "left"}),
    "bubble size": flex({"type": "text", "text": "x"}, size="huge"),
    "text as number": {"type": "text", "text": 9},
    "flex as string": flex({"type": "text", "text": "x", "flex": "1"}),
    "body is no box": {**flex(), "contents": {"type": "bubble", "body": {"type": "text", "text": "x"}}},
    "button without action": flex({"type": "button"}),
    "image without url": flex({"type": "image"}),
    "wrap as string": flex({"type": "text", "text": "x", "wrap": "true"}),
    "sender name of 21": text(sender={"name": "あ" * 21}),
    "null": text(quickReply=None),
}

SEEN_BY_US: dict[str, Message] = {
    "empty text": text(""),
    "5,001 letters": text("あ" * 5001),
    "2,501 emoji": text("😊" * 2501),
    "no chips": text(quickReply={"items": []}),
    "chip label of 21": text(quickReply=chips(POSTBACK | {"label": "あ" * 21})),
    "chip without label": text(quickReply=chips({"type": "postback", "data": "x"})),
    "displayText of 301": text(quickReply=chips(POSTBACK | {"displayText": "あ" * 301})),
    "message of 301": text(quickReply=chips({"type": "message", "label": "x", "text": "あ" * 301})),
    "empty data": text(quickReply=chips(POSTBACK | {"data": ""})),
    "displayText and text": text(quickReply=chips(POSTBACK | {"displayText": "x", "text": "x"})),
    "script link": flex({"type": "button", "action": {"type": "uri", "label": "x", "uri": "javascript:x()"}}),
    "link of 1,001": flex(
        {"type": "button", "action": {"type": "uri", "label": "x", "uri": "https://example.com/" + "a" * 981}}
    ),
    "bare Japanese link": flex(
        {"type": "button", "action": {"type": "uri", "label": "x", "uri": "https://example.com/あ"}}
    ),
    "http picture": {
        "type": "image",
        "originalContentUrl": "http://example.com/a.png",
        "previewImageUrl": URL,
    },
    "empty Flex text": flex({"type": "text", "text": ""}),
    "Flex text without words": flex({"type": "text"}),
    "button without label": flex({"type": "button", "action": {"type": "postback", "data": "x"}}),
    "span outside text": flex({"type": "span", "text": "x"}),
    "icon outside baseline": flex({"type": "icon", "url": URL}),
    "button in baseline": flex({"type": "box", "layout": "baseline", "contents": [button()]}),
    "short color": flex({"type": "text", "text": "x", "color": "#000"}),
    "color word": flex({"type": "text", "text": "x", "color": "red"}),
    "unknown text size": flex({"type": "text", "text": "x", "size": "huge"}),
    "margin in em": flex({"type": "text", "text": "x", "margin": "1em"}),
    "tall picture": flex({"type": "image", "url": URL, "aspectRatio": "1:4"}),
    "13 bubbles": carousel(*[BUBBLE] * 13),
    "no bubbles": carousel(),
    "mixed bubble sizes": carousel(BUBBLE, BUBBLE | {"size": "kilo"}),
    "30 KB bubble": flex(*[{"type": "text", "text": "あ" * 1000}] * 11),
    "50 KB carousel": carousel(*[flex(*[{"type": "text", "text": "あ" * 1000}] * 6)["contents"]] * 3),
    "empty altText": flex({"type": "text", "text": "x"}) | {"altText": ""},
    "altText of 1,501": flex({"type": "text", "text": "x"}) | {"altText": "あ" * 1501},
    "buttons with 5 actions": template("buttons", text="x", actions=[POSTBACK] * 5),
    "buttons text of 161": template("buttons", text="あ" * 161, actions=[POSTBACK]),
    "buttons text of 61 under a title": template("buttons", title="題", text="あ" * 61, actions=[POSTBACK]),
    "title of 41": template("buttons", title="あ" * 41, text="x", actions=[POSTBACK]),
    "confirm with 1 action": template("confirm", text="x", actions=[POSTBACK]),
    "confirm text of 241": template("confirm", text="あ" * 241, actions=[POSTBACK] * 2),
    "11 columns": template("carousel", columns=[COLUMN] * 11),
    "4 actions in a column": template("carousel", columns=[COLUMN | {"actions": [POSTBACK] * 4}]),
    "uneven columns": template("carousel", columns=[COLUMN, COLUMN | {"actions": [POSTBACK] * 2}]),
    "image column label of 13": template(
        "image_carousel", columns=[{"imageUrl": URL, "action": POSTBACK | {"label": "あ" * 13}}]
    ),
    "imagemap of another width": TAKEN["imagemap"] | {"baseSize": {"width": 1000, "height": 700}},
    "sticker word": {"type": "sticker", "packageId": "cat", "stickerId": "1"},
    "latitude of 91": TAKEN["location"] | {"latitude": 91},
    "title of 101": TAKEN["location"] | {"title": "あ" * 101},
    "silent audio": TAKEN["audio"] | {"duration": 0},
    "sender called LINE": text(sender={"name": "LINE公式"}),
    "unknown name in textV2": {"type": "textV2", "text": "{who}さん"},
    "emoji beside the $": text("あ$", emojis=[{"index": 0, "productId": "5ac1", "emojiId": "001"}]),
}

needs_official = pytest.mark.skipif(not OFFICIAL.exists(), reason=f"{OFFICIAL_FILES}/openapi is not here")


@pytest.mark.parametrize("name", TAKEN)
def test_accepted_messages(name: str) -> None:
    assert_valid([TAKEN[name]])


@pytest.mark.parametrize("name", SEEN_BY_BOTH | SEEN_BY_US)
def test_refused_messages(name: str) -> None:
    found = problems([(SEEN_BY_BOTH | SEEN_BY_US)[name]])
    assert found
    assert all(one.property.startswith("messages[0]") for one in found)


@needs_official
@pytest.mark.parametrize("name", SEEN_BY_BOTH)
def test_the_official_file_refuses_it_too(name: str) -> None:
    assert official_problems([SEEN_BY_BOTH[name]])


@needs_official
@pytest.mark.parametrize("name", SEEN_BY_US)
def test_only_the_demos_own_limits_refuse_it(name: str) -> None:
    """Should the official file learn to express it, the sample moves to those that both refuse."""
    assert official_problems([SEEN_BY_US[name]]) == []


@pytest.mark.parametrize("count", [0, 6])
def test_a_call_takes_one_to_five_messages(count: int) -> None:
    assert [one.property for one in problems([text()] * count)] == ["messages"]
    with pytest.raises(AssertionError, match="LINE would refuse"):
        assert_valid([text()] * count)


def test_pictures_come_by_https_even_from_this_machine() -> None:
    local = "http://127.0.0.1:8000/q/abc.png"
    picture = {"type": "image", "originalContentUrl": local, "previewImageUrl": local}
    assert len(problems([picture])) == 2


def test_anything_at_all_gets_an_answer() -> None:
    oddities: list[Any] = [None, 7, "x", {}, [None], [[]], [{"type": []}], [{"type": "flex", "contents": []}]]
    for strange in oddities:
        assert problems(strange)
