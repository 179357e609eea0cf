"""Builds LINE's messages of a step: text, picture, card, buttons, links, video, testimonial, product, coupon.

Texts leave as the owner wrote them; only `{name}` and `{shop}` are filled in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.config import settings
from bot.line import messages as line
from bot.line.messages import Action, Component, Message
from journeys.cards import product_cards
from journeys.cards.product_cards import ShownProduct
from journeys.flows.message_content import Button, Card, MessageContent
from journeys.flows.words import words

PLACEHOLDERS = ("name", "shop")
LONGEST_IN_A_CARD = 600
"""UTF-16 units of a text that still reads well on a card above its buttons; a longer one is a text bubble of its
own, with the buttons below."""
LONGEST_TESTIMONIAL = 300
NO_CARD = Card.model_validate({})
_NAMED = r"\{name\}(?:さん|様|さま)?"
_CALL = re.compile(
    rf"{_NAMED}[、，,][ 　]?"  # 「花子さん、ありがとう」
    rf"|^{_NAMED}(?:[!！。…]+[ 　]?\n*|[ 　]?\n+)"  # 「花子さん！」 at the beginning of a line, or a line of its own
    rf"|[、，,]{_NAMED}(?=[。!！…])",  # 「こんにちは、花子さん。」
    re.MULTILINE,
)
"""The name as a call to the customer, which can be left out."""
_FILLED = re.compile(rf"{_CALL.pattern}|{_NAMED}|\{{shop\}}", re.MULTILINE)
_ADDRESS = re.compile(r"https?://")


@dataclass(frozen=True, slots=True)
class ShownTestimonial:
    """A published testimonial as it may be shown."""

    text: str
    author: str
    """How its writer is named: 「佐藤さん」, 「匿名のお客さま」."""
    picture_url: str = ""
    disclosure: str = ""
    """What has to stand with it when points were given for it; empty when none were."""


@dataclass(frozen=True, slots=True)
class StepContent:
    """What a step's messages need besides the step itself."""

    name: str = ""
    """The customer's name; empty when it is not known."""
    links: Mapping[str, str] = field(default_factory=dict)
    """The address to open, such as a short link, by the address in the flow."""
    testimonial: ShownTestimonial | None = None
    coupon_messages: tuple[Message, ...] = ()
    tag_action: str = "flow.tag"
    """The kind of postback of buttons with a tag."""
    tag_values: Mapping[str, Any] = field(default_factory=dict)
    """What these buttons carry besides the tag."""
    selling: bool = False
    """Whether the message sells: it then says how to stop."""
    product: ShownProduct | None = None
    """What is recommended to the customer; None where nothing is."""


def render(step: MessageContent, content: StepContent) -> list[Message]:
    """The messages of the step; none when it says nothing."""
    text = fill_in(step.text, content.name)
    buttons = _buttons(step, content)
    said: list[Message] = []
    testimonial, below_testimonial = (
        content.testimonial,
        step.card is None and content.testimonial is not None,
    )
    if step.card is None and buttons and not below_testimonial:
        on_card = text if _fits_a_card(text) else ""
        if text != on_card:
            said.append(line.text(text))
        said += _bubble("", on_card, step.picture, buttons)
    else:
        card = step.card or NO_CARD
        picture = card.picture or (step.picture if step.card else None)
        if step.picture and picture != step.picture:
            said.append(_picture(step.picture))
        if text:
            said.append(line.text(text))
        title, below = (fill_in(each, content.name) for each in (card.title, card.text))
        said += _bubble(title, below, picture, [] if below_testimonial else buttons)
    if testimonial is not None:
        said.append(_testimonial(testimonial, buttons if below_testimonial else []))
    if content.product is not None:
        said.append(product_cards.card(content.product))
    if content.selling and (said or content.coupon_messages):
        said = _with_stop_line(said, words().stop)
    return [*said, *content.coupon_messages]


def fill_in(text: str, name: str) -> str:
    """The text with the customer's and the shop's name, without blanks at its end. Without a name, 「{name}さん、」
    disappears, and elsewhere 「お客さま」 replaces it. Other braces stay as they are."""

    def filled(part: re.Match[str]) -> str:
        found = part[0]
        if found == "{shop}":
            return settings.current().shop_name
        if name:
            return found.replace("{name}", name)
        return "" if _CALL.fullmatch(found) or found[0] in "、，," else words().nameless

    return _FILLED.sub(filled, text).rstrip()


def addresses(step: MessageContent) -> tuple[str, ...]:
    """The addresses that the step's message opens, each once: those to make short links of."""
    links = [each.url for each in (step.video, step.link) if each is not None]
    return tuple(dict.fromkeys([*links, *(button.url for button in step.buttons if button.url)]))


def _fits_a_card(text: str) -> bool:
    """Only a text bubble makes an address in the text tappable."""
    return line.units(text) <= LONGEST_IN_A_CARD and not _ADDRESS.search(text)


def _buttons(step: MessageContent, content: StepContent) -> list[Component]:
    """The video and the link in colour, then the owner's buttons."""
    links = content.links
    found: list[Component] = []
    if step.video is not None:
        url = step.video.url
        found.append(line.button(line.open_uri(words().video_mark + step.video.label, links.get(url, url))))
    if step.link is not None:
        url = step.link.url
        found.append(line.button(line.open_uri(step.link.label, links.get(url, url))))
    return [*found, *(line.button(_action(each, content), "secondary") for each in step.buttons)]


def _action(button: Button, content: StepContent) -> Action:
    label = button.label
    if button.url is not None:
        return line.open_uri(label, content.links.get(button.url, button.url))
    if button.say is not None:
        return line.say(label, button.say)
    return line.postback(label, content.tag_action, label, **content.tag_values, tag=button.tag)


def _picture(url: str) -> Message:
    return {"type": "image", "originalContentUrl": url, "previewImageUrl": url}


def _bubble(title: str, text: str, picture: str | None, buttons: list[Component]) -> list[Message]:
    """A card with what there is of these; no message when there is nothing."""
    body = [line.words(title, weight="bold", size="lg")] if title else []
    body += [line.words(text)] if text else []
    card: dict[str, Any] = {"type": "bubble"}
    if picture:
        card["hero"] = _hero(picture)
        if buttons and buttons[0]["action"]["type"] == "uri":
            card["hero"]["action"] = buttons[0]["action"]
    if body:
        card["body"] = line.column(body, spacing="md")
    if buttons:
        card["footer"] = line.column(buttons, spacing="sm")
    first = buttons[0]["action"]["label"] if buttons else words().picture
    return [line.flex(title or text or first, card)] if len(card) > 1 else []


def _hero(url: str) -> Component:
    return {"type": "image", "url": url, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"}


def _testimonial(testimonial: ShownTestimonial, buttons: list[Component]) -> Message:
    """A customer's own words, cut and never edited, with whatever has to be disclosed about them."""
    body = [
        line.words(words().voice_title, size="xs", weight="bold", color=line.GOOD),
        line.words(f"「{line.cut(testimonial.text, LONGEST_TESTIMONIAL)}」", size="sm"),
        line.words(testimonial.author, size="xs", color=line.FAINT, align="end"),
    ]
    if testimonial.disclosure:
        body.append(line.words(testimonial.disclosure, size="xxs", color=line.FAINT))
    card = line.bubble(body, buttons)
    if testimonial.picture_url:
        card["hero"] = _hero(testimonial.picture_url)
    return line.flex(f"{words().voice_title}「{testimonial.text}」", card)


def _with_stop_line(said: list[Message], stop: str) -> list[Message]:
    """The messages with the line that says how to stop, on the last one that can hold it."""
    if not stop:
        return said
    if said and said[-1]["type"] == "flex":
        card = said[-1]["contents"]
        footer = card.get("footer", {"contents": []})["contents"]
        small = line.words(stop, size="xxs", color=line.FAINT)
        return [
            *said[:-1],
            {**said[-1], "contents": {**card, "footer": line.column([*footer, small], spacing="sm")}},
        ]
    if said and said[-1]["type"] == "text":
        room = line.LONGEST_TEXT - line.units(stop) - 2
        return [*said[:-1], line.text(f"{line.cut(said[-1]['text'], room)}\n\n{stop}")]
    return [*said, line.text(stop)]
