"""Fixes whom a campaign is for when it begins: a row of each customer in the audience, with their side and time.

In chunks by customer id; each is a transaction that also moves `frozen_to_id`, so that whatever happens in between,
nobody is left out or taken twice. Later changes of customers change nothing here: they are asked about when it is sent.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import localtime
from bot.db.database import execute, stored
from bot.db.value_lists import among, as_list
from journeys.audience import selection
from journeys.audience.selection import Selected
from journeys.audience.tables import CustomerProfile
from journeys.campaigns import campaigns
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import HELD_OUT, SENDING, WAITING, Campaign
from journeys.flows.field_types import RANKS
from journeys.proof import assignment
from journeys.proof.assignment import BY_SHOP, Side

CHUNK = 2_000
"""Customers a transaction, which others wait for."""
PREMIUM = RANKS.index("premium") + 1
"""From this rank on there is early access."""


def freeze_chunk(campaign: Campaign) -> int:
    """Take the next customers of the audience into a campaign that is scheduled and locked; how many. At the audience's
    end the campaign begins to be sent, and the answer is 0."""
    definition, now = campaigns.definition_of(campaign), localtime.now()
    found = selection.ids_after(definition.audience, campaign.frozen_to_id, CHUNK)
    if not found:
        campaigns.record(campaign, state=SENDING, frozen_at=now, started_at=now, progress_at=now)
        return 0
    subject = campaigns.subject_of(campaign.id)
    sides = assignment.sides(subject, [each.customer_id for each in found], definition.holdout_percent)
    _insert(campaign, found, sides, _send_times(campaign, definition, found), now)
    campaigns.record(campaign, frozen_to_id=found[-1].customer_id, progress_at=now)
    return len(found)


def _send_times(
    campaign: Campaign, definition: CampaignDefinition, found: Sequence[Selected]
) -> dict[int, datetime]:
    """When each gets it, where that is not the campaign's time: those with early access."""
    if not definition.early_access_hours or campaign.scheduled_at is None:
        return {}
    early_at = campaign.scheduled_at - timedelta(hours=definition.early_access_hours)
    profiles: Any = CustomerProfile.select(CustomerProfile.customer).where(
        CustomerProfile.customer.between(found[0].customer_id, found[-1].customer_id),
        CustomerProfile.rank >= PREMIUM,
    )
    return {customer_id: early_at for (customer_id,) in profiles.tuples()}


def _insert(
    campaign: Campaign,
    found: Sequence[Selected],
    sides: dict[int, Side],
    send_times: dict[int, datetime],
    now: datetime,
) -> None:
    alike: dict[tuple[Side, datetime | None], list[int]] = defaultdict(list)
    for customer_id, _ in found:
        alike[sides[customer_id], send_times.get(customer_id, campaign.scheduled_at)].append(customer_id)
    for (side, send_at), ids in alike.items():
        execute(
            "INSERT INTO campaign_recipient "  # noqa: S608 -- fixed SQL
            "(campaign_id, customer_id, conversation_id, state, reason, send_at, settled_at) "
            f"SELECT ?, id, conversation_id, ?, ?, ?, ? FROM customer WHERE {among('id')} ON CONFLICT DO NOTHING",
            *(campaign.id, HELD_OUT if side.is_held_out else WAITING, BY_SHOP if side.by_shop else ""),
            *(stored(send_at), stored(now) if side.is_held_out else None, as_list(ids)),
        )
