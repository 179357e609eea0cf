"""Decides what is owed to LINE: each call is a row, written in the transaction of the event that caused it.

Sending is `bot/sender.py`'s; what an answer of LINE means is `bot/delivery.py`'s.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import database, localtime
from bot.conversations import Conversation
from bot.database import Model, UtcDateTimeField
from bot.delivery import DUE, HELD, PARKED, SENT, Answer, Verdict
from bot.events import Event
from bot.line_messages import MOST_MESSAGES, Message
from bot.storable import LONGEST_ID, storable

LEASE = timedelta(seconds=20)
"""A process that took a row and did not report within this time has crashed: a sweeper takes the row over."""

REPLY, PUSH, PROFILE, CONTENT, LINK_TOKEN, MENU = "reply", "push", "profile", "content", "link-token", "menu"
MESSAGES = (REPLY, PUSH)
"""The kinds that say something to the customer; the others ask LINE for something."""

_collected: ContextVar[list["Owed"] | None] = ContextVar("collected", default=None)


class OutboxMessage(Model):
    """One call owed to LINE: a reply, a push, a look at a profile, a fetch of what a customer sent, a menu to show."""

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
    unsure_since = UtcDateTimeField(null=True)
    """When a try with this retry key first ended without a clear answer: LINE knows a key for 24 hours."""
    sent_at = UtcDateTimeField(null=True)


@dataclass(slots=True)
class Owed:
    """One call in the hands of the process that leased it."""

    id: int
    conversation_id: int
    kind: str
    messages: str
    cause: str
    reply_token: str | None
    reply_until: datetime | None
    retry_key: str
    attempt_count: int = 0
    in_doubt: bool = False
    unsure_since: datetime | None = None


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
    _ask(event, PROFILE, cause)


def ask_for_link_token(event: Event) -> None:
    """Ask LINE for the token with which this customer can sign in at the shop. It comes back as `link-token.issued`,
    with this event's reply token."""
    _ask(event, LINK_TOKEN, event.event_id)


def _ask(event: Event, kind: str, cause: str) -> None:
    _add(
        event.conversation_id,
        kind,
        cause,
        [],
        reply_token=event.reply_token,
        reply_until=event.reply_until,
    )


def was_owed(conversation_id: int, cause: str) -> bool:
    """Whether anything was ever put into the outbox for that cause."""
    known = (OutboxMessage.conversation == conversation_id) & (OutboxMessage.cause == cause)
    return bool(OutboxMessage.select().where(known).exists())


def asks_who(conversation_id: int) -> bool:
    """Whether LINE is being asked who this is: `profile.learned` comes next."""
    asked = (OutboxMessage.conversation == conversation_id) & (OutboxMessage.kind == PROFILE)
    return bool(OutboxMessage.select().where(asked, OutboxMessage.state == DUE).exists())


def fetch_content(conversation_id: int, message_id: str) -> None:
    """Fetch what the customer sent: LINE keeps it only for a while. `bot/fetcher.py` does it beside all sending."""
    _add(conversation_id, CONTENT, message_id, [])


def show_menu(conversation_id: int, menu_id: str) -> None:
    """Show this customer that rich menu, by LINE's id of it."""
    _add(conversation_id, MENU, menu_id, [])


def _add(
    conversation_id: int,
    kind: str,
    cause: str,
    messages: list[Message],
    reply_token: str | None = None,
    reply_until: datetime | None = None,
    staff_id: int | None = None,
) -> None:
    database.require_transaction()
    if len(messages) > MOST_MESSAGES:
        raise ValueError(f"{len(messages)} messages in one call; LINE takes {MOST_MESSAGES}")
    if not messages and kind in MESSAGES:
        raise ValueError(f"nothing to send for {cause}")
    fresh = _collected.get()
    lease = None if fresh is None else localtime.machine_now() + LEASE
    body, retry_key = json.dumps(messages, ensure_ascii=False), str(uuid.uuid4())
    row_id = database.execute(
        "INSERT INTO outbox_message (conversation_id, kind, cause, messages, reply_token, reply_until, staff_id, "
        "retry_key, created_at, leased_until, state, attempt_count, in_doubt) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'due', 0, ?) RETURNING id",
        *(conversation_id, kind, cause, body, reply_token, database.stored(reply_until), staff_id),
        *(retry_key, database.stored(localtime.now()), database.stored(lease), False),
    ).fetchone()[0]
    if fresh is not None:
        fresh.append(Owed(row_id, conversation_id, kind, body, cause, reply_token, reply_until, retry_key))


@contextmanager
def collect() -> Iterator[list[Owed]]:
    """The rows written inside, leased to this process: it sends them when its transaction has committed."""
    rows: list[Owed] = []
    token = _collected.set(rows)
    try:
        yield rows
    finally:
        _collected.reset(token)


def take_over(limit: int = 100) -> list[Owed]:
    """Lease rows that are due and nobody's: put back for a later try, or left by a process that crashed."""
    database.require_transaction()
    now, machine_now = localtime.now(), localtime.machine_now()
    query = _takeable(now, machine_now).order_by(OutboxMessage.id).limit(limit)
    rows: list[Any] = list(query.for_update("FOR UPDATE SKIP LOCKED") if database.is_postgres() else query)
    for row in rows:
        row.in_doubt = row.in_doubt or row.leased_until is not None
        row.leased_until = machine_now + LEASE
        row.save(only=[OutboxMessage.in_doubt, OutboxMessage.leased_until])
    return [_owed(row) for row in rows]


def _owed(row: Any) -> Owed:
    return Owed(**{each.name: getattr(row, each.name) for each in fields(Owed)})


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


def renew(row_ids: Sequence[int]) -> None:
    """This process is alive and still means to send these rows: its backlog may be longer than a lease."""
    _lease(row_ids, localtime.machine_now() + LEASE)


def put_back(row_ids: Sequence[int]) -> None:
    """This process ends without having tried these rows: the next one need not wait for the lease."""
    _lease(row_ids, None)


def _lease(row_ids: Sequence[int], until: datetime | None) -> None:
    for start in range(0, len(row_ids), 500):
        some = OutboxMessage.id.in_(row_ids[start : start + 500])
        query = OutboxMessage.update(leased_until=until)
        query.where(some, OutboxMessage.state == DUE, OutboxMessage.leased_until.is_null(False)).execute()


def record(row: Owed, verdict: Verdict, answer: Answer) -> None:
    """Write down what became of a try."""
    now = localtime.now()
    unsure_since = row.unsure_since or (now if answer.unsure else None)
    database.execute(
        "UPDATE outbox_message SET state = ?, attempt_count = ?, in_doubt = ?, not_before = ?, leased_until = NULL, "
        "unsure_since = ?, sent_as = ?, sent_at = ?, line_status = ?, line_answer = ?, request_id = ? WHERE id = ?",
        *(verdict.state, row.attempt_count, verdict.in_doubt),
        *(database.stored(now + verdict.wait if verdict.wait else None), database.stored(unsure_since)),
        *(verdict.sent_as, database.stored(now if verdict.state == SENT else None)),
        *(answer.status, storable(answer.text[:2000])),
        *(answer.request_id[:LONGEST_ID] if answer.request_id else None, row.id),
    )


def unsent(state: str, limit: int = 100) -> list[OutboxMessage]:
    """Rows in that state, newest first: held for the month's limit, or parked with LINE's answer."""
    query = OutboxMessage.select(OutboxMessage, Conversation).join(Conversation)
    return list(query.where(OutboxMessage.state == state).order_by(OutboxMessage.id.desc()).limit(limit))


def release_held() -> int:
    """The month's limit has room again: what was held is due."""
    database.require_transaction()
    fresh = {"state": DUE, "leased_until": None, "not_before": None, "unsure_since": None}
    return int(OutboxMessage.update(fresh).where(OutboxMessage.state == HELD).execute())


def replay(outbox_id: int) -> bool:
    """Make a parked row due again, as a push; False when there is no such parked row."""
    database.require_transaction()
    fresh = {"state": DUE, "attempt_count": 0, "in_doubt": False, "leased_until": None, "not_before": None}
    fresh["unsure_since"] = None
    # The old key may have been taken with the refused call: a person who repeats a send means a new one.
    fresh["retry_key"] = str(uuid.uuid4())
    query = OutboxMessage.update(fresh).where(OutboxMessage.id == outbox_id, OutboxMessage.state == PARKED)
    return bool(query.execute() == 1)
