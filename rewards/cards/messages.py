"""Builds the member card as a message: a Flex card with the picture, or the same as text where none can be
shown."""

from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Component, Message
from rewards.cards.content import HEIGHT, WIDTH, CardContent
from rewards.cards.words import MemberCardWords
from rewards.drawing import card_parts
from rewards.ranks.colours import COLOUR


def card(content: CardContent, picture: str) -> Message:
    """The card. Without https it has no picture, since LINE shows pictures by https only."""
    say_it = shop.get(MemberCardWords)
    title = say_it.title.format(name=content.name) if content.name else say_it.title_nameless
    holds = say_it.holds.format(rank=content.rank.ja, points=f"{content.points:,}")
    body: list[Component] = [
        line.words(holds, size="md", weight="bold", color=COLOUR[content.rank]),
        line.words(f"{say_it.code} {content.member_code}", size="sm"),
        line.words(say_it.how_to_use, size="xs", color=line.FAINT),
    ]
    buttons = [
        line.button(line.say("ランクを見る", "ランク"), "secondary"),
        line.button(line.say("クーポン"), "secondary"),
    ]
    more = (
        {
            "hero": {
                "type": "image",
                "url": picture,
                "size": "full",
                "aspectRatio": f"{WIDTH}:{HEIGHT}",
                "aspectMode": "cover",
                "action": line.open_uri(say_it.title_nameless, picture),
            }
        }
        if picture.startswith("https://")
        else {"header": card_parts.header(title, content.rank.ja, "", COLOUR[content.rank], "lg")}
    )
    return line.flex(f"{title}（{holds}）", line.bubble(body, buttons, **more))
