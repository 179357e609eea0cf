"""Stores what is to be sent to LINE: each call is a row, written in the transaction of the event that caused
it.

Leasing rows is left to `bot/queue/leases.py`, sending to `bot/worker/sender.py`, the meaning of LINE's
answers to `bot/line/delivery.py`.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

import peewee

from bot import localtime
from bot.conversations import Conversation
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField
from bot.line.channels import MAIN
from bot.line.delivery import DROPPED, DUE, HELD, PARKED, PUSH, REPLY, SENT, Doubt
from bot.line.messages import MOST_MESSAGES, Message, choices_last
from bot.queue import support_friends
from bot.queue.outbox_rows import CONTENT, LINK_TOKEN, MENU, MESSAGES, MULTICAST, PROFILE, SHOWN, OutboxRow
from bot.routing.events import Event

__all__ = (
    "CONTENT",
    "LINK_TOKEN",
    "MENU",
    "MESSAGES",
    "MULTICAST",
    "PROFILE",
    "PUSH",
    "REPLY",
    "SHOWN",
    "OutboxRow",
)
"""What senders and readers need, beside what is defined here."""

ReplyToken = tuple[str | None, datetime | None]
"""A reply token, and until when it is valid."""
NO_TOKEN: ReplyToken = (None, None)
_collected: ContextVar["_Collected | None"] = ContextVar("collected", default=None)


class OutboxMessage(Model):
    """One call to be made to LINE: a reply, a push, a profile request, a fetch of media, a menu to show."""

    conversation = peewee.ForeignKeyField(Conversation)
    conversation_id: int
    kind = peewee.CharField()
    messages = peewee.TextField(default="[]")
    cause = peewee.CharField()
    """Why it is sent: the event's id, or a domain's own key (`survey-due:order:1001`)."""
    staff_id = peewee.IntegerField(null=True)
    """The member of staff who wrote it; null for the bot."""
    reply_token = peewee.CharField(null=True)
    reply_until = UtcDateTimeField(null=True)
    retry_key = peewee.CharField()
    aggregation_unit = peewee.CharField(30, null=True)
    """The name under which LINE sums up what people do with the push (`aggregation_units.py`)."""
    multicast_id = peewee.IntegerField(null=True)
    """The call with many recipients that it is part of (`multicasts.py`), whose state this one follows."""
    by_day_only = peewee.BooleanField(default=False)
    """It may not go out in the quiet hours, should it be delayed until then."""
    state = peewee.CharField(default=DUE)
    attempt_count = peewee.IntegerField(default=0)
    in_doubt = peewee.BooleanField(default=False)
    """A call with the reply token ended without an answer that says whether LINE accepted it."""
    token_refused = peewee.BooleanField(default=False)
    """LINE refused the reply token: it is never tried again."""
    not_before = UtcDateTimeField(null=True)
    leased_by = peewee.CharField(null=True)
    """The process that sends it, as `WorkerProcess.key`."""
    leased_at = UtcDateTimeField(null=True)
    sent_as = peewee.CharField(null=True)
    line_status = peewee.IntegerField(null=True)
    line_answer = peewee.TextField(null=True)
    request_id = peewee.CharField(null=True)
    created_at = UtcDateTimeField()
    unsure_since = UtcDateTimeField(null=True)
    """Since when LINE may have accepted a push with this retry key without our knowing; LINE remembers a key
    for 24 hours."""
    sent_at = UtcDateTimeField(null=True)
    channel = peewee.CharField(8, default=MAIN)
    """The LINE account that it goes from (`bot/line/channels.py`)."""

    @property
    def doubt(self) -> Doubt:
        """What is unknown of its calls."""
        return Doubt(self.in_doubt, self.token_refused, self.unsure_since)


@dataclass(frozen=True, slots=True)
class _Collected:
    """The rows written inside `collect`."""

    holder: str
    rows: list[OutboxRow]


PRIVATE = "private:"
"""Begins the cause of a message that no page shows."""


def reply(event: Event, messages: list[Message]) -> int:
    """Answer the event from the account that it came to: with its reply token while that is valid, which is
    free, else as a push. The row's id."""
    kind = REPLY if event.reply_token else PUSH
    token = (event.reply_token, event.reply_until) if event.reply_token else NO_TOKEN
    return _add(event.conversation_id, kind, event.event_id, messages, token, channel=event.channel)


def push(
    conversation_id: int,
    messages: list[Message],
    *,
    cause: str,
    aggregation_unit: str | None = None,
    by_day_only: bool = False,
    staff_id: int | None = None,
) -> int:
    """Send what the customer did not ask for just now; the row's id. A blocked conversation gets nothing. LINE
    sums up what people do with the pushes of one unit. With `by_day_only`, a push that a fault delays into the
    quiet hours waits for the morning."""
    return _add(
        *(conversation_id, PUSH, cause, messages),
        staff_id=staff_id,
        aggregation_unit=aggregation_unit,
        by_day_only=by_day_only,
    )


def push_individually(
    conversation_id: int,
    messages: list[Message],
    *,
    cause: str,
    staff_id: int | None = None,
    token: ReplyToken = NO_TOKEN,
    by_day_only: bool = False,
) -> int:
    """Send what a person of staff says, or what belongs to their contact with this customer: from the second
    account when the customer is its friend, else from the main one. The row's id.

    Nothing else chooses the second account, so campaigns and flows cannot use it;
    tests/test_architecture.py lists the callers. `token` is one of that account (`spare_tokens.newest`).
    """
    return _add(
        *(conversation_id, REPLY if token != NO_TOKEN else PUSH, cause, messages, token, staff_id),
        by_day_only=by_day_only,
        channel=support_friends.channel_of(conversation_id),
    )


def request_profile(event: Event, cause: str) -> None:
    """Ask LINE who this is. The answer comes once a cause, as the event `profile.answer_received` with that
    cause and this event's reply token, which is still valid when the event itself was not answered."""
    _ask(event, PROFILE, cause)


def ask_for_link_token(event: Event) -> None:
    """Ask LINE for the token with which this customer can sign in at the shop. The answer is the event
    `link_token.answer_received`, with this event's reply token."""
    _ask(event, LINK_TOKEN, event.event_id)


def _ask(event: Event, kind: str, cause: str) -> None:
    # What follows from LINE's answer is the main account's, which cannot use another's token.
    token = (event.reply_token, event.reply_until) if event.channel == MAIN else NO_TOKEN
    _add(event.conversation_id, kind, cause, [], token, channel=event.channel)


def was_requested(conversation_id: int, cause: str) -> bool:
    """Whether a call was ever stored for that cause."""
    known = (OutboxMessage.conversation == conversation_id) & (OutboxMessage.cause == cause)
    return bool(OutboxMessage.select().where(known).exists())


def asks_who(conversation_id: int) -> bool:
    """Whether a profile request is pending: `profile.answer_received` comes next."""
    asked = (OutboxMessage.conversation == conversation_id) & (OutboxMessage.kind == PROFILE)
    return bool(OutboxMessage.select().where(asked, OutboxMessage.state == DUE).exists())


def fetch_content(conversation_id: int, message_id: str, channel: str = MAIN) -> None:
    """Fetch what the customer sent to that account, which LINE stores only for a while. `bot/worker/fetcher.py`
    does it."""
    _add(conversation_id, CONTENT, message_id, [], channel=channel)


def show_menu(conversation_id: int, menu_id: str) -> None:
    """Show this customer the rich menu with that LINE id."""
    _add(conversation_id, MENU, menu_id, [])


def _add(
    conversation_id: int,
    kind: str,
    cause: str,
    messages: list[Message],
    token: ReplyToken = NO_TOKEN,
    staff_id: int | None = None,
    aggregation_unit: str | None = None,
    by_day_only: bool = False,
    channel: str = MAIN,
) -> int:
    """Insert the row, leased to the process that collects rows unless it has to wait for others of its chat;
    its id."""
    database.require_transaction()
    if len(messages) > MOST_MESSAGES:
        raise ValueError(f"{len(messages)} messages in one call; LINE takes {MOST_MESSAGES}")
    if not messages and kind in MESSAGES:
        raise ValueError(f"nothing to send for {cause}")
    collected = _collected.get()
    holder = collected.holder if collected else None
    reply_token, reply_until = token
    body, retry_key = json.dumps(choices_last(messages), ensure_ascii=False), str(uuid.uuid4())
    created_at, leased_at = localtime.now(), localtime.machine_now() if holder else None
    row_id, leased_by = database.execute(
        "INSERT INTO outbox_message (conversation_id, kind, cause, messages, reply_token, reply_until, staff_id, "  # noqa: S608 -- fixed SQL
        "retry_key, aggregation_unit, by_day_only, channel, created_at, leased_at, state, attempt_count, in_doubt, "
        "token_refused, leased_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'due', 0, ?, ?, "
        f"{_LEASE_OF_NEW_ROW}) RETURNING id, leased_by",
        *(conversation_id, kind, cause, body, reply_token, database.stored(reply_until), staff_id),
        *(retry_key, aggregation_unit, by_day_only, channel),
        *(database.stored(created_at), database.stored(leased_at)),
        *(False, False, kind not in MESSAGES, conversation_id, holder, holder, holder),
    ).fetchone()
    if collected is not None and leased_by is not None:
        collected.rows.append(
            OutboxRow(
                *(row_id, conversation_id, kind, body, cause, reply_token, reply_until, retry_key, leased_by),
                aggregation_unit=aggregation_unit,
                by_day_only=by_day_only,
                channel=channel,
            )
        )
    return int(row_id)


_LEASE_OF_NEW_ROW = (
    "CASE WHEN ? OR COALESCE((SELECT COALESCE(e.leased_by, '') FROM outbox_message e WHERE e.conversation_id = ? "
    "AND e.state = 'due' AND e.kind IN ('reply', 'push') ORDER BY e.id DESC LIMIT 1), ?) = ? THEN ? END"
)
"""The lease of a new row: none for a message that comes after one which is free or another process's.
Checking the last one is enough, since the same rule was applied to it."""


@contextmanager
def collect(holder: str) -> Iterator[list[OutboxRow]]:
    """Collect the rows written inside that were leased to the holder, who sends them after the commit."""
    rows: list[OutboxRow] = []
    token = _collected.set(_Collected(holder, rows))
    try:
        yield rows
    finally:
        _collected.reset(token)


@contextmanager
def savepoint() -> Iterator[None]:
    """A part of the open transaction that may fail alone; rows written in it are then not sent either."""
    collected = _collected.get()
    count = len(collected.rows) if collected else 0
    try:
        with database.savepoint():
            yield
    except BaseException:
        if collected:
            del collected.rows[count:]
        raise


def unsent(state: str, limit: int = 100) -> list[OutboxMessage]:
    """Rows in that state, newest first: held for the month's limit, or parked with LINE's answer. Those of multicasts
    are in `multicasts.parked`."""
    query = OutboxMessage.select(OutboxMessage, Conversation).join(Conversation)
    # The literals are those of the partial index, which the databases use only then.
    unsent_ones = OutboxMessage.state.in_((peewee.SQL("'held'"), peewee.SQL("'parked'")))
    wanted = unsent_ones & (OutboxMessage.state == state) & OutboxMessage.multicast_id.is_null()
    return list(query.where(wanted).order_by(OutboxMessage.id.desc()).limit(limit))


def release_held() -> int:
    """Make held rows due, since the month's limit has room again. What is unknown of their calls stays
    unknown."""
    database.require_transaction()
    fresh = {"state": DUE, "leased_by": None, "not_before": None}
    return int(OutboxMessage.update(fresh).where(OutboxMessage.state == HELD).execute())


def replay(outbox_id: int) -> bool:
    """Make a parked row due again, as a push; False when there is no such parked row."""
    database.require_transaction()
    fresh = {"state": DUE, "attempt_count": 0, "in_doubt": False, "leased_by": None, "not_before": None}
    fresh |= {"unsure_since": None, "token_refused": True}
    # LINE may have accepted the old key with the refused call: a person who repeats it means a new message.
    fresh["retry_key"] = str(uuid.uuid4())
    by_itself = OutboxMessage.multicast_id.is_null()
    query = OutboxMessage.update(fresh).where(
        OutboxMessage.id == outbox_id, OutboxMessage.state == PARKED, by_itself
    )
    return bool(query.execute() == 1)


erasure.blanked(
    OutboxMessage,
    lambda: {
        "messages": "[]",
        "reply_token": None,
        "line_answer": None,
        "state": peewee.Case(None, [(OutboxMessage.state == SENT, SENT)], DROPPED),
    },
    "conversation",
)
