"""Lays out a recommended product as a card of its own, or several side by side."""

from dataclasses import dataclass
from typing import Any

from bot.line import messages as line
from bot.line.messages import Message
from journeys.cards.words import words

LONGEST_NAME = 80
MOST_CARDS = 3


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """A recommended product as a customer sees it."""

    name: str
    reason: str
    url: str
    """What the button opens: a short link of the customer's, or the page itself where nothing is counted."""
    picture_url: str = ""
    price_yen: int | None = None


def card(product: ShownProduct) -> Message:
    """The product as a message of its own."""
    return line.flex(f"{words().title}：{product.name}", _bubble(product))


def carousel(products: list[ShownProduct]) -> Message:
    """Several products side by side."""
    shown_now = products[:MOST_CARDS]
    if len(shown_now) == 1:
        return card(shown_now[0])
    names = "、".join(each.name for each in shown_now)
    return line.flex(f"{words().title}：{names}", line.carousel([_bubble(each) for each in shown_now]))


def _bubble(product: ShownProduct) -> dict[str, Any]:
    opens = line.open_uri(words().button, product.url)
    body = [
        line.words(words().title, size="xs", weight="bold", color=line.GOOD),
        line.words(line.cut(product.name, LONGEST_NAME), weight="bold", size="lg"),
    ]
    if product.price_yen is not None:
        body.append(line.words(words().price.format(price=f"{product.price_yen:,}"), size="sm"))
    body.append(line.words(product.reason, size="sm", color=line.FAINT))
    found = line.bubble(body, [line.button(opens)])
    if product.picture_url:
        found["hero"] = {
            "type": "image",
            "url": product.picture_url,
            "size": "full",
            "aspectRatio": "20:13",
            "aspectMode": "cover",
            "action": opens,
        }
    return found
