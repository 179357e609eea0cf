"""Computes rank, newest score and stage of many customers from the domains, in five statements.

The steps of flows ask for one customer (`flow_customer_facts.py`), the profiles for hundreds (`profile_jobs.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.orders import purchase_history
from customers.orders.purchase_history import OrderSums
from journeys.enrolments.stages import Stage, StageFacts, stage_of
from rewards.ranks import customer_rank, shown_testimonials, stored_ranks
from rewards.ranks.rules import Rank
from rewards.referrals import joining
from surveys.nps import answers
from surveys.nps.segments import Segment

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class CustomerNow:
    """What a customer is to the shop."""

    rank: Rank
    score: int | None
    """The newest; None without an answer."""
    segment: str | None
    stage: Stage
    order_count: int


def of_many(customer_ids: Sequence[int]) -> dict[int, CustomerNow]:
    """The customers as they are now. Raises ValueError for more than 500.

    The rank of those who were never reviewed is computed, in a statement each.
    """
    if len(customer_ids) > MOST_AT_ONCE:
        raise ValueError(f"at most {MOST_AT_ONCE} customers at once, not {len(customer_ids)}")
    ranks = stored_ranks.ranks_of(customer_ids)
    newest = answers.latest_of_many(customer_ids)
    orders = purchase_history.sums_of(customer_ids)
    joined = joining.joined_counts_of(customer_ids)
    writers = shown_testimonials.writers_among(customer_ids)
    found = {}
    for each in customer_ids:
        rank = ranks.get(each) or customer_rank.snapshot(each).rank
        score, segment = newest.get(each, (None, None))
        bought = orders.get(each, OrderSums())
        stage = stage_of(
            StageFacts(
                order_count=bought.order_count,
                first_order_yen=bought.first_order_yen,
                sales_yen=bought.sales_yen,
                bought_premium=bought.bought_premium,
                is_promoter=segment == Segment.PROMOTER,
                is_premium_rank=rank >= Rank.PREMIUM,
                friends_joined=joined.get(each, 0),
                has_testimonial=each in writers,
            )
        )
        found[each] = CustomerNow(rank, score, segment, stage, bought.order_count)
    return found
