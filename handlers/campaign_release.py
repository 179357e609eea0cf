"""Asks of a campaign's next recipients whether each may get it now, and has those get it: with a call for hundreds, or
each with a planned message of their own.

The rules are those of every unasked message (`journeys/sending/limits.py`); their facts are read for all of them at
once. Each recipient's conversation is locked meanwhile, so that nothing is decided about the same customer beside it.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from bot import localtime
from bot.config import shop
from bot.line.multicast_delivery import MOST_RECIPIENTS
from bot.queue import inbox, multicasts
from bot.queue.inbox import NewEvent
from bot.routing import event_kinds
from handlers import campaign_messages, recipient_facts, replies
from journeys.campaigns import campaigns, recipients
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.freezing import PREMIUM
from journeys.campaigns.recipients import GIFT, PRIORITY, Taken
from journeys.campaigns.tables import SKIPPED, Campaign
from journeys.links import units
from journeys.sending import budget_state, limits, waiting
from journeys.sending.limits import NO_LONGER_APPLIES, Decision, Planned, SentLately, Verdict
from journeys.sending.message_kinds import MessageClass
from journeys.sending.settings import SendingRules
from rewards.ranks import stored_ranks

AT_ONCE = MOST_RECIPIENTS
WITH_GIFTS = 100
"""A coupon takes a dozen statements: fewer recipients then share a transaction, which others wait for."""


@dataclass(slots=True)
class _Sorted:
    """What becomes of the recipients of one chunk."""

    now: list[Taken] = field(default_factory=list)
    too_early: list[int] = field(default_factory=list)
    """They lost the rank for early access since the audience was frozen."""
    held: dict[tuple[str, datetime], list[int]] = field(default_factory=lambda: defaultdict(list))
    passed_over: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def release_chunk(campaign: Campaign) -> int:
    """Decide on the next recipients of a campaign that is locked; how many they were."""
    definition = campaigns.definition_of(campaign)
    taken = recipients.take(campaign.id, WITH_GIFTS if definition.has_gift else AT_ONCE)
    if not taken:
        return 0
    found = _sort(campaign, definition, taken)
    if found.now and definition.is_personal:
        _plan_at_once(campaign, definition, [each.id for each in found.now])
    elif found.now:
        _put_into_call(campaign, definition, found)
    for reason, ids in found.passed_over.items():
        recipients.settle(ids, SKIPPED, reason)
    if found.too_early and campaign.scheduled_at is not None:
        recipients.postpone(found.too_early, campaign.scheduled_at)
    for (reason, until), ids in found.held.items():
        expires_at = _expires_at(campaign, definition)
        recipients.plan(ids, definition, expires_at=expires_at, held_until=until, reason=reason)
    return len(taken)


def _sort(campaign: Campaign, definition: CampaignDefinition, taken: list[Taken]) -> _Sorted:
    found, ids = _Sorted(), [each.customer_id for each in taken]
    facts = recipient_facts.of_ids(ids)
    sent = waiting.sent_lately_to(ids)
    room = budget_state.room_for(MessageClass(definition.class_), PRIORITY)
    now, rules = localtime.local(localtime.now()), shop.get(SendingRules).limits()
    is_early = campaign.scheduled_at is not None and now < campaign.scheduled_at
    ranks = stored_ranks.ranks_of(ids) if is_early else {}
    for each in taken:
        if is_early and ranks.get(each.customer_id, 0) < PREMIUM:
            found.too_early.append(each.id)
            continue
        decision = limits.decide(
            _as_planned(campaign, definition, each),
            facts[each.customer_id],
            sent.get(each.customer_id, SentLately()),
            now,
            rules,
            reply_has_room=False,
            waits_for_budget=room is not None and len(found.now) >= room,
        )
        _put(found, each, decision, now)
    return found


def _put(found: _Sorted, each: Taken, decision: Decision, now: datetime) -> None:
    match decision.verdict:
        case Verdict.PUSH:
            found.now.append(each)
        case Verdict.HOLD:
            found.held[decision.reason, decision.until or now].append(each.id)
        case _:
            found.passed_over[decision.reason].append(each.id)


def _as_planned(campaign: Campaign, definition: CampaignDefinition, each: Taken) -> Planned:
    send_at = localtime.local(each.send_at)
    return Planned(
        MessageClass(definition.class_),
        send_at,
        send_at,
        campaigns.expires_at(campaign, definition, send_at),
        may_skip=definition.when_busy == "skip",
    )


def _expires_at(campaign: Campaign, definition: CampaignDefinition) -> datetime:
    return campaigns.expires_at(campaign, definition, campaign.scheduled_at or localtime.now())


def _plan_at_once(campaign: Campaign, definition: CampaignDefinition, ids: list[int]) -> None:
    """Give each a planned message of their own, and put its event into their conversation."""
    recipients.plan(ids, definition, expires_at=_expires_at(campaign, definition))
    now, kind = localtime.now(), event_kinds.MESSAGES_DUE
    body = f'{{"type": "{kind}"}}'
    inbox.store(
        [
            NewEvent(f"{kind}:{planned_id}:0", line_user_id, line_user_id, kind, body, now, now)
            for planned_id, line_user_id in recipients.due_events(ids)
        ]
    )


def _put_into_call(campaign: Campaign, definition: CampaignDefinition, found: _Sorted) -> None:
    """Send the same messages to all of them in one call, each with the coupon and the points of their own."""
    messages = campaign_messages.for_all(campaign, definition)
    if not messages:
        found.passed_over[NO_LONGER_APPLIES] += [each.id for each in found.now]
        return
    given = _give(campaign, definition, found) if definition.has_gift else found.now
    if not given:
        return
    subject = campaigns.subject_of(campaign.id)
    multicast_id = multicasts.create(
        [each.conversation_id for each in given],
        replies.lead_on(messages),
        cause=f"{subject}:call:{uuid.uuid4()}",
        aggregation_unit=units.unit_of(subject),
        once=subject,
    )
    recipients.put_into_call([each.id for each in given], definition, multicast_id)


def _give(campaign: Campaign, definition: CampaignDefinition, found: _Sorted) -> list[Taken]:
    """Those who got the coupon and the points; the others are passed over."""
    given = []
    for each in found.now:
        try:
            campaign_messages.give(
                definition, each.customer_id, campaigns.cause_of(campaign.id, each.customer_id)
            )
            given.append(each)
        except campaign_messages.CannotBeGiven:
            found.passed_over[GIFT].append(each.id)
    return given
