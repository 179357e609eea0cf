"""Orders from every channel: thanks and points once, and none for a buyer not linked to a customer."""

from pathlib import Path

import pytest

from bot.config import shop
from tests.conversations.scenario import Phone, Scenario, said

DAY = "2026-04-01 12:00"


def test_an_order_is_thanked_for_with_its_points(scenario: Scenario) -> None:
    misaki = scenario.customer()

    (thanks,) = misaki.buys(5_280, "1001")

    assert "お買い上げありがとうございます" in thanks
    assert "52ポイントをお贈りしました（いま82ポイント）" in thanks
    assert misaki.chips


def test_the_same_order_by_api_and_by_file_counts_once(scenario: Scenario, tmp_path: Path) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    row = f"1001,{DAY},5000,,,{misaki.user_id}"

    for _ in range(2):
        report = scenario.imports(tmp_path, row)
        assert (report.new_count, report.known_count) == (0, 1)
    misaki.buys(5_000, "1001")

    assert misaki.hears() == []
    assert misaki.points == 80
    assert misaki.customer.purchase_count == 1


def test_the_same_order_by_file_and_then_by_api(scenario: Scenario, tmp_path: Path) -> None:
    misaki = scenario.customer()

    scenario.imports(tmp_path, f"1001,{DAY},5000,,,{misaki.user_id}")
    assert "お買い上げありがとうございます" in said(misaki.hears())

    assert misaki.buys(5_000, "1001") == []
    assert misaki.points == 80


def test_an_order_of_somebody_unknown_waits_and_is_credited_once(scenario: Scenario, tmp_path: Path) -> None:
    misaki = scenario.customer()
    scenario.imports(tmp_path, f"1001,{DAY},5000,M-7,,")
    assert misaki.points == 30

    scenario.order("1002", 3_000, customer_number="M-7", line_user_id=misaki.user_id)

    (thanks,) = misaki.hears()
    assert "80ポイントをお贈りしました（いま110ポイント）" in thanks, "both orders, one message"
    scenario.order("1002", 3_000, customer_number="M-7", line_user_id=misaki.user_id)
    scenario.imports(tmp_path, f"1001,{DAY},5000,M-7,,{misaki.user_id}")
    assert misaki.hears() == []
    assert misaki.points == 110
    assert misaki.customer.purchase_count == 2


def test_an_order_that_names_somebody_before_they_add_the_shop(scenario: Scenario) -> None:
    misaki = scenario.customer(follows=False)
    scenario.order("1001", 5_000, line_user_id=misaki.user_id)
    scenario.settle()
    assert misaki.hears() == [], "they cannot be written to yet"

    hello = said(misaki.follows())

    assert "佐藤 美咲さん、はじめまして" in hello
    assert misaki.points == 80


def test_later_orders_of_a_known_buyer_reach_their_chat(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.order("1001", 5_000, customer_number="M-7", line_user_id=misaki.user_id)
    misaki.hears()

    scenario.order("1002", 2_000, customer_number="M-7")

    assert "20ポイント" in said(misaki.hears())


def test_an_order_that_earns_nothing_speaks_of_no_points(scenario: Scenario) -> None:
    shop.use({"points": {"purchase_per_100_yen": 0}})

    heard = said(scenario.customer().buys(5_000, "1001"))

    assert "お買い上げありがとうございます" in heard
    assert "ポイント" not in heard


def test_a_year_of_old_orders_earns_points_and_writes_to_nobody(scenario: Scenario, tmp_path: Path) -> None:
    misaki = scenario.customer()
    rows = [f"{1000 + day},2026-03-{day:02} 12:00,5000,,,{misaki.user_id}" for day in range(1, 20)]

    assert scenario.imports(tmp_path, *rows).new_count == 19

    assert misaki.hears() == []
    assert misaki.points == 30 + 19 * 50


@pytest.mark.parametrize("blocked", [True, False])
def test_a_friends_purchase_reaches_the_referrer_unless_they_block(scenario: Scenario, blocked: bool) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    misaki.says("紹介")
    sakura.says(code_on(misaki))
    if blocked:
        misaki.blocks()
    misaki.hears()

    sakura.buys(3_000, "2001")

    assert bool(misaki.hears()) is not blocked
    assert misaki.points == 230, "earned either way"


def code_on(phone: Phone) -> str:
    return str(phone.handset.received()[-1]["altText"].partition("：")[2].rstrip("）"))
