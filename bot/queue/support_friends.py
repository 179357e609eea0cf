"""Who is a friend of the second LINE account, and which account individual messages to a customer go from.

LINE reports friends by `follow` and `unfollow` events (`handlers/support_account.py`); a push that LINE
refuses as addressed to no friend ends the friendship here, too (`bot/worker/sender.py`).
"""

from datetime import datetime
from typing import Any

import peewee

from bot import localtime
from bot.config import settings
from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once
from bot.line.channels import MAIN, SUPPORT


class SupportFriend(Model):
    """What is known of one customer and the second account."""

    conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE", backref="+", primary_key=True)
    conversation_id: int
    followed_at = UtcDateTimeField(null=True)
    """When they became friends; null for somebody who was only invited."""
    left_at = UtcDateTimeField(null=True)
    """Since when they are no longer: blocked, or refused by LINE."""
    invited_at = UtcDateTimeField(null=True)
    """When they were last offered to add the account."""

    @property
    def is_friend(self) -> bool:
        """Whether they are friends now; `_IS_FRIEND` is the same for queries."""
        return self.followed_at is not None and self.left_at is None

    class Meta:
        table_name = "support_friend"


_IS_FRIEND = SupportFriend.followed_at.is_null(False) & SupportFriend.left_at.is_null()


def channel_of(conversation_id: int) -> str:
    """The account that individual messages to this customer go from."""
    return SUPPORT if settings.current().has_support_account and is_friend(conversation_id) else MAIN


def is_friend(conversation_id: int) -> bool:
    """Whether the customer is a friend of the second account."""
    mine = SupportFriend.conversation == conversation_id
    return bool(SupportFriend.select().where(mine, _IS_FRIEND).exists())


def count() -> int:
    """How many friends the second account has."""
    return int(SupportFriend.select().where(_IS_FRIEND).count())


def follow(conversation_id: int, at: datetime) -> bool:
    """Record that the customer added or unblocked the second account. False when that was known, or they have
    left since."""
    if insert_once(SupportFriend, conversation=conversation_id, followed_at=at) is not None:
        return True
    known = SupportFriend.get_by_id(conversation_id)
    if known.is_friend:
        return False
    if known.left_at is not None and at < known.left_at:
        return False
    _change(conversation_id, followed_at=at, left_at=None)
    return True


def leave(conversation_id: int, at: datetime) -> None:
    """Record that the customer blocked the second account; nothing when they have added it again since."""
    if insert_once(SupportFriend, conversation=conversation_id, left_at=at) is None:
        known = SupportFriend.get_by_id(conversation_id)
        if known.followed_at is None or known.followed_at <= at:
            _change(conversation_id, left_at=at)


def forget(conversation_id: int) -> None:
    """Record that LINE knows no such friend; they are one again when they write or add the account."""
    _change(conversation_id, left_at=localtime.now())


def may_invite(conversation_id: int, since: datetime) -> bool:
    """Whether the customer may be offered to add the account: no friend, and not offered since then."""
    known: SupportFriend | None = SupportFriend.get_or_none(SupportFriend.conversation == conversation_id)
    if known is None:
        return True
    return not known.is_friend and (known.invited_at is None or known.invited_at <= since)


def record_invited(conversation_id: int) -> None:
    """Record that the customer is offered to add the account now."""
    now = localtime.now()
    if insert_once(SupportFriend, conversation=conversation_id, invited_at=now) is None:
        _change(conversation_id, invited_at=now)


def _change(conversation_id: int, **columns: Any) -> None:
    SupportFriend.update(**columns).where(SupportFriend.conversation == conversation_id).execute()


erasure.deleted(SupportFriend, "conversation")
