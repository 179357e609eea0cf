"""What the shop adds to a campaign's message: the line that says why the customer has more points, and the button to
their own coupons where one message goes to all."""

from bot.line import messages as line
from bot.line.messages import Message
from journeys.campaigns.words import words
from journeys.flows.message_content import MessageContent


def with_points_line(message: MessageContent, points: int) -> MessageContent:
    """The message with that line below its text; as it is without points."""
    if not points:
        return message
    said = words().points.format(points=f"{points:,}")
    return message.model_copy(update={"text": f"{message.text}\n\n{said}" if message.text else said})


def coupon_button() -> Message:
    """Opens the customer's own coupons."""
    button = line.button(line.postback(words().coupon_button, "coupons", words().coupon_button))
    return line.flex(words().coupon, line.bubble([line.words(words().coupon)], [button]))
