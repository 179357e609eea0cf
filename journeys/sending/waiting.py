"""Queries of planned messages: what waits for whom, what has come due, and what each customer got lately."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, fn

from bot import localtime
from bot.db import database
from bot.db.database import as_moment, require_transaction, stored
from bot.db.value_lists import is_one_of
from bot.line.delivery import DUE, HELD, IN_A_CALL
from bot.queue.outbox import OutboxMessage
from journeys.sending import limits, planned
from journeys.sending.limits import Planned, SentLately
from journeys.sending.message_kinds import CLASS_RULES, KIND_RULES, Kind, MessageClass
from journeys.sending.tables import SENT, SKIP, WAITING, PlannedMessage

_ON_THE_WAY = (DUE, HELD, IN_A_CALL)
LONGEST_IN_OUTBOX = timedelta(days=40)
"""A message that LINE's quota held back goes out in the next month at the latest."""


def put_due_events(limit: int) -> int:
    """Put `messages.due` for up to so many rows whose time has come, one for each conversation, and move the
    rows on so that no other clock finds them; how many rows."""
    require_transaction()
    now = localtime.now()
    again_at = now + planned.DECIDE_AGAIN
    skip = "FOR UPDATE SKIP LOCKED" if database.is_postgres() else ""
    rows = database.execute(
        "UPDATE planned_message SET due_at = ? WHERE id IN (SELECT id FROM planned_message "  # noqa: S608 -- fixed SQL
        f"WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ? {skip}) "
        "RETURNING id, (SELECT line_user_id FROM conversation c WHERE c.id = planned_message.conversation_id)",
        *(stored(again_at), stored(now), limit),
    ).fetchall()
    first_ids: dict[str, int] = {}
    for row_id, line_user_id in sorted(rows):
        first_ids.setdefault(line_user_id, row_id)
    for line_user_id, row_id in first_ids.items():
        planned.put_due_event(line_user_id, f"{row_id}:{again_at.timestamp():.6f}")
    return len(rows)


def anything_due() -> bool:
    """Whether a row's time has come; without a lock."""
    due = (PlannedMessage.state == WAITING) & (PlannedMessage.due_at <= localtime.now())
    return bool(PlannedMessage.select().where(due).exists())


def waiting_in(conversation_id: int) -> list[PlannedMessage]:
    """The conversation's waiting rows, most important first, then oldest."""
    query = PlannedMessage.select().where(
        PlannedMessage.conversation == conversation_id, PlannedMessage.state == WAITING
    )
    return list(query.order_by(PlannedMessage.priority.desc(), PlannedMessage.id))


def by_cause(causes: Sequence[str]) -> dict[str, PlannedMessage]:
    """The planned messages with these causes, in whatever state."""
    return {row.cause: row for row in PlannedMessage.select().where(PlannedMessage.cause.in_(causes))}


def first_waiting(until: datetime, limit: int) -> dict[int, list[PlannedMessage]]:
    """The waiting rows of the conversations whose messages may go out before `until`, by conversation: those
    that are due first, of up to so many conversations."""
    begun = (PlannedMessage.state == WAITING) & (PlannedMessage.earliest_at < until)
    query: Any = (
        PlannedMessage.select(PlannedMessage.conversation)
        .where(begun)
        .group_by(PlannedMessage.conversation)
        .order_by(fn.MIN(PlannedMessage.due_at), PlannedMessage.conversation)
        .limit(limit)
        .tuples()
    )
    return {conversation_id: waiting_in(conversation_id) for (conversation_id,) in query}


def counts(until: datetime) -> list[tuple[str, str, int]]:
    """How many waiting rows may go out before `until`, by kind and by what held them last."""
    begun = (PlannedMessage.state == WAITING) & (PlannedMessage.earliest_at < until)
    query: Any = (
        PlannedMessage.select(PlannedMessage.kind, PlannedMessage.reason, fn.COUNT(PlannedMessage.id))
        .where(begun)
        .group_by(PlannedMessage.kind, PlannedMessage.reason)
        .order_by(PlannedMessage.kind, PlannedMessage.reason)
        .tuples()
    )
    return list(query)


def sent_count(since: datetime) -> int:
    """How many messages were sent since then."""
    sent = (PlannedMessage.state == SENT) & (PlannedMessage.settled_at >= since)
    return int(PlannedMessage.select().where(sent).count())


def sent_lately(customer_id: int) -> SentLately:
    """The calls of the last days that carried counted content to this customer, by when LINE took them. One that
    is still on its way, because LINE fails or the month's limit holds it, counts as made now: nothing counted
    goes beside it."""
    return sent_lately_to([customer_id]).get(customer_id, SentLately())


def sent_lately_to(customer_ids: Sequence[int]) -> dict[int, SentLately]:
    """The same of many customers, in one statement; without those who got nothing."""
    counted = [each for each, rules in CLASS_RULES.items() if rules.counts]
    now = localtime.now()
    since = now - limits.A_WEEK
    rows: Any = (
        PlannedMessage.select(
            PlannedMessage.customer,
            PlannedMessage.outbox_id,
            PlannedMessage.settled_at,
            PlannedMessage.message_class,
            OutboxMessage.state,
            OutboxMessage.sent_at,
        )
        .join(OutboxMessage, JOIN.LEFT_OUTER, on=(OutboxMessage.id == PlannedMessage.outbox_id))
        .where(
            is_one_of(PlannedMessage.customer, customer_ids),
            PlannedMessage.state == SENT,
            PlannedMessage.settled_at > now - LONGEST_IN_OUTBOX,
            PlannedMessage.message_class.in_(counted),
            (PlannedMessage.settled_at > since)
            | (OutboxMessage.sent_at > since)
            | OutboxMessage.state.in_(_ON_THE_WAY),
        )
        .tuples()
    )
    calls: dict[int, set[tuple[int, datetime]]] = defaultdict(set)
    selling: dict[int, set[datetime]] = defaultdict(set)
    for customer_id, outbox_id, settled_at, message_class, state, sent_at in rows:
        at = localtime.local(
            now if state in _ON_THE_WAY else as_moment(sent_at) or as_moment(settled_at) or now
        )
        calls[customer_id].add((outbox_id, at))
        if message_class == MessageClass.SELLING:
            selling[customer_id].add(at)
    return {
        customer_id: SentLately(tuple(at for _, at in theirs), tuple(selling[customer_id]))
        for customer_id, theirs in calls.items()
    }


def as_planned(row: PlannedMessage) -> Planned:
    """The row as the rules take it."""
    awake_for = KIND_RULES[Kind(row.kind)].awake_for
    return Planned(
        MessageClass(row.message_class),
        localtime.local(row.earliest_at),
        localtime.local(row.latest_at),
        localtime.local(row.expires_at) if row.expires_at else None,
        may_skip=row.when_busy == SKIP,
        awake_until=localtime.local(row.earliest_at + awake_for) if awake_for else None,
        although_resting=bool(json.loads(row.data).get("although_resting")),
    )
