"""Points and the calendar: expiry warnings, expiry, held points, spending; and equal points for every score."""

import pytest

from bot.config import shop
from bot.db.database import write_transaction
from rewards.ledger import ledger
from rewards.ledger.reconciliation import reconcile
from tests.conversations.scenario import Scenario, said


def test_idle_points_are_warned_of_twice_and_then_expire(scenario: Scenario) -> None:
    misaki = scenario.customer()

    scenario.pass_time(days=334)
    assert misaki.hears() == []
    scenario.pass_time(days=1)
    assert misaki.hears() == [], "it waits two days for a reply that it can go along with"
    scenario.pass_time(days=2)
    (first,) = misaki.hears()
    assert "まもなく期限のポイント" in first
    assert "30ポイントの期限がきてしまいます" in first
    assert "4月1日で、" in first
    assert misaki.came_by()[-1] == "push"
    scenario.pass_time(days=1)
    assert misaki.hears() == [], "once each"
    scenario.pass_time(days=20)
    scenario.pass_time(days=2)
    assert "30ポイント" in said(misaki.hears())
    scenario.pass_time(days=5)
    assert misaki.hears() == []
    assert misaki.points == 30, "the last day is a whole day"
    scenario.pass_time(days=1)

    assert misaki.points == 0
    assert misaki.hears() == [], "nothing is pushed to say that they are gone"
    card = said(misaki.says("ポイント"))
    assert "期限切れ\n-30" in card
    assert "次の期限" not in card
    assert reconcile().faults == ()


def test_whoever_earns_in_time_keeps_everything(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.pass_time(days=340)
    misaki.hears()
    misaki.buys(5_000, "1001")

    scenario.pass_time(days=26)

    assert misaki.points == 80
    assert "次の期限：2028年3月6日（80ポイント）" in said(misaki.says("ポイント"))


def test_a_long_sleep_of_the_clock_makes_one_warning(scenario: Scenario) -> None:
    misaki = scenario.customer()

    scenario.pass_time(days=360)
    scenario.pass_time(days=2)

    assert len(misaki.hears()) == 1
    scenario.pass_time(days=1)
    assert misaki.hears() == []


def test_nobody_is_reminded_in_the_middle_of_a_conversation_with_staff_but_after_it(
    scenario: Scenario,
) -> None:
    misaki = scenario.customer()
    scenario.pass_time(days=334)
    misaki.says("スタッフと話す")

    scenario.pass_time(days=2)
    assert "期限" not in said(misaki.hears())
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    scenario.pass_time(days=1)
    scenario.pass_time(days=2)
    assert "30ポイントの期限がきてしまいます" in said(misaki.hears())


@pytest.mark.parametrize("why", ["blocked", "switched off", "at night"])
def test_some_are_not_warned(scenario: Scenario, why: str) -> None:
    misaki = scenario.customer()
    if why == "blocked":
        misaki.blocks()
    if why == "switched off":
        shop.use({"points": {"expiry_warning_days": []}})

    scenario.pass_time(days=340, hours=10 if why == "at night" else 0)

    assert misaki.hears() == []


def test_held_points_are_announced_with_their_day_and_come_without_a_push(scenario: Scenario) -> None:
    shop.use({"points": {"purchase_pending_days": 14}})
    misaki = scenario.customer()

    (thanks,) = misaki.buys(5_000, "1001")

    assert "50ポイントは14日後（4月15日）に使えるようになります" in thanks
    assert misaki.points == 30
    assert "ほかに50ポイントが、4月15日から使えるようになります。" in said(misaki.says("ポイント"))
    scenario.pass_time(days=13)
    assert misaki.points == 30
    scenario.pass_time(days=1)
    assert misaki.points == 80
    assert "ほかに" not in said(misaki.says("ポイント"))


def test_a_debt_is_shown_kindly(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    with write_transaction():
        ledger.burn(misaki.customer.id, 80, "coupon:1")
        ledger.reverse("order:1001", "cancel:1001")

    card = said(misaki.says("ポイント"))

    assert "-50" in card
    assert "ご安心ください" in card
    assert "ポイントのご利用\n-80" in card


@pytest.mark.parametrize("score", range(11))
def test_every_score_earns_the_same(scenario: Scenario, score: int) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps(str(score))
    assert misaki.points == 50
