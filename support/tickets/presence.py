"""Who else has a chat open in the console, and who is typing: activity within the last twenty seconds.

A page asks every two seconds, but writes at most every ten for each person and chat. Uses the machine's
clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, write_transaction
from support.tickets.tickets import Ticket

LASTS = timedelta(seconds=20)
WRITTEN_EVERY = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(hours=1)


class ChatPresence(Model):
    """When a person last had a chat open, and last typed in it."""

    ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", backref="+", index=False)
    ticket_id: int
    staff_id = peewee.IntegerField()
    seen_at = UtcDateTimeField()
    typed_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("ticket", "staff_id"), True),)


@dataclass(frozen=True, slots=True)
class Here:
    """The other people in a chat, by id."""

    typing: tuple[int, ...]
    viewing: tuple[int, ...]
    """Those who are not typing."""


def note(ticket_id: int, staff_id: int, *, typing: bool) -> None:
    """Record that the person has the chat open. Opens its own transaction, and only when there is something
    to write."""
    now = localtime.machine_now()
    mine = (ChatPresence.ticket == ticket_id) & (ChatPresence.staff_id == staff_id)
    known: ChatPresence | None = ChatPresence.get_or_none(mine)
    seen_is_old = known is None or _older(known.seen_at, now)
    typed_is_old = typing and (known is None or _older(known.typed_at, now))
    if not (seen_is_old or typed_is_old):
        return
    columns = {"seen_at": now} | ({"typed_at": now} if typing else {})
    with write_transaction():
        if not ChatPresence.update(**columns).where(mine).execute():
            insert_once(ChatPresence, ticket=ticket_id, staff_id=staff_id, **columns)
            ChatPresence.delete().where(ChatPresence.seen_at < now - FORGOTTEN_AFTER).execute()


def others(ticket_id: int, staff_id: int) -> Here:
    """Who else has the chat open."""
    alive = localtime.machine_now() - LASTS
    rows = list(
        ChatPresence.select()
        .where(ChatPresence.ticket == ticket_id, ChatPresence.staff_id != staff_id)
        .where(ChatPresence.seen_at > alive)
        .order_by(ChatPresence.staff_id)
    )
    typing = tuple(row.staff_id for row in rows if row.typed_at and row.typed_at > alive)
    return Here(typing, tuple(row.staff_id for row in rows if row.staff_id not in typing))


def clear_typing(ticket_id: int, staff_id: int) -> None:
    """The person has sent what they typed. Called in the transaction that stores it."""
    mine = (ChatPresence.ticket == ticket_id) & (ChatPresence.staff_id == staff_id)
    ChatPresence.update(typed_at=None).where(mine, ChatPresence.typed_at.is_null(False)).execute()


def _older(at: datetime | None, now: datetime) -> bool:
    return at is None or now - at >= WRITTEN_EVERY


erasure.deleted(
    ChatPresence,
    lambda who: ChatPresence.ticket.in_(Ticket.select(Ticket.id).where(Ticket.customer == who.customer_id)),
)
