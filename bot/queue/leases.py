"""Leases rows of the outbox to the processes that send them, and records each try.

A row is leased by one process until its outcome is recorded or that process is dead
(`bot/worker/worker_processes.py`). A message is not leased while an earlier one of its conversation is free
or another process's, so that none overtakes another. Held and parked rows hold nothing back, since they may
wait for weeks.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from bot import localtime
from bot.db import database
from bot.line.channels import MAIN
from bot.line.delivery import DUE, REPLY, SENT, Answer, DeliveryVerdict, Doubt, after_crash
from bot.queue.outbox import CONTENT, OutboxMessage, OutboxRow
from bot.text.cleaning import LONGEST_ID, storable

_FREE = (
    "FROM outbox_message o WHERE o.state = 'due' "
    "AND (o.leased_by IS NULL OR (o.leased_by <> ? AND NOT EXISTS "
    "(SELECT 1 FROM worker_process p WHERE p.key = o.leased_by))) "
    "AND (o.kind <> 'content' OR o.not_before IS NULL OR o.not_before <= ?) "
    "AND (o.kind NOT IN ('reply', 'push') OR NOT EXISTS (SELECT 1 FROM outbox_message e "
    "JOIN worker_process p ON p.key = e.leased_by WHERE e.conversation_id = o.conversation_id AND e.state = 'due' "
    "AND e.kind IN ('reply', 'push') AND e.id < o.id AND e.leased_by <> ?))"
)
"""Due, leased by no running process, and behind no earlier message of its conversation that another process
sends."""


def anything_to_take_over(holder: str) -> bool:
    """Whether a row can be leased; without a lock, so that an idle worker takes none."""
    return database.execute(f"SELECT 1 {_FREE} LIMIT 1", *_free_for(holder)).fetchone() is not None


def take_over(holder: str, limit: int = 100) -> list[OutboxRow]:
    """Lease what is due and free: released, written by a process that sends nothing, or left by one that
    died, which may have called LINE."""
    database.require_transaction()
    # Of two processes at once, the second must see which conversations the first has taken.
    database.advisory_lock("outbox")
    skip = "FOR UPDATE OF o SKIP LOCKED" if database.is_postgres() else ""
    found = database.execute(f"SELECT o.id {_FREE} ORDER BY o.id LIMIT ? {skip}", *_free_for(holder), limit)
    ids = [row_id for (row_id,) in found.fetchall()]
    if not ids:
        return []
    rows: list[OutboxMessage] = list(
        OutboxMessage.select().where(OutboxMessage.id.in_(ids)).order_by(OutboxMessage.id)
    )
    for row in rows:
        if row.leased_by is not None:
            doubt = after_crash(row.doubt, has_token=row.kind == REPLY, taken_at=row.leased_at)
            row.in_doubt, row.unsure_since = doubt.reply_unsure, doubt.push_unsure_since
            row.save(only=[OutboxMessage.in_doubt, OutboxMessage.unsure_since])
    lease = {"leased_by": holder, "leased_at": localtime.machine_now()}
    OutboxMessage.update(lease).where(OutboxMessage.id.in_(ids)).execute()
    return [_outbox_row(row, holder) for row in rows]


def _outbox_row(row: Any, holder: str) -> OutboxRow:
    return OutboxRow(
        *(row.id, row.conversation_id, row.kind, row.messages, row.cause, row.reply_token, row.reply_until),
        *(
            row.retry_key,
            holder,
            row.aggregation_unit,
            row.by_day_only,
            row.channel,
            row.attempt_count,
            row.doubt,
        ),
    )


def _free_for(holder: str) -> tuple[Any, ...]:
    return holder, database.stored(localtime.now()), holder


def put_back(rows: Sequence[OutboxRow]) -> None:
    """Release rows that this process did not try, for the next one."""
    for start in range(0, len(rows), 500):
        ids = [row.id for row in rows[start : start + 500]]
        mine = OutboxMessage.leased_by == rows[start].leased_by
        OutboxMessage.update(leased_by=None).where(OutboxMessage.id.in_(ids), mine).execute()


def written(rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    """Those of these rows whose lease was committed, after a commit that was not confirmed."""
    ids, holders = [row.id for row in rows], {row.leased_by for row in rows}
    query: Any = OutboxMessage.select(OutboxMessage.retry_key).where(OutboxMessage.id.in_(ids))
    known = {key for (key,) in query.where(OutboxMessage.leased_by.in_(holders)).tuples()}
    return [row for row in rows if row.retry_key in known]


def remember_refused_token(row: OutboxRow) -> None:
    """Store that LINE refused the reply token, before the push that follows: after a crash in between, the
    reply must not count as possibly delivered."""
    database.execute("UPDATE outbox_message SET token_refused = ? WHERE id = ?", True, row.id)


def move_to_main(row: OutboxRow) -> None:
    """Have a message of the second account go from the main one: a push with a retry key of its own, stored
    before it is made. Nothing is unknown of it, since the second account's calls reached nobody."""
    row.channel, row.retry_key = MAIN, str(uuid.uuid4())
    row.doubt, row.has_unwritten_refusal = Doubt(token_refused=True), False
    database.execute(
        "UPDATE outbox_message SET channel = ?, retry_key = ?, token_refused = ?, in_doubt = ?, unsure_since = NULL "
        "WHERE id = ?",
        *(row.channel, row.retry_key, True, False, row.id),
    )


def record(row: OutboxRow, verdict: DeliveryVerdict, answer: Answer) -> None:
    """Record the outcome of a try. When another process has declared this one dead and taken the row over,
    the outcome is that process's to record, unless LINE has accepted the message here.

    A message that is to be tried again stays leased, in its chat's order.
    """
    now, doubt = localtime.now(), verdict.doubt
    lease = row.leased_by if verdict.state == DUE and row.kind != CONTENT else None
    database.execute(
        "UPDATE outbox_message SET state = ?, attempt_count = ?, in_doubt = ?, token_refused = ?, unsure_since = ?, "
        "not_before = ?, leased_by = ?, sent_as = ?, sent_at = ?, line_status = ?, line_answer = ?, request_id = ? "
        "WHERE id = ? AND state = 'due' AND (leased_by = ? OR ?)",
        *(verdict.state, row.attempt_count, doubt.reply_unsure, doubt.token_refused),
        database.stored(doubt.push_unsure_since),
        *(database.stored(now + verdict.wait if verdict.wait else None), lease),
        *(verdict.sent_as, database.stored(now if verdict.state == SENT else None)),
        *(answer.status, storable(answer.text[:2000])),
        answer.request_id[:LONGEST_ID] if answer.request_id else None,
        *(row.id, row.leased_by, verdict.state == SENT),
    )
