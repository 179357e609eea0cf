"""Decides what is owed to LINE: each call is a row, written in the transaction of the event that caused it.

Sending is `bot/sender.py`'s; what an answer of LINE means is `bot/delivery.py`'s.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import database, localtime
from bot.conversations import Conversation
from bot.database import Model, UtcDateTimeField
from bot.delivery import DUE, HELD, PARKED, SENT, Answer, Verdict
from bot.events import Event
from bot.line_messages import MOST_MESSAGES, Message

LEASE = timedelta(seconds=20)
"""A process that took a row and did not report within this time has crashed: a sweeper takes the row over."""

REPLY, PUSH, PROFILE = "reply", "push", "profile"


_collected: ContextVar[list["OutboxMessage"] | None] = ContextVar("collected", default=None)


class OutboxMessage(Model):
    """One call owed to LINE: a reply, a push, or a look at a profile."""

    conversation = peewee.ForeignKeyField(Conversation)
    conversation_id: int
    kind = peewee.CharField()
    messages = peewee.TextField(default="[]")
    cause = peewee.CharField()
    """What made us send: the event's id, or its domain's word (`survey-due:order:1001`)."""
    staff_id = peewee.IntegerField(null=True)
    """The person who wrote it; null for the bot."""
    reply_token = peewee.CharField(null=True)
    reply_until = UtcDateTimeField(null=True)
    retry_key = peewee.CharField()
    state = peewee.CharField(default=DUE)
    attempt_count = peewee.IntegerField(default=0)
    in_doubt = peewee.BooleanField(default=False)
    """The last try ended without an answer that says whether LINE took it."""
    not_before = UtcDateTimeField(null=True)
    leased_until = UtcDateTimeField(null=True)
    sent_as = peewee.CharField(null=True)
    line_status = peewee.IntegerField(null=True)
    line_answer = peewee.TextField(null=True)
    request_id = peewee.CharField(null=True)
    created_at = UtcDateTimeField()
    sent_at = UtcDateTimeField(null=True)


def reply(
    event: Event, messages: list[Message], *, cause: str | None = None, staff_id: int | None = None
) -> None:
    """Answer the event: with its reply token while that lives, which is free, else as a push."""
    _add(
        event.conversation_id,
        REPLY if event.reply_token else PUSH,
        cause or event.event_id,
        messages,
        reply_token=event.reply_token,
        reply_until=event.reply_until if event.reply_token else None,
        staff_id=staff_id,
    )


def push(conversation_id: int, messages: list[Message], *, cause: str) -> None:
    """Send what nobody asked for just now. A blocked conversation gets nothing."""
    _add(conversation_id, PUSH, cause, messages)


def look_up_profile(event: Event, cause: str) -> None:
    """Ask LINE who this is. The answer comes back once a cause, as the event `profile.learned` with that cause
    and this event's reply token, which is still good when the event itself was met with silence."""
    _add(
        event.conversation_id,
        PROFILE,
        cause,
        [],
        reply_token=event.reply_token,
        reply_until=event.reply_until,
    )


def _add(conversation_id: int, kind: str, cause: str, messages: list[Message], **columns: Any) -> None:
    database.require_transaction()
    if len(messages) > MOST_MESSAGES:
        raise ValueError(f"{len(messages)} messages in one call; LINE takes {MOST_MESSAGES}")
    if not messages and kind != PROFILE:
        raise ValueError(f"nothing to send for {cause}")
    fresh = _collected.get()
    row = OutboxMessage.create(
        conversation=conversation_id,
        kind=kind,
        cause=cause,
        messages=json.dumps(messages, ensure_ascii=False),
        retry_key=str(uuid.uuid4()),
        created_at=localtime.now(),
        leased_until=None if fresh is None else localtime.machine_now() + LEASE,
        **columns,
    )
    if fresh is not None:
        fresh.append(row)


@contextmanager
def collect() -> Iterator[list[OutboxMessage]]:
    """The rows written inside, leased to this process: it sends them when its transaction has committed."""
    rows: list[OutboxMessage] = []
    token = _collected.set(rows)
    try:
        yield rows
    finally:
        _collected.reset(token)


def take_over(limit: int = 100) -> list[OutboxMessage]:
    """Lease rows that are due and nobody's: put back for a later try, or left by a process that crashed."""
    database.require_transaction()
    now, machine_now = localtime.now(), localtime.machine_now()
    query = _takeable(now, machine_now).order_by(OutboxMessage.id).limit(limit)
    rows = list(query.for_update("FOR UPDATE SKIP LOCKED") if database.is_postgres() else query)
    for row in rows:
        row.in_doubt = row.in_doubt or row.leased_until is not None
        row.leased_until = machine_now + LEASE
        row.save(only=[OutboxMessage.in_doubt, OutboxMessage.leased_until])
    return rows


def anything_to_take_over() -> bool:
    """A look without a lock, so that an idle worker takes none."""
    return bool(_takeable(localtime.now(), localtime.machine_now()).exists())


def _takeable(now: datetime, machine_now: datetime) -> Any:
    return (
        OutboxMessage.select()
        .where(OutboxMessage.state == DUE)
        .where(OutboxMessage.leased_until.is_null() | (OutboxMessage.leased_until <= machine_now))
        .where(OutboxMessage.not_before.is_null() | (OutboxMessage.not_before <= now))
    )


def record(row: OutboxMessage, verdict: Verdict, answer: Answer) -> None:
    """Write down what became of a try."""
    now = localtime.now()
    OutboxMessage.update(
        state=verdict.state,
        attempt_count=row.attempt_count,
        in_doubt=verdict.in_doubt,
        not_before=now + verdict.wait if verdict.wait else None,
        leased_until=None,
        sent_as=verdict.sent_as,
        sent_at=now if verdict.state == SENT else None,
        line_status=answer.status,
        line_answer=answer.text[:2000],
        request_id=answer.request_id,
    ).where(OutboxMessage.id == row.id).execute()


def unsent(state: str, limit: int = 100) -> list[OutboxMessage]:
    """Rows in that state, newest first: held for the month's limit, or parked with LINE's answer."""
    query = OutboxMessage.select(OutboxMessage, Conversation).join(Conversation)
    return list(query.where(OutboxMessage.state == state).order_by(OutboxMessage.id.desc()).limit(limit))


def release_held() -> int:
    """The month's limit has room again: what was held is due."""
    database.require_transaction()
    fresh = {"state": DUE, "leased_until": None, "not_before": None}
    return int(OutboxMessage.update(fresh).where(OutboxMessage.state == HELD).execute())


def replay(outbox_id: int) -> bool:
    """Make a parked row due again, as a push; False when there is no such parked row."""
    database.require_transaction()
    fresh = {"state": DUE, "attempt_count": 0, "in_doubt": False, "leased_until": None, "not_before": None}
    # The old key may have been taken with the refused call: a person who repeats a send means a new one.
    fresh["retry_key"] = str(uuid.uuid4())
    query = OutboxMessage.update(fresh).where(OutboxMessage.id == outbox_id, OutboxMessage.state == PARKED)
    return bool(query.execute() == 1)
