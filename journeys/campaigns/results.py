"""What a campaign brought: delivered, clicked, bought, yen, and the comparison of those who got it with those held out.

What followed a message need not be its effect; the comparison says that (`journeys/proof/`).
"""

from dataclasses import dataclass, replace
from typing import Any

import peewee

from bot.db.database import execute
from bot.db.shifted_moments import days_after
from customers.orders.purchases import is_purchase_sql
from journeys.campaigns import campaigns
from journeys.campaigns.tables import HELD_OUT, Campaign, CampaignRecipient
from journeys.links import insight, shared_links
from journeys.links.insight import Sums
from journeys.proof import periods, results
from journeys.proof.assignment import BY_SHOP
from journeys.proof.results import Result
from journeys.sending.settings import push_cost_yen


@dataclass(frozen=True, slots=True)
class Results:
    """The figures of a campaign until now."""

    delivered_count: int
    """Recipients whose message LINE accepted."""
    push_count: int
    """Of those, the ones that cost something."""
    cost_yen: int
    clicked_count: int
    """Recipients who opened a link of their own; where all got the same text it is not known who did."""
    shared_click_count: int
    """How often links that all recipients share were opened."""
    line_sums: Sums | None
    """LINE's own sums of openings and clicks; None while no push carried the campaign's unit."""
    buyer_count: int
    """Recipients who ordered within the campaign's days after they got it."""
    order_count: int
    order_yen: int
    """Sales of these orders, less refunds."""


def of(campaign: Campaign) -> Results:
    """The figures of what was delivered so far."""
    days = campaigns.definition_of(campaign).outcome_days
    delivered, pushed = execute(
        f"SELECT COUNT(*), COALESCE(SUM(CASE WHEN o.sent_as = 'push' AND p.carries_cost THEN 1 ELSE 0 END), 0) {_SENT}",
        campaign.id,
    ).fetchone()
    (clicked,) = execute(
        "SELECT COUNT(DISTINCT l.customer_id) FROM campaign_recipient r JOIN planned_message p ON p.id = r.planned_id "
        "JOIN short_link l ON l.customer_id = r.customer_id AND l.cause = p.cause "
        "JOIN link_click k ON k.link_id = l.id WHERE r.campaign_id = ?",
        campaign.id,
    ).fetchone()
    buyers, orders, yen = execute(
        "SELECT COUNT(DISTINCT b.customer_id), COUNT(b.id), COALESCE(SUM(b.total_yen - b.refunded_yen), 0) "
        f"{_SENT.replace('WHERE', _BOUGHT + 'WHERE')} AND b.ordered_at <= {days_after('o.sent_at', days)}",
        campaign.id,
    ).fetchone()
    subject = campaigns.subject_of(campaign.id)
    return Results(
        int(delivered),
        int(pushed),
        int(pushed) * push_cost_yen(),
        int(clicked),
        shared_links.count(subject),
        insight.sums_of_subject(subject),
        int(buyers),
        int(orders),
        int(yen),
    )


def effect(campaign: Campaign) -> Result | None:
    """Those who got it or were to, against those held out by the campaign; without those whom the shop-wide hold-out
    withheld it from. None where nobody is held out, or the audience is not frozen yet."""
    history = periods.history(campaigns.subject_of(campaign.id))
    if not history or history[-1].percent == 0:
        return None
    period, days = history[-1], campaigns.definition_of(campaign).outcome_days
    found = results.count(_assigned(campaign), period.percent, period.started_at, days)
    return replace(found, per_month=0, is_closed=True)


def _assigned(campaign: Campaign) -> Any:
    """Each recipient with the time from which their orders count. Those passed over stay on their side."""
    is_held_out = peewee.Case(None, [(CampaignRecipient.state == HELD_OUT, True)], False)
    return CampaignRecipient.select(
        CampaignRecipient.customer.alias("customer_id"),
        CampaignRecipient.send_at.alias("assigned_at"),
        is_held_out.alias("is_held_out"),
    ).where(CampaignRecipient.campaign == campaign.id, CampaignRecipient.reason != BY_SHOP)


_SENT = (
    "FROM campaign_recipient r JOIN planned_message p ON p.id = r.planned_id "
    "JOIN outbox_message o ON o.id = p.outbox_id WHERE r.campaign_id = ? AND o.state = 'sent'"
)
_BOUGHT = f"JOIN purchase b ON b.customer_id = r.customer_id AND {is_purchase_sql('b')} AND b.ordered_at > o.sent_at "
