"""What one message of a flow's step or of a campaign can hold: text, picture, card, buttons, links, coupon …

`step_messages.py` makes LINE's messages of it.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field, model_validator

from bot.line import message_limits
from journeys.flows.field_types import (
    LONGEST_TAG_ON_A_BUTTON,
    Address,
    Label,
    Table,
    Tag,
    refusal,
)


class Button(Table):
    """A button below a step's message: sets a tag, opens an address, or says words to the bot."""

    label: Label
    tag: Tag | None = None
    url: Address | None = None
    say: Annotated[str, Field(min_length=1, max_length=message_limits.SAID_BY_A_TAP)] | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Button:
        if sum(each is not None for each in (self.tag, self.url, self.say)) != 1:
            example = '{ label = "問題ない", tag = "no-concern" }'
            raise refusal(
                f"ボタンには tag・url・say のどれか1つを書いてください。例：{example}",
                f"a button has one of tag, url, say, as in {example}",
            )
        if self.tag and len(quote(self.tag)) > LONGEST_TAG_ON_A_BUTTON:
            raise refusal(
                'ボタンのタグは20文字くらいまでにしてください。例：tag = "気になる"',
                'the tag is too long for a button, at most 20 Japanese characters, as in tag = "気になる"',
            )
        return self


class Link(Table):
    """An address that opens from the message, through a short link of ours that counts clicks."""

    label: Label
    url: Address


class Card(Table):
    """A card: a title, a picture, a text; the step's buttons and link stand on it."""

    title: str = Field("", max_length=60)
    text: str = Field("", max_length=500)
    picture: Address | None = None


class MessageContent(Table):
    """The parts of one message, all optional."""

    text: str = Field("", max_length=message_limits.TEXT)
    picture: Address | None = None
    card: Card | None = None
    buttons: tuple[Button, ...] = Field((), max_length=4)
    link: Link | None = None
    video: Link | None = None
    coupon: int | None = Field(None, ge=1, strict=True)
    """The id of the coupon in the console's list: it is given with this message."""
    testimonial: Literal["newest"] | None = None
    """A published testimonial; the message is not sent while there is none."""
    recommend: Literal["history", "premium"] | None = None
    """A product for that customer: by what they bought, or the premium one for those who are ready for it. Where there
    is none, the rest is sent without it, and nothing where nothing else is left."""

    @property
    def has_message(self) -> bool:
        """Whether it says anything."""
        return self.recommend is not None or self.says_something_else

    @property
    def recommends_alone(self) -> bool:
        """Whether it says nothing where there is nothing to recommend."""
        return self.recommend is not None and not self.says_something_else

    @property
    def says_something_else(self) -> bool:
        """Whether it says anything besides what it recommends."""
        parts = (self.text, self.picture, self.card, self.video, self.coupon, self.testimonial, self.link)
        return any(part is not None and part != "" for part in parts)
