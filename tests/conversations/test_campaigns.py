"""Campaigns as customers get them: one call for all, or a text of their own; held, stopped, passed over, gone on."""

from datetime import timedelta

from bot import localtime
from bot.db.database import write_transaction
from bot.queue.multicasts import Multicast
from bot.queue.outbox import OutboxMessage
from journeys.campaigns.tables import Campaign
from journeys.sending.tables import JourneyEntry
from rewards.ranks.rules import Rank
from tests.conversations.campaign_scene import (
    NEWS,
    cancelled,
    fresh,
    going_on,
    has_rank,
    progress,
    scheduled,
    state_of,
    stopped,
)
from tests.conversations.scenario import Scenario, said


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
