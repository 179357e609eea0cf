"""Fills the placeholders of a wording with examples, and makes the message that a phone shows of it."""

from bot.config import settings, shop
from bot.line.messages import Message
from console.settings.fields import Field
from console.shell.translation import N_, gettext

EXAMPLES = {
    "balance": "320",
    "body": N_("香りがとてもよくて、毎日使っています。"),
    "buyer": N_("会員番号 1024 のお客さま"),
    "carrier": N_("ヤマト運輸"),
    "chosen": N_("まあまあ"),
    "closes": "17:00",
    "code": "K7MP4X",
    "count": "2",
    "day": N_("12月24日"),
    "days": "7",
    "delivered": "1",
    "due": N_("きょうの15時"),
    "falls_on": N_("1月1日"),
    "greeting": N_("こんにちは"),
    "longest": "20",
    "month": "12",
    "months": "12",
    "most": "2",
    "name": N_("佐藤"),
    "next_on": N_("3月1日"),
    "number": "1024",
    "opens": "10:00",
    "opens_at": N_("あすの10時"),
    "order": "A-1001",
    "place": "1",
    "points": "20",
    "price": "¥2,400",
    "product": N_("ゆず茶"),
    "rank": N_("プレミアム"),
    "reason": N_("お買い上げ"),
    "reward": N_("500円クーポン"),
    "score": "9",
    "share": "40",
    "staff": N_("田中"),
    "steps": N_("あとお買い物1回"),
    "until": N_("2027年6月30日"),
    "url": "https://shop.example/i/K7MP4X",
    "weekdays": N_("月〜金曜日"),
    "yen": "4,800",
}
"""By the name of the placeholder."""
DAY_OF_MONTH = {"month", "day"}
"""Where both stand in one wording, the day is a number."""


def of_field(field: Field) -> dict[str, str]:
    """The examples for the placeholders of that wording."""
    names = shop.placeholders(str(field.default))
    found = {name: gettext(EXAMPLES[name]) if name in EXAMPLES else name for name in names}
    if names >= DAY_OF_MONTH:
        found["day"] = "24"
    if "shop" in names:
        found["shop"] = settings.current().shop_name
    return found


def filled(field: Field, text: str) -> str:
    """The wording as a customer reads it; as it is, while its braces do not fit."""
    try:
        return text.format(**of_field(field))
    except (KeyError, IndexError, ValueError):
        return text


def message(field: Field, text: str) -> Message:
    """LINE's message of that wording: a bubble, or a button."""
    words = filled(field, text)
    if not field.is_label:
        return {"type": "text", "text": words}
    button = {"type": "button", "style": "link", "action": {"type": "message", "label": words, "text": words}}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [button]}}
    return {"type": "flex", "altText": words, "contents": bubble}
