"""Stores events, hands out the next one to handle, and retries or parks those that fail.

Every event comes through here: LINE's webhook, an order, a due time, a decision of staff. It is stored once
(its id is unique), handled in its conversation's order, finished in the transaction of its effects, retried
with back-off when its handler fails, and parked with its error after the last try.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import localtime
from bot.conversations import Conversation, line_user_of
from bot.db import conflicts, database, erasure
from bot.db.database import Model, UtcDateTimeField, stored
from bot.line.channels import MAIN
from bot.routing.claimed import Claimed

RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))
"""Waits before the second, third and fourth try; after that the event is parked."""

MANY_EVENTS = 100
"""How many go into one statement."""

LINE = "line"
"""The source of events from LINE's webhook; any other source is the kind of an event of our own."""

PENDING, DONE, PARKED = "pending", "done", "parked"


class InboxEvent(Model):
    """One event, stored as it was received."""

    event_id = peewee.CharField(unique=True)
    conversation = peewee.ForeignKeyField(Conversation)
    conversation_id: int
    source = peewee.CharField()
    """`line`, or the kind of an event of our own (`order.received`)."""
    body = peewee.TextField()
    occurred_at = UtcDateTimeField()
    received_at = UtcDateTimeField()
    state = peewee.CharField(default=PENDING)
    attempt_count = peewee.IntegerField(default=0)
    error = peewee.TextField(null=True)
    finished_at = UtcDateTimeField(null=True)
    channel = peewee.CharField(8, default=MAIN)
    """The LINE account that it came to (`bot/line/channels.py`)."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be stored."""

    event_id: str
    conversation_key: str
    line_user_id: str | None
    source: str
    body: str
    occurred_at: datetime
    received_at: datetime
    channel: str = MAIN


def store(events: Sequence[NewEvent]) -> int:
    """Store the events that are not there yet, in their order, in the open transaction; returns how many
    those were."""
    database.require_transaction()
    count = 0
    for start in range(0, len(events), MANY_EVENTS):
        conversations, inserts = _statements(events[start : start + MANY_EVENTS])
        database.execute(conversations[0], *conversations[1])
        count += int(database.execute(inserts[0], *inserts[1]).rowcount)
    return count


def store_in_one_trip(events: Sequence[NewEvent], until: float) -> None:
    """The same on PostgreSQL, in a transaction of its own and one round trip: statements sent together are
    one transaction. Waits for locks until that `time.monotonic()` at most."""
    milliseconds = max(1, round((until - time.monotonic()) * 1000))
    statements: list[tuple[str, list[Any]]] = [("SET LOCAL lock_timeout = ?", [milliseconds])]
    for start in range(0, len(events), MANY_EVENTS):
        statements += _statements(events[start : start + MANY_EVENTS])
    together = "; ".join(sql for sql, _ in statements)
    values = [value for _, some in statements for value in some]
    conflicts.again(lambda: database.execute(together, *values))


def _statements(events: Sequence[NewEvent]) -> tuple[tuple[str, list[Any]], tuple[str, list[Any]]]:
    """Fixed SQL that inserts missing conversations, and fixed SQL that inserts the events."""
    conversations = _conversations({event.conversation_key: event.line_user_id for event in events})
    values: list[Any] = []
    for position, event in enumerate(events):
        values += [position, event.event_id, event.conversation_key, event.source, event.body]
        values += [stored(event.occurred_at), stored(event.received_at), event.channel]
    inserts = (
        # INSERT comes first: Python counts no rows of an SQLite statement that begins with WITH.
        "INSERT INTO inbox_event "  # noqa: S608 -- only the number of placeholders varies
        "(event_id, conversation_id, source, body, occurred_at, received_at, channel, state, attempt_count) "
        "WITH fresh (position, event_id, key, source, body, occurred_at, received_at, channel) AS "
        f"(VALUES {database.rows(len(events), 8)}) "
        "SELECT fresh.event_id, conversation.id, fresh.source, fresh.body, fresh.occurred_at, fresh.received_at, "
        "fresh.channel, 'pending', 0 FROM fresh JOIN conversation ON conversation.key = fresh.key "
        "WHERE 1 = 1 ORDER BY fresh.position ON CONFLICT DO NOTHING"
    )
    return conversations, (inserts, values)


def _conversations(line_users: dict[str, str | None]) -> tuple[str, list[Any]]:
    # Sorted: two requests that insert the same keys must not wait for each other in a circle.
    keys = sorted(line_users.items())
    sql = (
        f"INSERT INTO conversation (key, line_user_id) VALUES {database.rows(len(keys), 2)} "  # noqa: S608 -- only the number of placeholders varies
        "ON CONFLICT DO NOTHING"
    )
    return sql, [value for pair in keys for value in pair]


def put(
    kind: str,
    event_id: str,
    conversation_key: str,
    data: dict[str, Any] | None = None,
    *,
    line_user_id: str | None = None,
    received_at: datetime | None = None,
) -> bool:
    """Store an event of our own, once; False when one with that id was there already.

    `data` may hold `replyToken` (with `received_at` the moment when that token came): answering is then free.
    """
    database.require_transaction()
    now = localtime.now()
    body = json.dumps({"type": kind, **(data or {})})
    who = line_user_id or line_user_of(conversation_key)
    return store([NewEvent(event_id, conversation_key, who, kind, body, now, received_at or now)]) == 1


def begin_conversations(line_users: dict[str, str | None]) -> None:
    """Insert those of these conversations that are missing, before many events are put one by one. Sorted by
    key, so that two transactions that insert the same ones do not wait for each other in a circle."""
    if len(line_users) > 1:
        sql, values = _conversations(line_users)
        database.execute(sql, *values)


def was_stored(event_id: str) -> bool:
    """Whether an event of that id ever came in."""
    return bool(InboxEvent.select().where(InboxEvent.event_id == event_id).exists())


def anything_pending() -> bool:
    """Whether an event is ready; without a lock, so that an idle worker takes none."""
    return database.execute(f"SELECT 1 {_READY} LIMIT 1", stored(localtime.now())).fetchone() is not None


def pending_count(most: int) -> int:
    """How many events are pending, counted up to `most`."""
    counted = database.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM inbox_event WHERE state = 'pending' LIMIT ?) AS pending", most
    )
    return int(counted.fetchone()[0])


def claim(limit: int) -> list[Claimed]:
    """The next events to handle, oldest first, with their conversations; locked until the transaction ends.

    On PostgreSQL the conversations' rows are locked, those of other workers skipped, and their oldest events read
    again under the lock. (NO KEY UPDATE: the webhook can still store further events of them.) SQLite's write lock
    covers all of it.
    """
    database.require_transaction()
    now = stored(localtime.now())
    if not database.is_postgres():
        return _claimed(f"{_CLAIM} {_READY} {_OLDEST_FIRST} LIMIT ?", now, limit)
    locked = database.execute(
        f"SELECT c.id {_READY} {_OLDEST_FIRST} LIMIT ? FOR NO KEY UPDATE OF c SKIP LOCKED", now, limit
    ).fetchall()
    if not locked:
        return []
    ids = tuple({row[0] for row in locked})
    return _claimed(f"{_CLAIM} {_READY} AND c.id IN ? {_OLDEST_FIRST} LIMIT ?", now, ids, limit)


def claim_again(event: Claimed) -> Claimed:
    """The same event with its conversation as it is now, after an earlier event of the same claim."""
    database.require_transaction()
    return _claimed(f"{_CLAIM} {_JOINED} WHERE e.id = ?", event.id)[0]


def finish(event: Claimed) -> None:
    """Mark the event as done, in the transaction of its effects."""
    now = stored(localtime.now())
    database.execute("UPDATE inbox_event SET state = 'done', finished_at = ? WHERE id = ?", now, event.id)


def fail(event: Claimed, error: str) -> bool:
    """Note that its handler failed and was rolled back: try again later, or park it. True when it was parked."""
    now = localtime.now()
    attempts = event.attempt_count + 1
    park = attempts > len(RETRY_AFTER)
    state = {"state": PARKED, "finished_at": now} if park else {}
    InboxEvent.update(attempt_count=attempts, error=error, **state).where(InboxEvent.id == event.id).execute()
    wait = None if park else now + RETRY_AFTER[attempts - 1]
    Conversation.update(not_before=wait).where(Conversation.id == event.conversation_id).execute()
    return park


def parked(limit: int = 100) -> Iterable[InboxEvent]:
    """Parked events, newest first."""
    is_parked = InboxEvent.state == peewee.SQL("'parked'")  # a literal, so that the partial index is used
    query = InboxEvent.select().where(is_parked).order_by(InboxEvent.id.desc())
    return list(query.limit(limit))


def replay(inbox_id: int) -> bool:
    """Give a parked event its tries again; False when there is no such parked event."""
    database.require_transaction()
    fresh = {"state": PENDING, "attempt_count": 0, "finished_at": None}
    changed = InboxEvent.update(fresh).where(InboxEvent.id == inbox_id, InboxEvent.state == PARKED).execute()
    return bool(changed == 1)


_JOINED = "FROM inbox_event e JOIN conversation c ON c.id = e.conversation_id"
_READY = f"{_JOINED} WHERE e.state = 'pending' AND (c.not_before IS NULL OR c.not_before <= ?)"
_OLDEST_FIRST = "ORDER BY e.occurred_at, e.id"
_CLAIM = (
    "SELECT e.id, e.event_id, e.conversation_id, e.source, e.body, e.occurred_at, e.received_at, e.attempt_count, "
    "c.line_user_id, c.exchange_kind, c.exchange_data, c.exchange_until, e.channel"
)


def _claimed(sql: str, *values: Any) -> list[Claimed]:
    found: list[Claimed] = []
    for row in database.execute(sql, *values).fetchall():
        occurred_at, received_at = database.as_moment(row[5]), database.as_moment(row[6])
        if occurred_at is None or received_at is None:
            raise TypeError("an event without its moments: the columns forbid it")
        (
            row_id,
            event_id,
            conversation_id,
            source,
            body,
            _,
            _,
            attempts,
            user_id,
            kind,
            data,
            until,
            channel,
        ) = row
        found.append(
            Claimed(
                *(row_id, event_id, conversation_id, source, body, occurred_at, received_at, attempts),
                *(user_id, kind, data, database.as_moment(until), channel),
            )
        )
    return found


def _delete_parked(who: erasure.Person) -> None:
    """What was never handled goes altogether: an order that is reported again comes in anew."""
    mine = InboxEvent.conversation.in_(who.conversation_ids)
    InboxEvent.delete().where(mine, InboxEvent.state == PARKED).execute()


erasure.blanked(
    InboxEvent,
    lambda: {
        "body": "{}",
        "error": None,
        "finished_at": erasure.unless_set(InboxEvent.finished_at, localtime.now()),
    },
    "conversation",
    before=_delete_parked,
)
