"""What the worker asks and reports about the calls of campaigns: whether one may be made now, and what became of it."""

from bot.line.multicast_delivery import DISSOLVED, DUE, PARKED, QUOTA
from bot.queue import multicasts
from bot.queue.multicasts import Multicast
from journeys.campaigns import campaigns, recipients
from journeys.campaigns.tables import SENDING
from journeys.sending.settings import may_push_now

CAUSE_PREFIX = "campaign:"


def may_send(cause: str) -> bool:
    """Whether the call of that cause may be made now: a campaign's not while it is stopped, and not in the quiet
    hours."""
    campaign_id = campaigns.id_in(cause)
    if campaign_id is None:
        return True
    campaign = campaigns.find(campaign_id)
    return campaign is not None and campaign.state == SENDING and may_push_now()


def settled(multicast: Multicast, state: str) -> None:
    """A campaign's call was sent, parked or reached nobody. When it reached nobody, its recipients wait again; when the
    month's messages are used up, or LINE refuses the message for all, the campaign is stopped."""
    campaign = campaigns.find(campaigns.id_in(multicast.cause) or 0)
    if campaign is None:
        return
    if state == DISSOLVED:
        if recipients.give_back(multicast.id):
            campaigns.reopen(campaign)
        if multicast.reason == QUOTA:
            campaigns.stop_by_itself(campaign, campaigns.QUOTA)
    elif state == PARKED:
        campaigns.stop_by_itself(campaign, campaigns.REFUSED)


def due_count() -> int:
    """How many calls of campaigns wait to be made."""
    mine = Multicast.cause.startswith(CAUSE_PREFIX)
    return int(Multicast.select().where(Multicast.state == DUE, mine).count())


def listen() -> None:
    """Have calls of campaigns reported here."""
    multicasts.on_settled(CAUSE_PREFIX, settled)
