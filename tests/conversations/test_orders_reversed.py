"""A cancelled or partly refunded order: its points are deducted, and customer and referrer are notified once."""

from typing import Any

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from rewards.ledger import ledger
from rewards.referrals import referrals
from rewards.referrals.tables import ReferralState
from tests.conversations.scenario import Phone, Scenario, said
from tests.conversations.test_purchases import code_on


def post_reversal(scenario: Scenario, path: str, content: dict[str, Any] | None = None) -> int:
    headers = {"Authorization": f"Bearer {scenario._api_key}"}
    answer = scenario.web.post(f"/api/v1/orders/{path}", json=content or {}, headers=headers)
    return answer.status_code


def test_a_cancelled_order_takes_its_points_along_and_says_so_once(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_280, "1001")

    assert post_reversal(scenario, "1001/cancel") == 202
    (heard,) = misaki.hears()
    assert "キャンセルを承りました" in heard and "52ポイント" in heard and "いま30ポイント" in heard

    assert post_reversal(scenario, "1001/cancel") == 200
    assert misaki.hears() == []
    assert (misaki.points, misaki.customer.purchase_count) == (30, 0)
    assert "-52" in said(misaki.says("ポイント")) or "−52" in said(misaki.says("ポイント"))


def test_a_partial_refund_takes_its_share(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")

    post_reversal(scenario, "1001/refunds", {"refund_id": "R-1", "amount_yen": 1_000})

    assert "10ポイント" in said(misaki.hears())
    assert (misaki.points, misaki.customer.sales_yen) == (70, 4_000)


def test_where_no_debt_is_carried_what_a_refund_let_go_is_not_taken_later(scenario: Scenario) -> None:
    shop.use({"points": {"carry_debt": False}})
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    with write_transaction():
        ledger.burn(misaki.customer.id, 80, "coupon:1")
    post_reversal(scenario, "1001/refunds", {"refund_id": "R-1", "amount_yen": 2_000})
    misaki.buys(9_000, "1002")

    post_reversal(scenario, "1001/cancel")
    scenario.settle()
    assert misaki.points == 60, "the 30 points of the ¥3,000 that were left"


def test_nothing_is_said_when_no_point_changed_or_the_owner_wants_silence(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_050, "1001")
    post_reversal(scenario, "1001/refunds", {"refund_id": "small", "amount_yen": 50})
    assert misaki.hears() == [], "the 50 points of ¥5,000 stay"

    shop.use({"orders": {"tell_points_taken_back": False}})
    post_reversal(scenario, "1001/refunds", {"refund_id": "large", "amount_yen": 1_000})
    assert misaki.hears() == []
    assert misaki.points == 70


def test_an_order_cancelled_before_it_was_handled_never_speaks(scenario: Scenario) -> None:
    misaki = scenario.customer()
    payload = {"order_number": "1001", "ordered_at": localtime.now().isoformat(), "total_yen": 5_000}
    headers = {"Authorization": f"Bearer {scenario._api_key}"}
    scenario.web.post("/api/v1/orders", json={**payload, "line_user_id": misaki.user_id}, headers=headers)
    post_reversal(scenario, "1001/cancel")

    scenario.settle()

    assert misaki.points == 30


def invited(scenario: Scenario) -> tuple[Phone, Phone]:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    misaki.says("紹介")
    sakura.says(code_on(misaki))
    sakura.buys(3_000, "2001")
    misaki.hears()
    return misaki, sakura


def test_the_referral_reward_goes_with_the_order_and_comes_back_with_the_next(scenario: Scenario) -> None:
    misaki, sakura = invited(scenario)
    assert (misaki.points, sakura.points) == (230, 260)

    post_reversal(scenario, "2001/cancel")

    assert "230ポイント" in said(sakura.hears()), "her order's 30 and her welcome's 200"
    assert "お友達のご注文が取り消し" in said(misaki.hears())
    assert (misaki.points, sakura.points) == (30, 30)
    referral = referrals.of_referee(sakura.customer.id)
    assert referral is not None
    assert (referral.state, referral.reason) == (ReferralState.JOINED, "order_cancelled")

    sakura.buys(1_000, "2002")
    assert (misaki.points, sakura.points) == (230, 240)
    post_reversal(scenario, "2002/refunds", {"refund_id": "all", "amount_yen": 1_000})
    scenario.settle()
    assert (misaki.points, sakura.points) == (30, 30)


def test_another_purchase_that_stands_keeps_the_referral(scenario: Scenario) -> None:
    misaki, sakura = invited(scenario)
    sakura.buys(1_000, "2002")

    post_reversal(scenario, "2001/cancel")
    scenario.settle()

    assert misaki.hears() == []
    assert (misaki.points, sakura.points) == (230, 240)


def test_a_purchase_whose_hold_is_over_keeps_the_referral_too(scenario: Scenario) -> None:
    shop.use({"referrals": {"hold_days": 7}})
    misaki, sakura = invited(scenario)
    sakura.buys(1_000, "2002")
    scenario.pass_time(days=7)
    assert (misaki.points, sakura.points) == (230, 270)
    misaki.hears()

    post_reversal(scenario, "2001/cancel")
    scenario.settle()
    assert misaki.hears() == []
    assert (misaki.points, sakura.points) == (230, 240)


def test_an_order_of_nothing_does_not_reward_the_referrer(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer(), scenario.customer("高橋 さくら", follows=False)
    misaki.says("紹介")
    sakura.follows()
    sakura.says(code_on(misaki))

    sakura.buys(0, "2001")
    assert (misaki.points, sakura.points) == (30, 30)
    sakura.buys(1_000, "2002")
    assert (misaki.points, sakura.points) == (230, 240)

    post_reversal(scenario, "2002/cancel")
    scenario.settle()
    assert (misaki.points, sakura.points) == (30, 30), "the sample still stands, and keeps nothing"


def test_a_cancelled_first_order_takes_the_rank_along_that_it_brought(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("9")
    misaki.buys(0, "1000")
    assert misaki.rank == "ベーシック", "a free sample is no purchase"
    misaki.buys(80, "1001")
    assert misaki.rank == "アクティブ"

    post_reversal(scenario, "1001/cancel")
    scenario.settle()
    assert misaki.rank == "ベーシック"
