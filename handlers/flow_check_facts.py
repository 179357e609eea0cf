"""Collects what the check of a flow has to know of coupons, testimonials, products, tags and other flows."""

from typing import Any

from bot import localtime
from bot.config import settings
from customers.orders.tables import Product
from customers.people.customer_tags import CustomerTag
from journeys.flows import stock
from journeys.flows.check_facts import CheckFacts
from journeys.recommendations import history
from rewards.coupons import reward_list
from rewards.coupons.rules import Holder, Lack, lack
from rewards.coupons.tables import Reward
from rewards.ranks.rules import Rank
from surveys.testimonials.published import published

BEST = Holder(0, Rank.AMBASSADOR, 0)
"""A customer of the highest rank without points: whatever such a one cannot be given, nobody can."""


def collect() -> CheckFacts:
    """The facts as they are now."""
    products: Any = Product.select(Product.sku).tuples()
    tags: Any = CustomerTag.select(CustomerTag.tag).distinct().tuples()
    definitions = [stock.definition_of(flow) for flow in stock.all_flows() if flow.id is not None]
    set_by_flows = {tag for flow in definitions for step in flow.step for tag in step.tags_it_sets()}
    return CheckFacts(
        coupons={reward.id: _can_be_given(reward) for reward in reward_list.all_rewards()},
        priced_coupons=frozenset(reward.id for reward in reward_list.all_rewards() if reward.points_price),
        has_testimonial=bool(published(1)),
        can_recommend={
            "history": history.first_that_can_be_shown() is not None,
            "premium": history.first_that_can_be_shown(premium=True) is not None,
        },
        products=frozenset(sku for (sku,) in products),
        other_flows={flow.key: frozenset(step.key for step in flow.step) for flow in definitions},
        tags=frozenset({tag for (tag,) in tags} | set_by_flows),
        is_demo=settings.current().demo_dir is not None,
        today=localtime.today(),
    )


def _can_be_given(reward: Reward) -> bool:
    return lack(reward.terms(), BEST, localtime.today()) in (None, Lack.NOT_YET, Lack.POINTS)
