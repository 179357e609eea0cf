"""Messages that belong to no single domain: greeting, menu, and the buttons below a reply."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot import localtime
from bot.config import settings
from bot.line import messages as line
from bot.line.messages import Action, Message
from customers.privacy import words as privacy
from handlers.chat_words import words


def ways_on() -> list[Action]:
    """The buttons to the bot's main commands."""
    return [
        line.say("ポイント"),
        line.say("ランク"),
        line.say("お友達を紹介", "紹介"),
        line.say("アンケート"),
        line.say("よくある質問"),
        line.say("お客様の声"),
        line.say("スタッフと話す"),
    ]


def first_choices() -> list[Action]:
    """What a customer of a mail-order shop wants first. The rest is in the rich menu below the chat."""
    return [line.say("ご注文の状況", "注文状況"), line.say("よくある質問"), line.say("スタッフと話す")]


def menu() -> Message:
    """Everything the bot can do, as a card whose buttons stay tappable after later messages."""
    first, *others = first_choices()
    coupons = line.say("クーポン")
    known = [action for action in ways_on() if action not in others]
    return _choices(words().menu, [first, *others, known[0], coupons, *known[1:]])


def _choices(sentence: str, actions: list[Action]) -> Message:
    buttons = [line.button(action, "secondary") for action in actions]
    return line.flex(sentence, line.bubble([line.words(sentence)], buttons))


def greeting(name: str, rank: str, points: int) -> list[Message]:
    """The first messages to a customer who added the shop. Their only choices are the card's buttons: quick
    replies below it would repeat the rich menu."""
    shop_name = settings.current().shop_name
    hello = words().greeting if name else words().greeting_nameless
    said = [hello.format(name=name, shop=shop_name)]
    if points:
        said.append(words().registration_points.format(points=f"{points:,}"))
    said.append(privacy.words().greeting_line.format(url=privacy.address()))
    return [
        line.text("\n".join(said)),
        _choices(words().what_i_do.format(rank=rank), first_choices()),
    ]


def welcome_back(name: str) -> list[Message]:
    """The message to a customer who had blocked the shop."""
    hello = words().welcome_back if name else words().welcome_back_nameless
    return [line.text(hello.format(name=name), first_choices())]


def purchase_thanks(points: int, balance: int, held: int = 0, usable_on: date | None = None) -> str:
    """Thanks for an order and its points; pending points with the day from which they can be used."""
    if held and usable_on is not None:
        days, day = (usable_on - localtime.today()).days, localtime.in_words(usable_on)
        return words().purchase_thanks_pending.format(points=f"{held:,}", days=days, day=day)
    if not points:
        return words().purchase_thanks_no_points
    return words().purchase_thanks.format(points=f"{points:,}", balance=f"{balance:,}")


def with_ways_on(sentence: str) -> list[Message]:
    """A sentence with the menu's buttons below."""
    return [line.text(sentence, ways_on())]


def lead_on(said: list[Message]) -> list[Message]:
    """The same messages with the menu's buttons below the last, unless it has buttons of its own; what its
    card offers is left out."""
    if not said or "quickReply" in said[-1]:
        return said
    offered = set(_labels(said[-1]))
    chips = [action for action in ways_on() if action["label"] not in offered]
    return [*said[:-1], line.with_quick_replies(said[-1], chips)]


def without_ways_on(said: list[Message]) -> list[Message]:
    """The same messages without the menu's buttons below, for a chat in which the bot has no menu."""
    return [_keeping(each, [action for action in _chips(each) if action not in ways_on()]) for each in said]


def _keeping(message: Message, actions: list[Action]) -> Message:
    bare = {name: value for name, value in message.items() if name != "quickReply"}
    return line.with_quick_replies(bare, actions)


def _chips(message: Message) -> list[Action]:
    return [item["action"] for item in message.get("quickReply", {}).get("items", [])]


def without_quick_replies(said: list[Message]) -> list[Message]:
    """The same messages without quick replies, for one call together with others."""
    return [{name: value for name, value in each.items() if name != "quickReply"} for each in said]


def _labels(part: Any) -> Iterator[str]:
    """The labels of all buttons in a message."""
    if isinstance(part, list):
        for each in part:
            yield from _labels(each)
    elif isinstance(part, dict):
        if isinstance(part.get("label"), str):
            yield part["label"]
        for each in part.values():
            yield from _labels(each)
