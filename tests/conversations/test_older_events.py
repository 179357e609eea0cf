"""An upgraded database: events that an older version stored under their older names are still handled.

The names are written out here as older versions wrote them, not taken from the product's own table.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.config import settings
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from bot.routing import event_kinds
from customers.orders import buyers
from rewards.coupons import coupons
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, CouponState
from rewards.ranks import customer_rank
from tests.conversations.scenario import STAFF, Phone, Scenario, said
from tests.conversations.test_coupons import a_reward

OLDER = {
    "buyer.link_requested": "buyer.tied",
    "buyer.unlink_requested": "buyer.untied",
    "coupon.cancellation_requested": "coupon.cancelled",
    "coupon.grant_requested": "coupon.given",
    "link_token.answer_received": "link-token.issued",
    "order.received": "order.recorded",
    "profile.answer_received": "profile.learned",
    "rank.fall_warning_due": "rank.fall_warned",
    "referral.login_completed": "referral.joined-by-login",
    "ticket.resolve_requested": "ticket.resolved",
}


@pytest.fixture(autouse=True)
def older_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store every event as the older version did."""
    put = inbox.put

    def put_as_before(kind: str, event_id: str, *more: Any, **named: Any) -> bool:
        return put(OLDER.get(kind, kind), event_id, *more, **named)

    monkeypatch.setattr(inbox, "put", put_as_before)


def put(kind: str, phone: Phone, **data: Any) -> None:
    """As the console stores it."""
    with write_transaction():
        inbox.put(kind, f"{kind}:1", phone.user_id, {"staff_id": STAFF, **data}, line_user_id=phone.user_id)


def a_profile(scenario: Scenario) -> None:
    assert "佐藤 美咲さん、はじめまして" in said(scenario.customer("佐藤 美咲", follows=False).follows())


def an_order(scenario: Scenario) -> None:
    assert "お買い上げありがとう" in said(scenario.customer().buys(3_000, "1001"))


def a_link_token(scenario: Scenario) -> None:
    config = settings.current()
    settings.use(config.model_copy(update={"account_link_url": "https://shop.example/login"}))
    misaki = scenario.customer()
    misaki.says("連携")
    assert urlsplit(misaki.opens("ログインして連携")).query.startswith("linkToken=")


def a_buyer(scenario: Scenario) -> int:
    scenario.order("1001", 5_000, customer_number="M-1")
    scenario.settle()
    buyer = buyers.by_customer_number("M-1")
    assert buyer is not None
    return int(buyer.id)


def a_buyer_linked(scenario: Scenario) -> None:
    misaki, buyer_id = scenario.customer(), a_buyer(scenario)
    put("buyer.link_requested", misaki, buyer_id=buyer_id)
    assert "連携できました" in said(misaki.hears())


def a_buyer_unlinked(scenario: Scenario) -> None:
    misaki, buyer_id = scenario.customer(), a_buyer(scenario)
    put("buyer.link_requested", misaki, buyer_id=buyer_id)
    put("buyer.unlink_requested", misaki, buyer_id=buyer_id)
    assert "連携を解除しました" in said(misaki.hears())
    assert buyers.of_customer(misaki.customer) == []


def a_coupon_of_thanks(scenario: Scenario) -> Phone:
    gift, misaki = a_reward("お礼の石けん", kind=RewardKind.THANK_YOU), scenario.customer()
    put("coupon.grant_requested", misaki, customer_id=misaki.customer.id, reward_id=gift)
    assert "お礼の石けん" in said(misaki.hears())
    return misaki


def a_coupon_given(scenario: Scenario) -> None:
    misaki = a_coupon_of_thanks(scenario)
    assert [each.reward.name for each in coupons.held_by(misaki.customer.id)] == ["お礼の石けん"]


def a_coupon_cancelled(scenario: Scenario) -> None:
    misaki = a_coupon_of_thanks(scenario)
    put("coupon.cancellation_requested", misaki, coupon_id=Coupon.get().id, reason="品切れ")
    assert "お礼の石けん" in said(misaki.hears())
    assert Coupon.get().state_now is CouponState.CANCELLED


def a_ticket_resolved(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    scenario.staff_resolve(misaki.ticket)
    assert misaki.ticket is None


def a_rank_at_risk(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")
    misaki.taps("8")
    scenario.pass_time(days=366)
    scenario.pass_time(days=2)
    assert "見直し" in said(misaki.hears())
    assert customer_rank.snapshot(misaki.customer.id).rank.ja == "アクティブ"


def a_sign_in_from_an_invitation(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    misaki.says("紹介")
    code = str(misaki.handset.received()[-1]["altText"]).partition("：")[2].rstrip("）")
    put("referral.login_completed", sakura, code=code)
    assert "ご紹介で来てくださったんですね" in said(sakura.hears())


STORIES: dict[str, Callable[[Scenario], None]] = {
    "buyer.tied": a_buyer_linked,
    "buyer.untied": a_buyer_unlinked,
    "coupon.cancelled": a_coupon_cancelled,
    "coupon.given": a_coupon_given,
    "link-token.issued": a_link_token,
    "order.recorded": an_order,
    "profile.learned": a_profile,
    "rank.fall_warned": a_rank_at_risk,
    "referral.joined-by-login": a_sign_in_from_an_invitation,
    "ticket.resolved": a_ticket_resolved,
}


@pytest.mark.parametrize("older", STORIES)
def test_an_event_of_an_older_name_is_handled(scenario: Scenario, older: str) -> None:
    STORIES[older](scenario)
    states = {row.state for row in InboxEvent.select().where(InboxEvent.source == older)}
    assert states == {"done"}, "it was stored under the older name, and handled"
    assert not InboxEvent.select().where(InboxEvent.source.in_(list(OLDER))).exists()


def test_every_older_name_is_tested() -> None:
    assert set(STORIES) == set(event_kinds.FORMER_NAMES) == set(OLDER.values()), (
        "add the kind's older name to OLDER, and a story in which it is handled to STORIES"
    )


def test_a_chat_that_is_being_resolved_is_known_by_the_older_name() -> None:
    assert event_kinds.stored_as("ticket.resolve_requested") == [
        "ticket.resolve_requested",
        "ticket.resolved",
    ]
