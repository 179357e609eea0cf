"""Campaigns from a draft to their end: created, scheduled, stopped, gone on with, cancelled; and how far each is.

`freezing.py` fixes whom a campaign is for, `recipients.py` records what becomes of each; what is sent when is in
`handlers/campaign_jobs.py`. A campaign's row is locked before anything of it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from bot import localtime
from bot.db.database import execute, is_postgres, require_transaction
from journeys.campaigns import check, owner_notices, recipients
from journeys.campaigns.definition import CampaignDefinition, as_json
from journeys.campaigns.settings import late_after
from journeys.campaigns.tables import (
    CANCELLED,
    DONE,
    DRAFT,
    FAILED,
    HELD_OUT,
    IN_A_CALL,
    LATE,
    PLANNED,
    SCHEDULED,
    SENDING,
    SENT,
    SKIPPED,
    STOPPED,
    WAITING,
    Campaign,
    CampaignRecipient,
)
from journeys.flows import check_facts
from journeys.flows.fault import Fault, Severity

STAFF, QUOTA, REFUSED, OUTAGE = "staff", "quota", "refused", "outage"
"""Why a campaign is stopped or late."""
LONGEST_STOP = timedelta(days=3650)
"""Its planned messages do not expire while a campaign is stopped."""


class CannotBeSent(ValueError):
    """A campaign with these faults cannot be scheduled."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(each.sentence_en for each in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the frozen audience are in which state. The sum of the others is `audience`."""

    audience: int = 0
    waiting: int = 0
    in_a_call: int = 0
    """On their way to LINE."""
    planned: int = 0
    """They have a planned message of their own, which goes through the door of all unasked messages."""
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    held_out: int = 0

    @property
    def open_count(self) -> int:
        """Those of whom it is not settled yet what becomes of them."""
        return self.waiting + self.in_a_call + self.planned


def subject_of(campaign_id: int) -> str:
    """What a campaign is called in hold-out periods, units of LINE's sums and causes."""
    return f"campaign:{campaign_id}"


def cause_of(campaign_id: int, customer_id: int) -> str:
    """The cause of the campaign's message to that customer, and of what goes along with it."""
    return f"{subject_of(campaign_id)}:{customer_id}"


def click_key(campaign_id: int) -> str:
    """What a flow's event calls the campaign whose link was opened: `{ on = "click", flow = "campaign-3" }`."""
    return f"campaign-{campaign_id}"


def id_in(cause: str) -> int | None:
    """The campaign's id in a cause of its messages or calls; None where it is of something else."""
    kind, _, rest = cause.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind == "campaign" and number.isdecimal() else None


def find(campaign_id: int) -> Campaign | None:
    """The campaign with that id."""
    found: Campaign | None = Campaign.get_or_none(Campaign.id == campaign_id)
    return found


def newest(limit: int = 200, before_id: int | None = None) -> list[Campaign]:
    """Campaigns, newest first; with `before_id`, those older than that one."""
    query = Campaign.select().order_by(Campaign.id.desc()).limit(limit)
    return list(query if before_id is None else query.where(Campaign.id < before_id))


def running_ids() -> list[int]:
    """The campaigns that are scheduled or not over, by their time."""
    running = Campaign.select(Campaign.id).where(Campaign.state != DRAFT, Campaign.finished_at.is_null())
    return [row.id for row in running.order_by(Campaign.scheduled_at, Campaign.id)]


def definition_of(campaign: Campaign) -> CampaignDefinition:
    """What the campaign says, and whom it is for."""
    return CampaignDefinition.model_validate_json(campaign.definition)


def create(definition: CampaignDefinition, staff_id: int | None) -> Campaign:
    """Store a draft."""
    require_transaction()
    now = localtime.now()
    made: Campaign = Campaign.create(
        name=definition.name,
        definition=as_json(definition),
        created_at=now,
        created_by=staff_id,
        changed_at=now,
    )
    return made


def change(campaign: Campaign, definition: CampaignDefinition, at: datetime | None = None) -> bool:
    """Replace what a draft holds and the time it is meant for; False when it is no draft any more."""
    values = {"name": definition.name, "definition": as_json(definition), "scheduled_at": at}
    return _set(campaign, (DRAFT,), **values)


def discard(campaign: Campaign) -> bool:
    """Delete a draft; False when it is no draft any more."""
    require_transaction()
    mine = (Campaign.id == campaign.id) & (Campaign.state == DRAFT)
    return bool(Campaign.delete().where(mine).execute() == 1)


def schedule(campaign: Campaign, at: datetime | None) -> bool:
    """Have a draft sent at that time, None for at once; False when it is no draft any more. Raises CannotBeSent."""
    found = check.faults(definition_of(campaign), check_facts.current(), at)
    errors = [each for each in found if each.severity is Severity.ERROR]
    if errors:
        raise CannotBeSent(errors)
    return _set(campaign, (DRAFT,), state=SCHEDULED, scheduled_at=at or localtime.now(), reason="")


def unschedule(campaign: Campaign) -> bool:
    """Make a draft again of a campaign that has not begun, meant for the same time; False when it has begun."""
    not_begun = Campaign.started_at.is_null() & (Campaign.frozen_to_id == 0)
    changed = _set(campaign, (SCHEDULED, LATE), not_begun, state=DRAFT, reason="")
    if changed:
        owner_notices.take_down(campaign.id)
    return changed


def stop(campaign: Campaign, reason: str = STAFF) -> bool:
    """Stop it: nothing more is sent until it goes on, not what is planned already, either. False when it is
    neither scheduled nor on its way."""
    if not _set(campaign, (SCHEDULED, SENDING, LATE), state=STOPPED, reason=reason):
        return False
    recipients.move_planned(campaign.id, expires_at=localtime.now() + LONGEST_STOP)
    owner_notices.take_down(campaign.id)
    return True


def go_on(campaign: Campaign) -> bool:
    """Go on with a stopped campaign: those not reached yet get it from now on. False when it is not stopped."""
    return _resume(campaign, STOPPED)


def confirm_late(campaign: Campaign) -> bool:
    """A person says that the late campaign may still be sent. False when it is not late."""
    return _resume(campaign, LATE)


def cancel(campaign: Campaign) -> bool:
    """End it for good: whoever has not got it gets nothing. False when it is a draft or has ended."""
    if not _set(campaign, (SCHEDULED, SENDING, STOPPED, LATE), state=CANCELLED):
        return False
    recipients.move_planned(campaign.id, due_at=localtime.now())
    owner_notices.take_down(campaign.id)
    return True


def mark_late(campaign: Campaign) -> bool:
    """Have it ask before it goes on, because its time has passed without it; tells the owner."""
    if not _set(campaign, (SCHEDULED, SENDING), state=LATE, reason=OUTAGE):
        return False
    recipients.move_planned(campaign.id, expires_at=localtime.now() + LONGEST_STOP)
    owner_notices.late(campaign.id, campaign.name)
    return True


def stop_by_itself(campaign: Campaign, reason: str) -> bool:
    """Stop it because LINE takes no more, and tell the owner. False when it is not on its way."""
    if not stop(campaign, reason):
        return False
    owner_notices.stopped(campaign.id, campaign.name, reason)
    return True


def reopen(campaign: Campaign) -> None:
    """Recipients of a campaign that was done wait again, because a person repeats a call: it goes on."""
    _set(campaign, (DONE,), state=SENDING, reason="", finished_at=None, progress_at=localtime.now())


def record(campaign: Campaign, **columns: Any) -> None:
    """Store how far a campaign is that is locked; what a person decides is stored by the functions above."""
    require_transaction()
    Campaign.update(columns).where(Campaign.id == campaign.id).execute()
    _show(campaign, columns)


def progress(campaign: Campaign) -> Progress:
    """How far it is."""
    rows: Any = (
        CampaignRecipient.select(CampaignRecipient.state, fn.COUNT(CampaignRecipient.id))
        .where(CampaignRecipient.campaign == campaign.id)
        .group_by(CampaignRecipient.state)
        .tuples()
    )
    counts = {state: int(count) for state, count in rows}
    states = (WAITING, IN_A_CALL, PLANNED, SENT, SKIPPED, FAILED, HELD_OUT)
    return Progress(sum(counts.values()), *(counts.get(state, 0) for state in states))


def begins_at(campaign: Campaign) -> datetime | None:
    """When its first recipients get it: its time, or earlier where it has early access; never before it was
    scheduled. None for a draft."""
    if campaign.scheduled_at is None:
        return None
    early = timedelta(hours=definition_of(campaign).early_access_hours)
    earliest: datetime = max(campaign.scheduled_at - early, campaign.changed_at)
    return earliest


def is_silent(campaign: Campaign) -> bool:
    """Whether it has not got on for so long that it must ask first."""
    since = campaign.progress_at or begins_at(campaign)
    return since is not None and localtime.now() > since + late_after()


def expires_at(campaign: Campaign, definition: CampaignDefinition, send_at: datetime) -> datetime:
    """Until when a message to be sent then may be deferred. Going on after a stop begins the days anew."""
    counted_from: datetime = max(send_at, campaign.changed_at)
    return counted_from + timedelta(days=definition.defer_days)


def lock(campaign_id: int) -> Campaign | None:
    """The campaign, locked until the transaction ends; None when another process has it, or it is gone."""
    require_transaction()
    if is_postgres():
        sql = "SELECT id FROM campaign WHERE id = ? FOR UPDATE SKIP LOCKED"
        if execute(sql, campaign_id).fetchone() is None:
            return None
    return find(campaign_id)


def _resume(campaign: Campaign, state: str) -> bool:
    begun = campaign.started_at is not None
    now = localtime.now()
    moved = {"state": SENDING if begun else SCHEDULED, "reason": "", "progress_at": now if begun else None}
    if not _set(campaign, (state,), **moved):
        return False
    while recipients.take_back_held(campaign.id):
        pass  # what the used-up month held before is no reason to stop again
    recipients.move_planned(
        campaign.id, expires_at=expires_at(campaign, definition_of(campaign), now), due_at=now
    )
    owner_notices.take_down(campaign.id)
    return True


def _set(campaign: Campaign, states: Sequence[str], *conditions: Any, **columns: Any) -> bool:
    """Change the row if its state is one of those: of two people who press at once, only one succeeds."""
    require_transaction()
    columns["changed_at"] = localtime.now()
    mine = (Campaign.id == campaign.id) & Campaign.state.in_(list(states))
    if Campaign.update(columns).where(mine, *conditions).execute() != 1:
        return False
    _show(campaign, columns)
    return True


def _show(campaign: Campaign, columns: Mapping[str, Any]) -> None:
    """Have the row in hand show what was stored."""
    for name, value in columns.items():
        setattr(campaign, name, value)
