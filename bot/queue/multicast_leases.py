"""Leases multicasts to the worker processes that send them, and records what became of each call.

A multicast is leased by one process until the outcome of its try is recorded or that process is dead
(`bot/worker/worker_processes.py`), which may have called LINE: the next one repeats the call with the same retry key.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import localtime
from bot.conversations import Conversation
from bot.db import database
from bot.line.delivery import DROPPED, IN_A_CALL, PUSH, Answer
from bot.line.multicast_delivery import (
    DISSOLVED,
    DUE,
    FAILED,
    PARKED,
    REPLAY,
    SENT,
    SPLIT,
    MulticastVerdict,
)
from bot.queue import multicasts
from bot.queue.multicasts import Multicast
from bot.queue.outbox import OutboxMessage
from bot.text.cleaning import LONGEST_ID, storable

_FREE = (
    "FROM multicast m WHERE m.state = 'due' AND (m.not_before IS NULL OR m.not_before <= ?) "
    "AND (m.leased_by IS NULL OR m.leased_by = ? "
    "OR NOT EXISTS (SELECT 1 FROM worker_process p WHERE p.key = m.leased_by))"
)
"""Due, and leased by no other running process. The one thread that asks holds none of its own process any more."""


@dataclass(slots=True)
class LeasedMulticast:
    """A multicast as the process that sends it holds it."""

    id: int
    cause: str
    messages: str
    retry_key: str
    aggregation_unit: str | None
    leased_by: str
    attempt_count: int
    unsure_since: datetime | None
    created_at: datetime
    line_user_ids: tuple[str, ...] = ()
    """Set by `settle_recipients`."""


def anything_due(holder: str) -> bool:
    """Whether a multicast can be leased; without a lock, so that an idle worker takes none."""
    now = database.stored(localtime.now())
    return database.execute(f"SELECT 1 {_FREE} LIMIT 1", now, holder).fetchone() is not None


def take_next(holder: str) -> LeasedMulticast | None:
    """Lease the oldest multicast that is due; None when there is none."""
    database.require_transaction()
    skip = "FOR UPDATE OF m SKIP LOCKED" if database.is_postgres() else ""
    found = database.execute(
        f"SELECT m.id {_FREE} ORDER BY m.id LIMIT 1 {skip}", database.stored(localtime.now()), holder
    ).fetchone()
    if found is None:
        return None
    row: Multicast = Multicast.get_by_id(found[0])
    if row.leased_by is not None:
        row.unsure_since = row.unsure_since or row.leased_at
    row.leased_by, row.leased_at = holder, localtime.machine_now()
    row.save(only=[Multicast.unsure_since, Multicast.leased_by, Multicast.leased_at])
    return LeasedMulticast(
        *(row.id, row.cause, row.messages, row.retry_key, row.aggregation_unit, holder),
        *(row.attempt_count, row.unsure_since, row.created_at),
    )


def settle_recipients(call: LeasedMulticast) -> None:
    """Set whom the call goes to. Before the first try those who have blocked the shop are left out; from then on the
    recipients stay as they are, since the retry key stands for the whole call."""
    database.require_transaction()
    mine = (OutboxMessage.multicast_id == call.id) & (OutboxMessage.state == IN_A_CALL)
    if call.unsure_since is None:
        gone = Conversation.select(Conversation.id).where(
            Conversation.blocked_at.is_null(False) | Conversation.line_user_id.is_null()
        )
        dropped = {"state": DROPPED, "line_answer": "blocked by the customer, or not on LINE"}
        OutboxMessage.update(dropped).where(mine, OutboxMessage.conversation.in_(gone)).execute()
    query: Any = (
        OutboxMessage.select(Conversation.line_user_id)
        .join(Conversation)
        .where(mine)
        .order_by(OutboxMessage.id)
    )
    call.line_user_ids = tuple(user_id for (user_id,) in query.tuples())


def record(call: LeasedMulticast, verdict: MulticastVerdict, answer: Answer) -> bool:
    """Record the outcome of a try. False when another process has declared this one dead and taken the call over: then
    the outcome is that process's to record, unless LINE has accepted the call here."""
    database.require_transaction()
    now = localtime.now()
    changed = database.execute(
        "UPDATE multicast SET state = ?, reason = ?, attempt_count = ?, unsure_since = ?, not_before = ?, "
        "leased_by = NULL, sent_at = ?, line_status = ?, line_answer = ?, request_id = ? "
        "WHERE id = ? AND state = 'due' AND (leased_by = ? OR ?)",
        *(verdict.state, verdict.reason, call.attempt_count, database.stored(verdict.unsure_since)),
        *(_later(verdict.wait), database.stored(now if verdict.state == SENT else None)),
        *(answer.status, storable(answer.text[:2000])),
        answer.request_id[:LONGEST_ID] if answer.request_id else None,
        *(call.id, call.leased_by, verdict.state == SENT),
    )
    if changed.rowcount != 1:
        return False
    if verdict.state == SPLIT:
        _split(call.id)
    elif verdict.state != DUE:
        _settle(Multicast.get_by_id(call.id))
    return True


def put_back(call: LeasedMulticast, wait: timedelta | None = None) -> None:
    """Release a multicast whose outcome is not recorded, for a later try."""
    database.execute(
        "UPDATE multicast SET leased_by = NULL, attempt_count = ?, not_before = ?, unsure_since = ? "
        "WHERE id = ? AND state = 'due' AND leased_by = ?",
        *(call.attempt_count, _later(wait), database.stored(call.unsure_since), call.id, call.leased_by),
    )


def replay(multicast_id: int) -> bool:
    """Give the recipients of a parked multicast back, to be decided anew and sent to in another call: they may have
    opted out meanwhile. False when there is no such parked multicast."""
    database.require_transaction()
    query = Multicast.update(state=DISSOLVED, reason=REPLAY).where(
        Multicast.id == multicast_id, Multicast.state == PARKED
    )
    if query.execute() != 1:
        return False
    _settle(Multicast.get_by_id(multicast_id))
    return True


def _later(wait: timedelta | None) -> Any:
    return database.stored(localtime.now() + wait if wait else None)


def _settle(row: Multicast) -> None:
    """Let the recipients' rows follow their multicast, and call those who wait for it."""
    answered = {
        "line_status": row.line_status,
        "request_id": row.request_id,
        "attempt_count": row.attempt_count,
    }
    said = answered | {"line_answer": row.line_answer}
    rows = OutboxMessage.multicast_id == row.id
    mine = rows & (OutboxMessage.state == IN_A_CALL)
    if row.state == SENT:
        OutboxMessage.update({"state": SENT, "sent_as": PUSH, "sent_at": row.sent_at} | said).where(
            mine
        ).execute()
    elif row.state == FAILED:
        OutboxMessage.update({"state": DROPPED} | said).where(mine).execute()
    elif row.state == PARKED:
        parked = {"state": PARKED, "unsure_since": row.unsure_since} | said
        OutboxMessage.update(parked).where(mine).execute()
    elif row.state == DISSOLVED:
        # Rows that may have reached somebody stay as they are, since the chat must show them.
        surely_not = OutboxMessage.unsure_since.is_null()
        OutboxMessage.update(state=DISSOLVED).where(rows, surely_not).execute()
    multicasts.report(row)


def _split(multicast_id: int) -> None:
    """Make two multicasts of one, with retry keys of their own. Recipients who get nothing go along with the first."""
    whole: Multicast = Multicast.get_by_id(multicast_id)
    rows = multicasts.recipients(multicast_id)
    waiting = [each.outbox_id for each in rows if each.state == IN_A_CALL]
    others = [each.outbox_id for each in rows if each.state != IN_A_CALL]
    middle = len(waiting) // 2
    for number, ids in enumerate((waiting[:middle] + others, waiting[middle:]), start=1):
        _part(whole, number, ids)


def _part(whole: Multicast, number: int, outbox_ids: Sequence[int]) -> None:
    part: Multicast = Multicast.create(
        cause=f"{whole.cause}/{number}",
        messages=whole.messages,
        retry_key=str(uuid.uuid4()),
        aggregation_unit=whole.aggregation_unit,
        created_at=whole.created_at,
    )
    fresh = {"multicast_id": part.id, "retry_key": part.retry_key}
    OutboxMessage.update(fresh).where(OutboxMessage.id.in_(list(outbox_ids))).execute()
