"""What the pages of campaigns share: finding one, its message as customers get it, how long a page of a list is."""

from flask import abort

from bot.line.messages import Message
from console.journeys import flow_preview
from journeys.campaigns import additions
from journeys.campaigns import campaigns as engine
from journeys.campaigns.definition import is_personal
from journeys.campaigns.tables import Campaign
from journeys.flows.message_content import MessageContent

PAGE = 25
"""Campaigns or people on one page of a list."""


def found(campaign_id: int) -> Campaign:
    """The campaign with that id; 404 when there is none."""
    return engine.find(campaign_id) or abort(404)


def messages(message: MessageContent, class_name: str, points: int, name: str = "") -> list[Message]:
    """The message with what is added to it: the line about the points, and where one message goes to all, the button
    to one's own coupons in the place of the coupon."""
    is_shared = message.coupon is not None and not is_personal(message)
    return flow_preview.of_content(
        additions.with_points_line(message, points),
        is_selling=class_name == "selling",
        name=name,
        coupon=additions.coupon_button() if is_shared else None,
    )
