"""Builds what a reply of staff consists of: its text, what is attached, and its gifts, which are given here.

All of it is one call to LINE, so that pictures and gifts cost no further push.
"""

from bot.line import messages as line
from bot.line.messages import Message
from bot.routing.events import InternalEvent
from customers.people.customer import Customer
from handlers import flow_triggers
from rewards.coupons import coupons
from rewards.coupons import messages as coupon_messages
from rewards.coupons.rules import RewardKind
from rewards.ledger import ledger
from rewards.ledger import messages as ledger_messages
from rewards.ranks import customer_rank
from support.replies import attachments, gifts
from support.replies import messages as attachment_messages
from support.replies.gifts import ReplyGift
from support.tickets import tickets


def messages_of(event: InternalEvent) -> list[Message]:
    """The reply's messages in the order in which they are shown, at most five."""
    text = str(event.data["text"])
    said = [line.text(text)] if text.strip() else []
    if event.data.get("attachments"):
        shown = map(attachment_messages.of, attachments.of_reply(event.event_id))
        said += [message for message in shown if message is not None]
    gift = gifts.of_reply(event.event_id) if event.data.get("gift") else None
    if gift is not None:
        said += _given(gift, int(event.data["ticket_id"]))
    return said[: line.MOST_MESSAGES]


def _given(gift: ReplyGift, ticket_id: int) -> list[Message]:
    ticket = tickets.find(ticket_id)
    if ticket is None:
        return []
    return [*_coupon(gift, ticket.customer), *_points(gift, ticket.customer)]


def _coupon(gift: ReplyGift, customer: Customer) -> list[Message]:
    """Issue the coupon, once; one that is sold out or over meanwhile is left out, and the gift says why."""
    if not gift.reward_id:
        return []
    cause = f"reply-gift:{gift.id}"
    issued = coupons.issue(customer.id, gift.reward_id, customer_rank.snapshot(customer.id).rank, cause)
    if issued.coupon is None:
        gifts.record_refusal(gift.id, str(issued.lack))
        return []
    flow_triggers.note_coupons(customer.id, [issued.coupon])
    return coupon_messages.given([issued.coupon], RewardKind.THANK_YOU)


def _points(gift: ReplyGift, customer: Customer) -> list[Message]:
    if gift.points <= 0:
        return []
    cause = f"reply-gift:{gift.id}"
    entry = ledger.adjust(customer.id, gift.points, gift.staff_id, gift.reason, cause)
    return [] if entry is None else [ledger_messages.given_by_staff(gift.points, ledger.balance_with(entry))]
