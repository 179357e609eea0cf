"""Decides which stored event is handled next, and what becomes of one that fails.

Everything that happens comes through here: LINE's webhook, an order, a due time, a decision of staff. An event is
stored once (its id is unique), handled in its conversation's order, finished in the transaction of its effects,
retried with back-off when its handler fails, and parked with its error after the last try.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import database, localtime
from bot.conversations import Conversation
from bot.database import Model, UtcDateTimeField

RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))
"""Waits before the second, third and fourth try; after that the event is parked."""

PENDING, DONE, PARKED = "pending", "done", "parked"


class InboxEvent(Model):
    """One thing that happened, kept as it was received."""

    event_id = peewee.CharField(unique=True)
    conversation = peewee.ForeignKeyField(Conversation)
    conversation_id: int
    source = peewee.CharField()
    """`line`, or the kind of an event of our own (`order.recorded`)."""
    body = peewee.TextField()
    occurred_at = UtcDateTimeField()
    received_at = UtcDateTimeField()
    state = peewee.CharField(default=PENDING)
    attempt_count = peewee.IntegerField(default=0)
    error = peewee.TextField(null=True)
    finished_at = UtcDateTimeField(null=True)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event on its way into the inbox."""

    event_id: str
    conversation_key: str
    line_user_id: str | None
    source: str
    body: str
    occurred_at: datetime
    received_at: datetime


def store(events: Sequence[NewEvent]) -> int:
    """Store the events that are not there yet, in their order; how many those were.

    Fixed SQL: this is the webhook's hot path.
    """
    database.require_transaction()
    keys = {event.conversation_key: event.line_user_id for event in events}
    _execute(
        f"INSERT INTO conversation (key, line_user_id) VALUES {_rows(len(keys), 2)} ON CONFLICT DO NOTHING",
        [value for pair in keys.items() for value in pair],
    )
    values: list[Any] = []
    for position, event in enumerate(events):
        values += [position, event.event_id, event.conversation_key, event.source, event.body]
        values += [_stored(event.occurred_at), _stored(event.received_at)]
    return _execute(
        # INSERT stands first: Python counts no rows of an SQLite statement that begins with WITH.
        "INSERT INTO inbox_event "  # noqa: S608 -- only the number of marks varies
        "(event_id, conversation_id, source, body, occurred_at, received_at, state, attempt_count) "
        "WITH fresh (position, event_id, key, source, body, occurred_at, received_at) AS "
        f"(VALUES {_rows(len(events), 7)}) "
        "SELECT fresh.event_id, conversation.id, fresh.source, fresh.body, fresh.occurred_at, fresh.received_at, "
        "'pending', 0 FROM fresh JOIN conversation ON conversation.key = fresh.key "
        "WHERE 1 = 1 ORDER BY fresh.position ON CONFLICT DO NOTHING",
        values,
    )


def put(
    kind: str,
    event_id: str,
    conversation_key: str,
    data: dict[str, Any] | None = None,
    *,
    line_user_id: str | None = None,
    received_at: datetime | None = None,
) -> bool:
    """Store an event of our own, once; False when it was there already.

    `data` may hold `replyToken` (with `received_at` the moment that token came): the answer is then free.
    """
    database.require_transaction()
    now = localtime.now()
    body = json.dumps({"type": kind, **(data or {})}, ensure_ascii=False)
    return (
        store([NewEvent(event_id, conversation_key, line_user_id, kind, body, now, received_at or now)]) == 1
    )


def was_stored(event_id: str) -> bool:
    """Whether an event of that id ever came in."""
    return bool(InboxEvent.select().where(InboxEvent.event_id == event_id).exists())


def anything_pending() -> bool:
    """A look without a lock, so that an idle worker takes none."""
    return bool(_ready().exists())


def claim(limit: int) -> list[InboxEvent]:
    """The next events to handle, oldest first, with their conversations; locked until the transaction ends.

    PostgreSQL gives one event a call: its conversation's row is locked, other workers skip it, and the
    conversation's oldest event is read again under the lock. SQLite's write lock covers all of it.
    """
    database.require_transaction()
    if not database.is_postgres():
        return list(_ready().limit(limit))
    locked = _ready().limit(1).for_update("FOR UPDATE SKIP LOCKED", of=Conversation).first()
    if locked is None:
        return []
    return list(_ready().where(InboxEvent.conversation == locked.conversation_id).limit(1))


def finish(event: InboxEvent) -> None:
    """The event's effects are written: in the same transaction, it is done."""
    InboxEvent.update(state=DONE, finished_at=localtime.now()).where(InboxEvent.id == event.id).execute()


def fail(event: InboxEvent, error: str) -> bool:
    """Its handler failed and was rolled back: try again later, or park it. True when it was parked."""
    now = localtime.now()
    attempts = event.attempt_count + 1
    park = attempts > len(RETRY_AFTER)
    state = {"state": PARKED, "finished_at": now} if park else {}
    InboxEvent.update(attempt_count=attempts, error=error, **state).where(InboxEvent.id == event.id).execute()
    wait = None if park else now + RETRY_AFTER[attempts - 1]
    Conversation.update(not_before=wait).where(Conversation.id == event.conversation_id).execute()
    return park


def parked(limit: int = 100) -> Iterable[InboxEvent]:
    """Events whose handlers gave up, newest first."""
    query = InboxEvent.select().where(InboxEvent.state == PARKED).order_by(InboxEvent.id.desc())
    return list(query.limit(limit))


def replay(inbox_id: int) -> bool:
    """Give a parked event its tries again; False when there is no such parked event."""
    database.require_transaction()
    fresh = {"state": PENDING, "attempt_count": 0, "finished_at": None}
    changed = InboxEvent.update(fresh).where(InboxEvent.id == inbox_id, InboxEvent.state == PARKED).execute()
    return bool(changed == 1)


def _ready() -> Any:
    now = localtime.now()
    return (
        InboxEvent.select(InboxEvent, Conversation)
        .join(Conversation)
        .where(InboxEvent.state == PENDING)
        .where(Conversation.not_before.is_null() | (Conversation.not_before <= now))
        .order_by(InboxEvent.occurred_at, InboxEvent.id)
    )


def _rows(count: int, width: int) -> str:
    mark = "%s" if database.is_postgres() else "?"
    row = "(" + ", ".join([mark] * width) + ")"
    return ", ".join([row] * count)


def _execute(sql: str, values: list[Any]) -> int:
    return int(database.database.execute_sql(sql, values).rowcount)


def _stored(moment: datetime) -> Any:
    naive = InboxEvent.occurred_at.db_value(moment)
    return naive if database.is_postgres() else str(naive)
