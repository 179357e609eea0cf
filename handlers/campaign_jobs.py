"""The clock's job for campaigns: begins those whose time has come, sends them chunk by chunk, asks first when one is
late, and ends them. Two clocks never work on the same campaign at once: its row is locked.

Whom a chunk goes to is decided in `campaign_release.py`; the calls to LINE are the worker's.
"""

import time

from bot import localtime
from bot.db.database import write_transaction
from bot.db.workloads import background_work, tidy_log
from bot.queue import inbox
from bot.worker import heartbeat
from handlers import budget_jobs, campaign_calls, campaign_release
from journeys.campaigns import campaigns, freezing, recipients
from journeys.campaigns.settings import late_after
from journeys.campaigns.tables import CANCELLED, DONE, SCHEDULED, SENDING, Campaign
from journeys.sending.limits import QUIET_HOURS
from journeys.sending.settings import may_push_now

MOST_SECONDS = 4.0
"""So long one run works on one campaign, so that other jobs and campaigns have their turn."""
MOST_CALLS_AHEAD = 40
"""So many calls at most wait to be made: a call that is not made in time is given up, since customers may opt out
meanwhile."""
MOST_PENDING = 1_000
"""With so many events in the inbox no more are put: customers who write come first."""


def run_campaigns() -> int:
    """Let every campaign that is not over get on; how many recipients were taken in or decided on."""
    ids = campaigns.running_ids()
    if not ids:
        return 0
    # A chunk that a power cut undoes is done again: the worker's commit before a call of LINE, which waits for the
    # disk, makes all before it durable as well.
    with background_work():
        count = sum(_run(each) for each in ids)
    tidy_log()
    return count


def _run(campaign_id: int) -> int:
    count, until = 0, time.monotonic() + MOST_SECONDS
    while time.monotonic() < until:
        with write_transaction():
            campaign = campaigns.lock(campaign_id)
            has_begun = campaign is not None and campaign.started_at is not None
            done = _step(campaign) if campaign is not None else 0
        if campaign is not None and campaign.started_at is not None and not has_begun:
            budget_jobs.compute_now()  # so that nothing worth more loses its room to it
        count += done
        if not done:
            break
    return count


def _step(campaign: Campaign) -> int:
    """The next thing to do for it; how many recipients that concerned, 0 when there is nothing left to do now."""
    if campaign.state == SCHEDULED:
        return _begin(campaign)
    count, held_count = recipients.follow_calls(campaign.id), recipients.take_back_held(campaign.id)
    if campaign.state == SENDING and held_count:
        campaigns.stop_by_itself(campaign, campaigns.QUOTA)
    if campaign.state == SENDING:
        return count + _send(campaign)
    if campaign.state == CANCELLED:
        count += recipients.skip_waiting(campaign.id, recipients.CANCELLED)
        if not recipients.anybody_open(campaign.id):
            campaigns.record(campaign, finished_at=localtime.now())
    return count


def _begin(campaign: Campaign) -> int:
    """Take the next customers of its audience in, once its time has come."""
    begins_at = campaigns.begins_at(campaign)
    if begins_at is None or begins_at > localtime.now():
        return 0
    if campaigns.is_silent(campaign) or _is_of_a_backup(campaign):
        campaigns.mark_late(campaign)
        return 0
    return freezing.freeze_chunk(campaign) or 1


def _is_of_a_backup(campaign: Campaign) -> bool:
    """Whether the clock, which begins it, was last seen long ago and after the campaign was scheduled: its time came
    meanwhile. After an outage that is known by its delay; but of a backup that was restored since, nobody can say
    whether the campaign was sent, however short the delay is."""
    seen = heartbeat.last_beat("clock")
    if seen is None or localtime.machine_now() - seen.seen_at <= late_after():
        return False
    return bool(campaign.changed_at <= seen.shop_time_at)


def _send(campaign: Campaign) -> int:
    """Decide on the next recipients; nothing in the quiet hours, where they are to get it later."""
    if campaigns.is_silent(campaign) and recipients.anything_overdue(
        campaign.id, localtime.now() - late_after()
    ):
        campaigns.mark_late(campaign)
        return 0
    rests = not may_push_now() and campaigns.definition_of(campaign).when_busy == "defer"
    campaigns.record(campaign, progress_at=localtime.now(), reason=QUIET_HOURS if rests else "")
    if not rests and _has_room():
        count = campaign_release.release_chunk(campaign)
        if count:
            return count
    if not recipients.anybody_open(campaign.id):
        campaigns.record(campaign, state=DONE, finished_at=localtime.now())
    return 0


def _has_room() -> bool:
    return inbox.pending_count(MOST_PENDING) < MOST_PENDING and campaign_calls.due_count() < MOST_CALLS_AHEAD
