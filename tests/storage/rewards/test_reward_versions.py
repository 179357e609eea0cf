"""A reward changes by versions, and coupons keep the terms they were issued under; on both databases."""

from typing import Any

import pytest

from bot.config import shop
from bot.db.database import write_transaction
from customers.people.customer import Customer
from rewards.coupons import coupons, reward_list, reward_versions
from rewards.coupons.reward_list import AboveTheCap, FewerThanIssued, RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, Reward
from tests.storage.customers.test_order_reversals import meets

HANAKO = "U" + "a" * 32


@pytest.fixture
def hanako() -> Customer:
    shop.use({})
    return meets(HANAKO)


def draft(**changed: Any) -> RewardDraft:
    terms: dict[str, Any] = {
        **{"name": "石けん", "kind": RewardKind.THANK_YOU, "value_text": "1個", "value_yen": 200},
        **changed,
    }
    return RewardDraft(**terms)


def test_coupons_keep_their_terms(hanako: Customer) -> None:
    with write_transaction():
        reward = reward_list.make(draft(), 1)
        first = coupons.issue(hanako.id, reward, 1, "thanks:1").coupon
        assert reward_list.change(reward, draft(name="湯のみ", value_yen=150), 1, 2)
        second = coupons.issue(hanako.id, reward, 1, "thanks:2").coupon
    assert first and second
    shown = [Coupon.get_by_id(each.id) for each in (first, second)]
    assert [(each.name, each.value_yen) for each in shown] == [("石けん", 200), ("湯のみ", 150)]
    found = reward_versions.history(reward)
    assert [(each.number, each.made_by_id, each.changed) for each in found] == [
        (2, 2, ("name", "value_yen")),
        (1, 1, ()),
    ]


def test_a_coupon_of_before_there_were_versions_is_shown_as_its_reward(hanako: Customer) -> None:
    with write_transaction():
        reward = reward_list.make(draft())
        made = coupons.issue(hanako.id, reward, 1, "thanks:1").coupon
        assert made
        Coupon.update(issued_name="", issued_text="", issued_yen=None).where(Coupon.id == made.id).execute()
    old = Coupon.get_by_id(made.id)
    assert (old.name, old.value_text, old.value_yen) == ("石けん", "1個", 200)


def test_what_may_not_be_is_refused_and_changes_nothing(hanako: Customer) -> None:
    with write_transaction():
        reward = reward_list.make(draft())
        coupons.issue(hanako.id, reward, 1, "thanks:1")
        coupons.issue(hanako.id, reward, 1, "thanks:2")
    for changed, refused in ((draft(value_yen=201), AboveTheCap), (draft(stock=1), FewerThanIssued)):
        with pytest.raises(refused), write_transaction():
            reward_list.change(reward, changed, 1, 1)
    with write_transaction():
        assert not reward_list.change(reward, draft(name="二"), 7, 1)
    row = Reward.get_by_id(reward)
    assert (row.name, row.version, row.stock) == ("石けん", 1, None)
