"""A rank over the year: the warning, the fall on the day it named, and the next rise."""

from bot.config import shop
from bot.db.database import write_transaction
from rewards.coupons import reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.ranks import customer_rank, shown_testimonials
from tests.conversations.scenario import Phone, Scenario, said


def an_active(scenario: Scenario) -> Phone:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")
    misaki.taps("8")
    assert misaki.rank == "アクティブ"
    return misaki


def test_a_warning_a_fall_and_a_rise(scenario: Scenario) -> None:
    misaki = an_active(scenario)

    scenario.pass_time(days=364)
    misaki.hears()
    scenario.pass_time(days=2)  # 2 April: the order is a year ago
    assert misaki.hears() == [], "it waits two days for a reply that it can go along with"
    scenario.pass_time(days=2)
    heard = said(misaki.hears())
    assert "「アクティブ」は、6月1日の見直しまでそのままお使いいただけます" in heard
    assert "これで「アクティブ」が続きます" in heard
    assert "お買い物" in heard
    scenario.pass_time(days=1)
    assert misaki.hears() == [], "said once"

    scenario.pass_time(days=56)  # 31 May
    assert misaki.rank == "アクティブ"
    scenario.pass_time(days=1)
    assert misaki.rank == "ベーシック"
    assert misaki.hears() == [], "an announced fall is not repeated"

    misaki.buys(3_000, "2001")
    misaki.says("アンケート")
    heard = said(misaki.taps("9"))
    assert "ランクアップ、おめでとうございます" in heard
    assert misaki.rank == "アクティブ"
    causes = [change.cause for change in customer_rank.changes(misaki.customer.id)]
    assert causes == ["joined", "acted", "night:2027-06-01", "acted"]


def test_an_order_in_the_grace_keeps_the_rank(scenario: Scenario) -> None:
    misaki = an_active(scenario)
    scenario.pass_time(days=366)
    scenario.pass_time(days=2)
    assert "見直し" in said(misaki.hears())

    misaki.buys(3_000, "2001")
    misaki.says("アンケート")
    misaki.taps("8")
    scenario.pass_time(days=120)

    assert misaki.rank == "アクティブ"
    assert "ランクのお知らせ" not in said(misaki.hears())


def test_nobody_is_warned_while_staff_have_the_chat(scenario: Scenario) -> None:
    misaki = an_active(scenario)
    scenario.sleep(days=365)
    misaki.says("スタッフと話す")
    scenario.pass_time(days=1)
    assert "見直し" not in said(misaki.hears())

    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    scenario.pass_time(days=1)
    scenario.pass_time(days=2)
    assert "見直し" in said(misaki.hears())


def test_a_rise_by_night_is_congratulated_by_day(scenario: Scenario) -> None:
    shop.use({"ranks": {"premium": [10, 25, 11]}})
    misaki = an_active(scenario)
    misaki.says("香りが選べたら")  # an opinion is 5 of the 11, the months are the rest

    scenario.pass_time(days=180)
    assert misaki.hears() == []
    scenario.pass_time(days=3)
    scenario.pass_time(days=2)

    assert "ランクアップ、おめでとうございます🎉\nプレミアム" in said(misaki.hears())
    scenario.pass_time(days=1)
    assert misaki.hears() == []


def unhappy_and_about_to_rise(scenario: Scenario) -> Phone:
    """A detractor without a reply yet; the nightly review raises the rank all the same, with its coupon."""
    with write_transaction():
        reward_list.make(
            RewardDraft(name="見本", kind=RewardKind.RANK, value_text="クリーム見本", value_yen=100)
        )
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    misaki.says("アンケート")
    misaki.taps("2")
    misaki.says("やめる")
    scenario.pass_time(days=1)
    assert misaki.rank == "アクティブ"
    return misaki


def test_a_rise_amid_trouble_is_announced_when_the_ticket_is_closed_and_its_gift_with_it(
    scenario: Scenario,
) -> None:
    misaki = unhappy_and_about_to_rise(scenario)
    for _ in range(10):
        scenario.pass_time(days=1)
    assert "ランクアップ" not in said(misaki.hears())

    scenario.staff_resolve(misaki.ticket)
    scenario.pass_time(days=1)
    scenario.pass_time(days=2)

    heard = said(misaki.hears())
    assert "ランクアップ、おめでとうございます🎉\nアクティブ" in heard
    assert "クリーム見本" in heard
    scenario.pass_time(days=1)
    assert "ランクアップ" not in said(misaki.hears()), "once"


def test_who_rises_further_meanwhile_hears_of_the_rank_they_have(scenario: Scenario) -> None:
    misaki = unhappy_and_about_to_rise(scenario)
    scenario.pass_time(days=1)
    shop.use({"ranks": {"premium": [0, 0, 19]}})
    with write_transaction():
        for number in (1, 2):
            shown_testimonials.add(misaki.customer.id, f"testimonial:{number}")
    scenario.pass_time(days=1)
    assert misaki.rank == "プレミアム"
    scenario.staff_resolve(misaki.ticket)
    scenario.pass_time(days=1)
    scenario.pass_time(days=2)

    heard = said(misaki.hears())
    assert heard.count("ランクアップ") == 1
    assert "プレミアム" in heard


def test_who_wants_no_messages_finds_the_gift_of_a_rise(scenario: Scenario) -> None:
    misaki = unhappy_and_about_to_rise(scenario)
    misaki.says("配信停止")
    scenario.staff_resolve(misaki.ticket)
    scenario.pass_time(days=1)

    assert misaki.hears() == []
    assert "クリーム見本" in said(misaki.says("クーポン"))
