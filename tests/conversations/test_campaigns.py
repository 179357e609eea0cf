"""Campaigns as customers get them: one call for all, or a text of their own; held, stopped, passed over, gone on."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.queue.multicasts import Multicast
from customers.people.customer_tags import CustomerTag
from handlers import campaign_jobs, campaign_release, message_jobs
from journeys.campaigns import campaigns, freezing, results
from journeys.sending import costs
from journeys.sending.tables import JourneyEntry
from journeys.traces import trace
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon
from rewards.ledger import ledger
from rewards.ranks.rules import Rank
from tests.conversations.campaign_scene import (
    NEWS,
    cancelled,
    fresh,
    frozen,
    going_on,
    has_rank,
    progress,
    scheduled,
    state_of,
    stopped,
)
from tests.conversations.flow_scene import enrolments, switched_on
from tests.conversations.scenario import Scenario, said
from tests.conversations.test_coupons import a_reward

BROWSER = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1"}


def hours_pass(scenario: Scenario, hours: int) -> None:
    """The clock is never down for an hour."""
    for _ in range(hours):
        scenario.sleep(minutes=50)
        campaign_jobs.run_campaigns()
        scenario.sleep(minutes=10)
        campaign_jobs.run_campaigns()
        message_jobs.release_planned_messages()
        scenario.settle()


def test_the_same_text_goes_to_all_in_one_call(scenario: Scenario) -> None:
    misaki, ken = scenario.customer(), scenario.customer("鈴木 健")
    campaign = scheduled()

    scenario.pass_time(minutes=1)

    assert misaki.hears() == ken.hears() == [NEWS]
    assert misaki.came_by()[-1] == ken.came_by()[-1] == "multicast"
    assert Multicast.select().count() == 1
    scenario.pass_time(minutes=1)
    assert fresh(campaign).state == "done"
    assert (progress(campaign).sent, progress(campaign).audience) == (2, 2)


def test_a_name_filled_in_makes_each_a_push(scenario: Scenario) -> None:
    misaki, ken = scenario.customer(), scenario.customer("鈴木 健")
    campaign = scheduled("{name}さん、新しいお茶です。")

    scenario.pass_time(minutes=1)

    assert misaki.hears() == ["佐藤 美咲さん、新しいお茶です。"]
    assert ken.hears() == ["鈴木 健さん、新しいお茶です。"]
    assert ken.came_by()[-1] == "push"
    scenario.pass_time(minutes=1)
    assert (fresh(campaign).state, progress(campaign).sent) == ("done", 2)


# Who gets it later, or not at all


def test_a_selling_campaign_reaches_no_basic_customer_and_says_how_to_stop(scenario: Scenario) -> None:
    misaki, ken = scenario.customer(), scenario.customer("鈴木 健")
    has_rank(ken, Rank.ACTIVE)
    campaign = scheduled(class_="selling")

    scenario.pass_time(minutes=1)

    assert misaki.hears() == []
    assert state_of(campaign, misaki) == ("skipped", "basic")
    assert "配信停止" in said(ken.hears())


def test_a_customer_with_a_ticket_gets_it_after_it_is_resolved(scenario: Scenario) -> None:
    misaki, ken = scenario.customer(), scenario.customer("鈴木 健")
    misaki.says("スタッフと話す")
    campaign = scheduled()

    scenario.pass_time(minutes=1)
    assert ken.hears() == [NEWS]
    assert misaki.hears() == []
    assert state_of(campaign, misaki) == ("planned", "ticket")
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    hours_pass(scenario, 22)

    assert NEWS in said(misaki.hears())
    assert misaki.came_by()[-1] == "push"
    scenario.pass_time(minutes=1)
    assert state_of(campaign, misaki) == ("sent", "")


def test_what_has_to_wait_goes_along_with_a_reply_which_is_free(scenario: Scenario) -> None:
    misaki = scenario.customer()
    first, second = scheduled("はじめのお知らせです。"), scheduled("つぎのお知らせです。")
    scenario.pass_time(minutes=1)
    assert misaki.hears() == ["はじめのお知らせです。"]
    assert state_of(second, misaki) == ("planned", "daily-limit")

    assert "つぎのお知らせです。" in said(misaki.says("ポイント"))

    assert misaki.came_by()[-1] == "reply"
    scenario.pass_time(minutes=1)
    assert state_of(first, misaki) == state_of(second, misaki) == ("sent", "")


def test_of_two_campaigns_at_once_a_customer_gets_one_a_day(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scheduled("はじめのお知らせです。")
    second = scheduled("つぎのお知らせです。", when_busy="skip")

    scenario.pass_time(minutes=1)

    assert misaki.hears() == ["はじめのお知らせです。"]
    assert state_of(second, misaki) == ("skipped", "daily-limit")
    scenario.pass_time(minutes=1)
    assert fresh(second).state == "done"


@pytest.mark.parametrize("when_busy", ["defer", "skip"])
def test_in_the_quiet_hours_it_rests_and_goes_out_in_calls_in_the_morning(
    scenario: Scenario, when_busy: str
) -> None:
    misaki = scenario.customer()
    campaign = scheduled(at=localtime.now() + timedelta(hours=10), when_busy=when_busy)

    scenario.pass_time(hours=10)
    assert misaki.hears() == []
    assert (fresh(campaign).state, fresh(campaign).reason) == ("sending", "quiet-hours")
    hours_pass(scenario, 11)

    assert misaki.hears() == [NEWS]
    assert misaki.came_by()[-1] == "multicast"


def test_opting_out_after_it_was_scheduled_stops_it_for_that_customer(scenario: Scenario) -> None:
    misaki, ken, aya = (scenario.customer(name) for name in ("佐藤 美咲", "鈴木 健", "田中 彩"))
    later = localtime.now() + timedelta(hours=2)
    campaign = scheduled("{name}さん、お知らせです。", at=later)
    misaki.says("配信停止")
    scenario.pass_time(hours=2)
    misaki.hears()
    ken.hears()

    second = scheduled("{name}さん、もう1つです。")
    scenario.pass_time(minutes=1)
    assert state_of(second, ken) == ("planned", "daily-limit")
    ken.says("配信停止")
    ken.hears()
    hours_pass(scenario, 24)

    assert "もう1つ" not in said(misaki.hears() + ken.hears())
    assert state_of(second, ken) == ("skipped", "opted-out")
    assert said(aya.hears()).count("さん、") == 2
    assert progress(campaign).audience == 2, "who has opted out is in no audience"


def test_opting_out_of_news_stops_no_order_message(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("配信停止")
    campaign = scheduled()

    assert "1,000" in said(misaki.buys(1000, "A-1")) or misaki.came_by()[-1] == "push"
    scenario.pass_time(minutes=1)

    assert NEWS not in said(misaki.hears())
    assert progress(campaign).audience == 0


def test_who_blocks_in_between_gets_nothing(scenario: Scenario) -> None:
    misaki, ken = scenario.customer(), scenario.customer("鈴木 健")
    campaign = scheduled(at=localtime.now() + timedelta(hours=1))
    misaki.blocks()

    scenario.pass_time(hours=1)
    scenario.pass_time(minutes=1)

    assert ken.hears() == [NEWS]
    assert progress(campaign).sent == 1


# Early access


def test_premium_customers_get_it_earlier(scenario: Scenario) -> None:
    misaki, ken = scenario.customer(), scenario.customer("鈴木 健")
    has_rank(misaki, Rank.PREMIUM)
    scenario.pass_time(minutes=1)
    campaign = scheduled(at=localtime.now() + timedelta(hours=5), early_access_hours=3)

    scenario.pass_time(hours=2)
    assert (misaki.hears(), ken.hears()) == ([NEWS], [])
    assert fresh(campaign).state == "sending"
    hours_pass(scenario, 3)

    assert (misaki.hears(), ken.hears()) == ([], [NEWS])


def test_who_lost_the_rank_gets_it_with_all_others(scenario: Scenario) -> None:
    misaki = scenario.customer()
    has_rank(misaki, Rank.PREMIUM)
    scenario.pass_time(minutes=1)
    campaign = scheduled(at=localtime.now() + timedelta(hours=5), early_access_hours=3)
    scenario.sleep(hours=2)
    frozen(campaign)
    has_rank(misaki, Rank.ACTIVE)

    scenario.pass_time(minutes=1)
    assert misaki.hears() == []
    hours_pass(scenario, 3)

    assert misaki.hears() == [NEWS]


# Stopped, gone on with, cancelled, late


def test_a_stopped_campaign_is_silent_through_every_door(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scheduled("はじめのお知らせです。")
    campaign = scheduled("つぎのお知らせです。")
    scenario.pass_time(minutes=1)
    misaki.hears()
    assert state_of(campaign, misaki)[0] == "planned"
    stopped(campaign)

    assert "つぎの" not in said(misaki.says("ポイント"))
    scenario.pass_time(days=5)
    assert "つぎの" not in said(misaki.hears())
    going_on(campaign)
    scenario.pass_time(minutes=1)

    assert said(misaki.hears()).count("つぎのお知らせです。") == 1
    scenario.pass_time(minutes=1)
    assert fresh(campaign).state == "done"


def test_stopping_and_going_on_sends_nobody_twice(scenario: Scenario) -> None:
    phones = [scenario.customer(f"客{number}") for number in range(4)]
    campaign = scheduled()
    scenario.pass_time(minutes=1)
    stopped(campaign)
    scenario.pass_time(minutes=10)
    going_on(campaign)
    scenario.pass_time(minutes=10)

    assert [phone.hears() for phone in phones] == [[NEWS]] * 4
    assert progress(campaign).sent == 4


def test_a_cancelled_campaign_sends_nothing_more(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scheduled("はじめのお知らせです。")
    campaign = scheduled("つぎのお知らせです。")
    scenario.pass_time(minutes=1)
    misaki.hears()
    cancelled(campaign)

    scenario.pass_time(minutes=1)
    assert "つぎの" not in said(misaki.says("ポイント"))
    scenario.pass_time(minutes=1)

    assert state_of(campaign, misaki)[0] == "skipped"
    assert fresh(campaign).finished_at is not None


def test_hours_late_after_an_outage_it_asks_first(scenario: Scenario) -> None:
    misaki = scenario.customer()
    campaign = scheduled(at=localtime.now() + timedelta(hours=1))
    scenario.pass_time(hours=3)

    assert misaki.hears() == []
    assert fresh(campaign).state == "late"
    assert "遅れています" in said([each.sentence for each in notices.current()])
    with write_transaction():
        assert campaigns.confirm_late(fresh(campaign))
    scenario.pass_time(minutes=1)

    assert misaki.hears() == [NEWS]
    assert not notices.current()


def test_a_restored_backup_sends_nothing(scenario: Scenario) -> None:
    misaki = scenario.customer()
    campaign = scheduled("{name}さん、お知らせです。")
    with write_transaction():
        freezing.freeze_chunk(campaign)
        freezing.freeze_chunk(campaign)
    with write_transaction():
        assert campaign_release.release_chunk(fresh(campaign)) == 1

    scenario.sleep(days=2)  # the backup was made now, and comes to life two days later
    scenario.settle()
    assert misaki.hears() == []
    scenario.pass_time(minutes=1)

    assert misaki.hears() == []
    assert fresh(campaign).state == "late"


# Coupon, points, buttons, links, cost


def test_points_and_coupon_go_along_once_and_the_message_says_so(scenario: Scenario) -> None:
    misaki = scenario.customer()
    before = misaki.points
    reward = a_reward(kind=RewardKind.THANK_YOU)
    scheduled(points=100, message={"coupon": reward})

    scenario.pass_time(minutes=1)

    assert misaki.points == before + 100
    heard = said(misaki.hears())
    assert "100ポイントをお贈りしました" in heard
    assert "クーポンをお贈りしました" in heard
    assert "ハンドクリーム" in said(misaki.taps("クーポンを見る"))


def test_who_cannot_get_the_coupon_is_passed_over_with_the_reason(scenario: Scenario) -> None:
    phones = [scenario.customer(f"客{number}") for number in range(3)]
    reward = a_reward(kind=RewardKind.THANK_YOU, stock=2)
    campaign = scheduled(points=10, message={"coupon": reward})

    scenario.pass_time(minutes=1)

    got = [bool(phone.hears()) for phone in phones]
    assert sorted(got) == [False, True, True]
    left_out = phones[got.index(False)]
    assert state_of(campaign, left_out) == ("skipped", "gift")
    assert Coupon.select().count() == 2
    assert ledger.entry_of(f"campaign:{campaign.id}:{left_out.customer.id}") is None, (
        "neither points nor coupon"
    )


def test_a_button_sets_its_tag(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scheduled(message={"buttons": [{"label": "気になる", "tag": "tea"}]})
    scenario.pass_time(minutes=1)
    misaki.hears()

    assert "ありがとうございます" in said(misaki.taps("気になる"))

    assert [row.tag for row in CustomerTag.select()] == ["tea"]
    assert "使えなく" in said(misaki.sends_back("campaign.tag?campaign=1&tag=forged"))


def test_a_link_is_the_same_for_all_and_counts_as_a_sum(scenario: Scenario) -> None:
    phones = [scenario.customer(f"客{number}") for number in range(2)]
    campaign = scheduled(message={"link": {"label": "見てみる", "url": "https://shop.example.jp/tea"}})
    scenario.pass_time(minutes=1)
    for phone in phones:
        phone.hears()
    addresses = {phone.opens("見てみる") for phone in phones}
    assert len(addresses) == 1

    path = urlsplit(addresses.pop()).path
    for _ in phones:
        assert scenario.web.get(path, headers=BROWSER).headers["Location"] == "https://shop.example.jp/tea"
    found = results.of(fresh(campaign))

    assert (found.shared_click_count, found.clicked_count) == (2, 0)
    assert found.delivered_count == 2


def test_a_link_with_a_name_is_of_that_customer_and_starts_what_waits_for_a_click(scenario: Scenario) -> None:
    misaki = scenario.customer()
    switched_on(
        'key = "after-click"\nname = "クリックのあと"\ntrigger = { on = "click", flow = "campaign-1" }\n'
        '[[step]]\nkey = "thanks"\nlatest_days = 0\ntext = "見てくださってありがとうございます。"\n'
    )
    campaign = scheduled(
        "{name}さん、お茶です。",
        message={"link": {"label": "見てみる", "url": "https://shop.example.jp/tea"}},
    )
    scenario.pass_time(minutes=1)
    misaki.hears()

    scenario.web.get(urlsplit(misaki.opens("見てみる")).path, headers=BROWSER)
    scenario.settle()

    assert results.of(fresh(campaign)).clicked_count == 1
    assert len(enrolments(misaki)) == 1


def test_each_recipient_of_a_call_costs_a_push_and_the_page_of_costs_names_it(scenario: Scenario) -> None:
    for number in range(3):
        scenario.customer(f"客{number}")
    scheduled()
    scenario.pass_time(minutes=1)

    month = costs.of_month(localtime.today())

    assert [(each.name, each.push_count) for each in month.kinds if each.name == "campaign"] == [
        ("campaign", 3)
    ]
    assert [(each.title, each.push_count) for each in month.campaigns] == [("春のお知らせ", 3)]


def test_the_customers_page_says_why_or_why_not(scenario: Scenario) -> None:
    misaki, ken = scenario.customer(), scenario.customer("鈴木 健")
    has_rank(ken, Rank.ACTIVE)
    scheduled(class_="selling")
    scenario.pass_time(minutes=1)
    scenario.pass_time(minutes=1)

    (passed_over,) = trace.of_customer(misaki.customer.id, 3).campaigns
    (sent,) = trace.of_customer(ken.customer.id, 3).campaigns

    assert (passed_over.name, passed_over.state, passed_over.reason) == ("春のお知らせ", "skipped", "basic")
    assert passed_over.message is None
    assert (sent.state, sent.message is not None and sent.message.cost_yen) == ("sent", 3)
    assert not JourneyEntry.select().where(JourneyEntry.customer == misaki.customer.id).exists()


def test_held_out_customers_are_in_the_audience_and_hear_nothing(scenario: Scenario) -> None:
    phones = [scenario.customer(f"客{number}") for number in range(12)]
    campaign = scheduled(holdout_percent=50)

    scenario.pass_time(minutes=1)
    scenario.pass_time(minutes=1)

    found, heard = progress(campaign), sum(bool(phone.hears()) for phone in phones)
    assert found.audience == 12
    assert 0 < found.held_out < 12
    assert heard == found.sent == 12 - found.held_out
