"""What waits to be sent while sending is held after a restore, and what becomes of it when an owner lets it go.

What the backup already had in its queue may have been sent since; what was planned for a day that is over is out of
date; a reply whose token is no longer valid would be pushed and cost. All that is dropped. Campaigns under way are
stopped, and go on only by a person.
"""

from dataclasses import dataclass
from typing import Any

from bot import localtime
from bot.line.delivery import DROPPED, DUE, HELD, IN_A_CALL, REPLY
from bot.queue import sending_held
from bot.queue.multicasts import Multicast
from bot.queue.outbox import OutboxMessage
from bot.queue.outbox_rows import SHOWN
from bot.queue.sending_held import SendingHold
from journeys.campaigns import tables as campaigns
from journeys.campaigns.tables import Campaign
from journeys.sending import tables as planned
from journeys.sending.tables import PlannedMessage

RESTORED = "restored"
"""The reason of what was dropped because a backup was restored."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would be sent when sending goes on, and what would be dropped."""

    fresh_count: int
    stale_count: int
    planned_count: int
    overdue_count: int
    campaign_count: int


def outlook() -> Outlook:
    """What waits now; nothing of it is out of date while sending is not held."""
    held = sending_held.current()
    waiting = _waiting()
    count = OutboxMessage.select().where(waiting).count()
    stale = OutboxMessage.select().where(waiting & _is_stale(held)).count() if held else 0
    all_planned = PlannedMessage.select().where(PlannedMessage.state == planned.WAITING).count()
    overdue = PlannedMessage.select().where(_is_overdue(held)).count() if held else 0
    running = Campaign.select().where(_is_under_way(held)).count() if held else 0
    return Outlook(count - stale, stale, all_planned - overdue, overdue, running)


def release() -> bool:
    """Drop what is out of date and let sending go on, in the open transaction; False when it was not held."""
    held = sending_held.current()
    if held is None:
        return False
    now = localtime.now()
    dropped = {"state": DROPPED, "line_answer": RESTORED, "leased_by": None}
    OutboxMessage.update(dropped).where(_waiting() & _is_stale(held)).execute()
    Multicast.update(state="parked", reason=RESTORED).where(
        Multicast.state == DUE, Multicast.created_at <= held.data_from
    ).execute()
    PlannedMessage.update(state=planned.SKIPPED, reason=RESTORED, settled_at=now).where(
        _is_overdue(held)
    ).execute()
    Campaign.update(state=campaigns.STOPPED, reason=RESTORED, changed_at=now).where(
        _is_under_way(held)
    ).execute()
    return sending_held.end()


def _waiting() -> Any:
    return OutboxMessage.state.in_((DUE, HELD, IN_A_CALL)) & OutboxMessage.kind.in_(SHOWN)


def _is_stale(held: SendingHold) -> Any:
    """Written before the backup was made, or a reply whose token is not valid any more."""
    too_late = (OutboxMessage.kind == REPLY) & (
        OutboxMessage.reply_until.is_null() | (OutboxMessage.reply_until <= localtime.now())
    )
    return (OutboxMessage.created_at <= held.data_from) | too_late


def _is_overdue(held: SendingHold) -> Any:
    """Planned before the backup was made, for a time that is over."""
    over = (PlannedMessage.latest_at <= localtime.now()) & (PlannedMessage.created_at <= held.data_from)
    return (PlannedMessage.state == planned.WAITING) & over


def _is_under_way(held: SendingHold) -> Any:
    due = (Campaign.state == campaigns.SCHEDULED) & (Campaign.scheduled_at <= localtime.now())
    return ((Campaign.state == campaigns.SENDING) | due) & (Campaign.created_at <= held.data_from)
