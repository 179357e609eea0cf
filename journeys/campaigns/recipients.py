"""Takes the next recipients of a campaign and records what becomes of each, for hundreds at once in a few statements.

A recipient's message is a planned message in any case: of their own, which goes through the door of all unasked
messages, or one that was sent with a call (`bot/queue/multicasts.py`); so limits, costs and traces know it. Nobody who
is passed over gets a line in the record of journeys: their state says it. Whether somebody may get it is asked in
`handlers/campaign_release.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import localtime
from bot.db.database import as_moment, execute, is_postgres, stored
from bot.db.value_lists import among, as_list, is_one_of
from bot.line.delivery import DROPPED, HELD
from bot.line.delivery import SENT as DELIVERED
from bot.queue.outbox import OutboxMessage
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import (
    FAILED,
    IN_A_CALL,
    PLANNED,
    SENT,
    SKIPPED,
    WAITING,
    CampaignRecipient,
)
from journeys.sending import limits
from journeys.sending.message_kinds import KIND_RULES, Kind
from journeys.sending.planned import DECIDE_AGAIN
from journeys.sending.tables import SENT as LEFT
from journeys.sending.tables import PlannedMessage

PRIORITY = KIND_RULES[Kind.CAMPAIGN].priority
CANCELLED, REFUSED, GIFT = "cancelled", "refused", "gift"
"""Reasons beside those of `limits.py`: the campaign was cancelled; LINE refused it for this customer; the coupon or the
points that go along could not be given."""
FOLLOWED_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A recipient who waits, and whose conversation this transaction has locked."""

    id: int
    customer_id: int
    conversation_id: int
    send_at: datetime


def take(campaign_id: int, limit: int) -> list[Taken]:
    """The next recipients whose time has come. Whoever's event is being handled just now comes later."""
    lock = "FOR NO KEY UPDATE OF c SKIP LOCKED" if is_postgres() else ""
    found = execute(
        "SELECT r.id, r.customer_id, r.conversation_id, r.send_at FROM campaign_recipient r "  # noqa: S608 -- fixed SQL
        "JOIN conversation c ON c.id = r.conversation_id WHERE r.campaign_id = ? AND r.state = 'waiting' "
        f"AND r.send_at <= ? ORDER BY r.send_at, r.id LIMIT ? {lock}",
        *(campaign_id, stored(localtime.now()), limit),
    ).fetchall()
    return [Taken(row[0], row[1], row[2], as_moment(row[3]) or localtime.now()) for row in found]


def settle(ids: Sequence[int], state: str, reason: str = "") -> None:
    """Record that this became of them, for good."""
    _set(ids, state=state, reason=reason, settled_at=localtime.now())


def postpone(ids: Sequence[int], send_at: datetime) -> None:
    """Have them wait until then."""
    _set(ids, send_at=send_at)


def plan(
    ids: Sequence[int],
    definition: CampaignDefinition,
    *,
    expires_at: datetime,
    held_until: datetime | None = None,
    reason: str = "",
) -> None:
    """Give each a planned message of their own, decided on again at `held_until`; None: at once, in an event that the
    caller puts (`due_events`)."""
    now = localtime.now()
    due_at = held_until or now + DECIDE_AGAIN
    execute(
        f"INSERT INTO planned_message ({_COLUMNS}, expires_at, due_at, state, reason, carries_cost) "  # noqa: S608 -- fixed SQL
        f"SELECT {_VALUES}, ?, ?, 'waiting', ?, ? FROM campaign_recipient r "
        f"WHERE {_these('r.id')} ON CONFLICT DO NOTHING",
        *_values(definition, now),
        *(stored(expires_at), stored(due_at), reason, False, *_values_of(ids)),
    )
    _point_at_planned(ids, PLANNED, reason)


def put_into_call(ids: Sequence[int], definition: CampaignDefinition, multicast_id: int) -> None:
    """Record that they get it with that call: each a planned message that was sent with their row of the outbox."""
    now = localtime.now()
    execute(
        f"INSERT INTO planned_message ({_COLUMNS}, due_at, state, reason, settled_at, outbox_id, carries_cost) "  # noqa: S608 -- fixed SQL
        f"SELECT {_VALUES}, ?, '{LEFT}', '', ?, o.id, ? FROM campaign_recipient r "
        "JOIN outbox_message o ON o.conversation_id = r.conversation_id AND o.multicast_id = ? "
        f"WHERE {_these('r.id')}",
        *_values(definition, now),
        *(stored(now), stored(now), True, multicast_id, *_values_of(ids)),
    )
    _point_at_planned(ids, IN_A_CALL, "")


def due_events(ids: Sequence[int]) -> list[tuple[int, str]]:
    """The planned message and the LINE user of each who has one now."""
    found = execute(
        "SELECT r.planned_id, c.line_user_id FROM campaign_recipient r "  # noqa: S608 -- fixed SQL
        f"JOIN conversation c ON c.id = r.conversation_id WHERE {_these('r.id')} AND r.planned_id IS NOT NULL",
        *_values_of(ids),
    ).fetchall()
    return [(planned_id, line_user_id) for planned_id, line_user_id in found]


def planned_settled(row: PlannedMessage) -> None:
    """A planned message of a campaign left for LINE, was skipped or given up: the recipient's state follows."""
    mine = (CampaignRecipient.planned_id == row.id) & (CampaignRecipient.customer == row.customer_id)
    changes: dict[str, Any]
    if row.state == LEFT:
        changes = {"state": IN_A_CALL, "reason": "", "settled_at": None}
    else:
        state = FAILED if row.reason == limits.ERROR else SKIPPED
        changes = {"state": state, "reason": row.reason, "settled_at": localtime.now()}
    CampaignRecipient.update(changes).where(mine, CampaignRecipient.state == PLANNED).execute()


def give_back(multicast_id: int) -> int:
    """Have the recipients of a call that reached nobody wait again; how many."""
    mine = "(SELECT p.id FROM planned_message p JOIN outbox_message o ON o.id = p.outbox_id WHERE o.multicast_id = ?)"
    changed = execute(
        "UPDATE campaign_recipient SET state = 'waiting', reason = '', planned_id = NULL, settled_at = NULL "  # noqa: S608 -- fixed SQL
        f"WHERE state IN ('in-a-call', 'failed') AND planned_id IN {mine}",
        multicast_id,
    ).rowcount
    execute(f"DELETE FROM planned_message WHERE id IN {mine}", multicast_id)  # noqa: S608 -- fixed SQL
    return int(changed)


def follow_calls(campaign_id: int) -> int:
    """Settle those whose message LINE has accepted or refused; how many."""
    found = execute(
        f"SELECT r.id, o.state, o.line_status {_IN_A_CALL} AND o.state IN ('sent', 'parked', 'dropped') LIMIT ?",
        *(campaign_id, FOLLOWED_AT_ONCE),
    ).fetchall()
    settled: dict[tuple[str, str], list[int]] = {}
    for row_id, state, line_status in found:
        settled.setdefault(_outcome(state, line_status), []).append(row_id)
    for (state, reason), ids in settled.items():
        settle(ids, state, reason)
    return len(found)


def take_back_held(campaign_id: int) -> int:
    """Have those wait again whose own message LINE did not take because the month's limit is reached; how many. A
    message that may have arrived, or that shares its call with others, stays where it is."""
    found = execute(
        f"SELECT r.id, p.id, o.id {_IN_A_CALL} AND o.state = 'held' AND o.unsure_since IS NULL AND NOT EXISTS "  # noqa: S608 -- fixed SQL
        "(SELECT 1 FROM planned_message q WHERE q.outbox_id = o.id AND q.id <> p.id) LIMIT ?",
        *(campaign_id, FOLLOWED_AT_ONCE),
    ).fetchall()
    return sum(_take_back(*ids) for ids in found)


def _take_back(recipient_id: int, planned_id: int, outbox_id: int) -> int:
    still_held = (OutboxMessage.id == outbox_id) & (OutboxMessage.state == HELD)
    dropped = {"state": DROPPED, "line_answer": "taken back: its campaign is stopped"}
    if OutboxMessage.update(dropped).where(still_held).execute() != 1:
        return 0
    fresh: dict[str, Any] = {"state": WAITING, "outbox_id": None, "settled_at": None, "carries_cost": False}
    fresh |= {"due_at": localtime.now() + DECIDE_AGAIN}
    PlannedMessage.update(fresh).where(PlannedMessage.id == planned_id).execute()
    _set([recipient_id], state=PLANNED)
    return 1


_IN_A_CALL = (
    "FROM campaign_recipient r JOIN planned_message p ON p.id = r.planned_id "
    "JOIN outbox_message o ON o.id = p.outbox_id WHERE r.campaign_id = ? AND r.state = 'in-a-call'"
)


def move_planned(campaign_id: int, **moments: datetime) -> None:
    """Set these columns of the campaign's planned messages that still wait."""
    names = ", ".join(f"{name} = ?" for name in moments)
    execute(
        f"UPDATE planned_message SET {names} WHERE state = 'waiting' AND kind = ? AND id IN "  # noqa: S608 -- fixed names
        "(SELECT planned_id FROM campaign_recipient WHERE campaign_id = ? AND state = 'planned')",
        *(stored(each) for each in moments.values()),
        str(Kind.CAMPAIGN),
        campaign_id,
    )


def anything_overdue(campaign_id: int, since: datetime) -> bool:
    """Whether somebody should have got it, or been decided on, since then and was not."""
    return any(execute(sql, campaign_id, stored(since)).fetchone() is not None for sql in _OVERDUE)


_OVERDUE = (
    "SELECT 1 FROM campaign_recipient WHERE campaign_id = ? AND state = 'waiting' AND send_at <= ? LIMIT 1",
    "SELECT 1 FROM campaign_recipient r JOIN planned_message p ON p.id = r.planned_id "
    "WHERE r.campaign_id = ? AND r.state = 'planned' AND p.state = 'waiting' "
    "AND (p.due_at <= ? OR p.reason = 'late') LIMIT 1",
)


def skip_waiting(campaign_id: int, reason: str) -> int:
    """Settle all who wait as skipped; how many."""
    mine = (CampaignRecipient.campaign == campaign_id) & (CampaignRecipient.state == WAITING)
    changed = CampaignRecipient.update(state=SKIPPED, reason=reason, settled_at=localtime.now()).where(mine)
    return int(changed.execute())


def anybody_open(campaign_id: int) -> bool:
    """Whether of somebody it is not settled what becomes of them."""
    mine = CampaignRecipient.campaign == campaign_id
    still = CampaignRecipient.state.in_((WAITING, IN_A_CALL, PLANNED))
    return bool(CampaignRecipient.select().where(mine, still).exists())


def _outcome(outbox_state: str, line_status: int | None) -> tuple[str, str]:
    if outbox_state == DELIVERED:
        return SENT, ""
    if outbox_state == DROPPED and line_status is None:
        return SKIPPED, limits.BLOCKED
    return FAILED, REFUSED


_COLUMNS = (
    "customer_id, conversation_id, kind, message_class, priority, cause, messages, data, when_busy, created_at, "
    "earliest_at, latest_at"
)
_CAUSE = "'campaign:' || r.campaign_id || ':' || r.customer_id"
_VALUES = (
    f"r.customer_id, r.conversation_id, '{Kind.CAMPAIGN}', ?, ?, {_CAUSE}, '[]', '{{}}', ?, ?, "
    "r.send_at, r.send_at"
)


def _values(definition: CampaignDefinition, now: datetime) -> tuple[Any, ...]:
    return definition.class_, PRIORITY, definition.when_busy, stored(now)


def _point_at_planned(ids: Sequence[int], state: str, reason: str) -> None:
    execute(
        "UPDATE campaign_recipient SET state = ?, reason = ?, planned_id = (SELECT p.id FROM planned_message p "  # noqa: S608 -- fixed SQL
        "WHERE p.cause = 'campaign:' || campaign_recipient.campaign_id || ':' || campaign_recipient.customer_id) "
        f"WHERE {_these('id')}",
        *(state, reason, *_values_of(ids)),
    )


def _these(column: str) -> str:
    """Fixed SQL: whether a recipient's id is among some, whose values are `_values_of`. They are near each other, and
    without the bounds PostgreSQL reads all recipients of the shop for five hundred."""
    return f"{among(column)} AND {column} BETWEEN ? AND ?"


def _values_of(ids: Sequence[int]) -> tuple[Any, ...]:
    return as_list(ids), min(ids, default=0), max(ids, default=0)


def _set(ids: Sequence[int], **columns: Any) -> None:
    near = CampaignRecipient.id.between(min(ids, default=0), max(ids, default=0))
    CampaignRecipient.update(columns).where(is_one_of(CampaignRecipient.id, ids), near).execute()
