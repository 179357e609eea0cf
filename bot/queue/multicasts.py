"""Multicasts: one call of LINE that sends the same messages to up to 500 people.

Each recipient has a row in the outbox of its own, which shows in their chat and counts as a push; its state follows
the call's. A multicast is not ordered with the other messages of its recipients' chats.

`bot/worker/multicast_sender.py` makes the calls, `bot/line/multicast_delivery.py` interprets LINE's answers,
`multicast_leases.py` leases the calls and records what became of them.
"""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from bot import localtime
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField
from bot.line.delivery import IN_A_CALL
from bot.line.messages import MOST_MESSAGES, Message, choices_last
from bot.line.multicast_delivery import DUE, MOST_RECIPIENTS
from bot.queue.outbox import OutboxMessage
from bot.queue.outbox_rows import MULTICAST

LONGEST_CAUSE = 200
"""A multicast that is split adds to it."""
PARKED_NOTICE = "multicast-parked"
"""The notice about a parked multicast, before its id."""
Settled = Callable[["Multicast", str], None]
"""Called with the multicast and its new state: `sent`, `failed`, `parked`, `dissolved`."""
_listeners: dict[str, Settled] = {}


class Multicast(Model):
    """One call, and what LINE answered."""

    cause = peewee.CharField(255, unique=True)
    messages = peewee.TextField()
    retry_key = peewee.CharField(36)
    aggregation_unit = peewee.CharField(30, null=True)
    state = peewee.CharField(10, default=DUE)
    """`due`; `sent`; `parked` (LINE refused the messages, or may have accepted them a day ago); `failed` (LINE refuses
    its single recipient); `dissolved` (it reached nobody, and its recipients were given back); `split` (two others
    were made of it)."""
    reason = peewee.CharField(32, default="")
    """Why it is dissolved or parked: see `bot/line/multicast_delivery.py`."""
    attempt_count = peewee.IntegerField(default=0)
    unsure_since = UtcDateTimeField(null=True)
    """Since when LINE may have accepted it without our knowing; LINE remembers a retry key for 24 hours."""
    leased_by = peewee.CharField(64, null=True)
    leased_at = UtcDateTimeField(null=True)
    not_before = UtcDateTimeField(null=True)
    created_at = UtcDateTimeField()
    sent_at = UtcDateTimeField(null=True)
    line_status = peewee.IntegerField(null=True)
    line_answer = peewee.TextField(default="")
    request_id = peewee.CharField(64, null=True)

    class Meta:
        table_name = "multicast"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of a multicast: the row of the outbox, and what became of it."""

    conversation_id: int
    outbox_id: int
    state: str
    """`in-a-call`, `sent`, `parked`, `dissolved`, or `dropped`: blocked since, or refused by LINE."""


def create(
    conversation_ids: Sequence[int],
    messages: list[Message],
    *,
    cause: str,
    aggregation_unit: str | None = None,
    once: str | None = None,
) -> int:
    """Send the same messages to these conversations in one call, soon after the commit; the multicast's id.

    `once` names what may say these messages to these people only once: LINE then refuses for a day to take the same
    call again, even if the database was restored to a time before it.
    `recipients` gives the row of the outbox of each. Raises ValueError for none or too many recipients or messages,
    one named twice or not on LINE, and peewee.IntegrityError for a cause that was used before.
    """
    database.require_transaction()
    if not 0 < len(conversation_ids) <= MOST_RECIPIENTS or len(set(conversation_ids)) < len(conversation_ids):
        raise ValueError(f"{len(conversation_ids)} recipients; LINE takes 1 to {MOST_RECIPIENTS}, each once")
    if len(cause) > LONGEST_CAUSE:
        raise ValueError(f"the cause {cause} is longer than {LONGEST_CAUSE}")
    if not 0 < len(messages) <= MOST_MESSAGES:
        raise ValueError(f"{len(messages)} messages in one call; LINE takes 1 to {MOST_MESSAGES}")
    body, now = json.dumps(choices_last(messages), ensure_ascii=False), localtime.now()
    key = str(uuid.uuid4() if once is None else _key_of(once, conversation_ids, body))
    made: Multicast = Multicast.create(
        cause=cause, messages=body, retry_key=key, aggregation_unit=aggregation_unit, created_at=now
    )
    marks = ", ".join("?" * len(conversation_ids))
    rows = database.execute(
        "INSERT INTO outbox_message (conversation_id, kind, cause, messages, retry_key, aggregation_unit, "  # noqa: S608 -- fixed SQL
        "multicast_id, created_at, state, by_day_only, attempt_count, in_doubt, token_refused) "
        f"SELECT id, '{MULTICAST}', ?, ?, ?, ?, ?, ?, '{IN_A_CALL}', ?, 0, ?, ? FROM conversation "
        f"WHERE id IN ({marks}) AND line_user_id IS NOT NULL ORDER BY id",
        *(cause, body, key, aggregation_unit, made.id, database.stored(now), False, False, False),
        *conversation_ids,
    )
    if rows.rowcount != len(conversation_ids):
        raise ValueError(
            f"{len(conversation_ids) - rows.rowcount} of the recipients of {cause} are not on LINE"
        )
    return int(made.id)


def _key_of(once: str, conversation_ids: Sequence[int], body: str) -> uuid.UUID:
    ids = ",".join(str(each) for each in sorted(conversation_ids))
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{once}\n{ids}\n{body}")


def recipients(multicast_id: int) -> list[Recipient]:
    """The recipients, in the order of their rows. After a split, those that are in that part."""
    rows: Any = (
        OutboxMessage.select(OutboxMessage.conversation_id, OutboxMessage.id, OutboxMessage.state)
        .where(OutboxMessage.multicast_id == multicast_id)
        .order_by(OutboxMessage.id)
    )
    return [Recipient(*row) for row in rows.tuples()]


def on_settled(cause_prefix: str, callback: Settled) -> None:
    """Call this whenever a multicast whose cause begins so is settled, in the transaction that records it.

    `sent`: `recipients` says who got it (`sent`) and who had blocked the shop before (`dropped`). `failed`: LINE
    refuses its single recipient. `parked`: LINE refused it, or may have accepted it; a person must act, and when they
    repeat it, it is `dissolved` with the reason `replay`. `dissolved`: its recipients must be decided anew, in a
    multicast with another cause; the reasons are in `bot/line/multicast_delivery.py`. Of a multicast that was split,
    each part is settled by itself; its cause begins with that of the whole.
    """
    _listeners[cause_prefix] = callback


def report(multicast: Multicast) -> None:
    """Call those who wait for multicasts of that cause."""
    for prefix, callback in _listeners.items():
        if multicast.cause.startswith(prefix):
            callback(multicast, multicast.state)


def parked(limit: int = 100) -> list[Multicast]:
    """Those that a person must see, the newest first."""
    is_parked = Multicast.state == peewee.SQL("'parked'")  # a literal, so that the partial index is used
    query = Multicast.select().where(is_parked).order_by(Multicast.id.desc())
    return list(query.limit(limit))


erasure.nothing("A call's words are the same for all its recipients.", Multicast)
