"""What the check of a flow is given of the rest of the shop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import peewee
import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.orders.tables import Product
from customers.people import customer as customers
from customers.people import customer_tags
from handlers import flow_check_facts, register
from journeys.flows import check_facts, stock
from journeys.flows.definition import FlowDefinition
from rewards.coupons import reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Reward
from rewards.ranks.rules import Rank
from surveys.testimonials.tables import Testimonial, TestimonialState

NOON = datetime(2026, 11, 30, 3, tzinfo=UTC)
GIFT = RewardDraft(
    name="200円引き", kind=RewardKind.THANK_YOU, value_text="200円引き", value_yen=200, is_discount=True
)


@pytest.fixture(autouse=True)
def _at_noon(any_database: peewee.Database) -> object:
    register()
    shop.use({})
    with localtime.fixed(NOON):
        yield


def test_an_empty_shop_has_no_coupon_no_testimonial_and_no_product() -> None:
    facts = flow_check_facts.collect()
    assert (facts.coupons, facts.has_testimonial, facts.products, facts.tags) == (
        {},
        False,
        frozenset(),
        frozenset(),
    )
    assert (facts.other_flows, facts.today, facts.is_demo) == ({}, localtime.today(), False)


def test_only_coupons_that_can_be_given_count() -> None:
    today = localtime.today()
    drafts = (
        GIFT,
        replace(GIFT, minimum_rank=Rank.AMBASSADOR, kind=RewardKind.EXCHANGE, points_price=100),
        replace(GIFT, starts_on=today + timedelta(days=5)),
        replace(GIFT, ends_on=today - timedelta(days=1)),
        replace(GIFT, stock=0),
        GIFT,
    )
    with write_transaction():
        ids = [reward_list.make(draft) for draft in drafts]
        reward_list.switch(ids[-1], active=False)
    assert Reward.select().count() == len(ids)
    coupons = flow_check_facts.collect().coupons
    assert coupons is not None
    assert [coupons[each] for each in ids] == [True, True, True, False, False, False]


def test_tags_products_testimonials_and_other_flows_are_known() -> None:
    step = {
        "key": "hello",
        "text": "やあ",
        "buttons": [{"label": "はい", "tag": "yes"}],
        "set_tags": ["seen"],
    }
    other = {"key": "news", "name": "お知らせ", "trigger": {"on": "follow"}, "step": [step]}
    with write_transaction():
        hanako = customers.follow("U" + "a" * 32)
        customer_tags.add(hanako.id, "VIP")
        Product.create(sku="TEA-50")
        Testimonial.create(
            customer=hanako.id,
            body="よい",
            state=TestimonialState.PUBLISHED,
            written_at=NOON,
            published_at=NOON,
        )
        stock.import_flow(FlowDefinition.model_validate(other))
    facts = check_facts.current()
    assert facts == flow_check_facts.collect()
    assert (facts.tags, facts.products) == (frozenset({"VIP", "yes", "seen"}), frozenset({"TEA-50"}))
    assert (facts.has_testimonial, facts.other_flows) == (True, {"news": frozenset({"hello"})})
