"""The definition of a campaign: its message, whom it is for, and what goes along. The tables hold it as JSON."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import Field

from journeys.audience.definition import Audience
from journeys.flows.field_types import Table
from journeys.flows.message_content import MessageContent

NOTHING = MessageContent.model_validate({})
ALL = Audience.model_validate({})


class CampaignDefinition(Table):
    """A whole campaign, but for when it is sent."""

    name: str = Field(min_length=1, max_length=120)
    class_: Literal["care", "selling"] = Field("selling", alias="class")
    message: MessageContent = NOTHING
    audience: Audience = ALL
    points: int = Field(0, ge=0, le=100_000, strict=True)
    """Points that each recipient gets with it."""
    holdout_percent: int | None = Field(None, ge=0, le=90, strict=True)
    """None: as many as the shop's settings say."""
    early_access_hours: int = Field(0, ge=0, le=168, strict=True)
    """Premium and above get it so many hours earlier."""
    when_busy: Literal["defer", "skip"] = "defer"
    """What becomes of those who cannot get it at once, because of a limit or a ticket. In the quiet hours the whole
    campaign waits."""
    defer_days: int = Field(3, ge=1, le=30, strict=True)
    """How long it may be deferred; then it is given up for that customer."""
    outcome_days: int = Field(30, ge=1, le=365, strict=True)
    """Orders so many days after the assignment count for its results."""

    @property
    def has_gift(self) -> bool:
        """Whether a coupon or points go along."""
        return self.points > 0 or self.message.coupon is not None

    @property
    def fills_in_a_name(self) -> bool:
        """Whether the recipient's name is in it."""
        return fills_in_a_name(self.message)

    @property
    def is_personal(self) -> bool:
        """Whether each recipient gets a message of their own, with their name or a product chosen for them, so that
        each is a push."""
        return is_personal(self.message)


def fills_in_a_name(message: MessageContent) -> bool:
    """Whether the recipient's name is in the message."""
    return "{name}" in message.model_dump_json()


def is_personal(message: MessageContent) -> bool:
    """Whether the message is another for each customer."""
    return fills_in_a_name(message) or message.recommend is not None


def as_json(campaign: CampaignDefinition) -> str:
    """The campaign as the table holds it."""
    values = campaign.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(values, ensure_ascii=False)
