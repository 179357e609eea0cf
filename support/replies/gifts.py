"""Records gifts that staff add to a reply: a coupon or points, each once.

Two windows that show the same chat offer the same number for the next gift, and only one reply gets it. What is
given is issued by `handlers/tickets.py` when the reply is sent.
"""

from __future__ import annotations

from dataclasses import dataclass

import peewee

from bot import localtime
from bot.conversations import Conversation
from bot.db import database
from bot.db.database import Model, UtcDateTimeField, insert_once

LONGEST_REASON = 200


class GivenMeanwhile(Exception):
    """Another reply gave the gift with that number."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What staff want to give with a reply: a coupon of a reward, points with a reason, or both."""

    reward_id: int | None = None
    points: int = 0
    reason: str = ""

    @property
    def count(self) -> int:
        """How many messages it becomes."""
        return bool(self.reward_id) + bool(self.points)


class ReplyGift(Model):
    """A gift with a reply. Its number counts the chat's gifts, from 1."""

    conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE", index=False, backref="+")
    conversation_id: int
    number = peewee.SmallIntegerField()
    reply_id = peewee.CharField(100)
    staff_id = peewee.IntegerField()
    reward_id = peewee.IntegerField(null=True)
    points = peewee.IntegerField(default=0)
    reason = peewee.CharField(200, default="")
    requested_at = UtcDateTimeField()
    refused_because = peewee.CharField(16, null=True)
    """Why the coupon could not be issued, as `rewards.coupons.rules.Lack` names it."""

    class Meta:
        table_name = "reply_gift"
        indexes = ((("conversation", "number"), True),)


def next_number(conversation_id: int) -> int:
    """The number of the chat's next gift."""
    newest = ReplyGift.select(peewee.fn.COALESCE(peewee.fn.MAX(ReplyGift.number), 0))
    return int(newest.where(ReplyGift.conversation == conversation_id).scalar()) + 1


def request(conversation_id: int, number: int, wish: Wish, staff_id: int, reply_id: str) -> None:
    """Record the gift of that reply; repeated for the same reply it changes nothing. Raises GivenMeanwhile."""
    database.require_transaction()
    insert_once(
        ReplyGift,
        conversation=conversation_id,
        number=number,
        reply_id=reply_id,
        staff_id=staff_id,
        reward_id=wish.reward_id,
        points=wish.points,
        reason=wish.reason[:LONGEST_REASON],
        requested_at=localtime.now(),
    )
    there = ReplyGift.get_or_none(ReplyGift.conversation == conversation_id, ReplyGift.number == number)
    if there is None or there.reply_id != reply_id:
        raise GivenMeanwhile


def of_reply(reply_id: str) -> ReplyGift | None:
    """The gift of that reply."""
    found: ReplyGift | None = ReplyGift.get_or_none(ReplyGift.reply_id == reply_id)
    return found


def of_chat(conversation_id: int, limit: int) -> list[ReplyGift]:
    """The chat's gifts, newest first."""
    mine = ReplyGift.select().where(ReplyGift.conversation == conversation_id)
    return list(mine.order_by(ReplyGift.number.desc()).limit(limit))


def record_refusal(gift_id: int, reason: str) -> None:
    """Record why its coupon could not be issued."""
    database.require_transaction()
    ReplyGift.update(refused_because=reason).where(ReplyGift.id == gift_id).execute()
