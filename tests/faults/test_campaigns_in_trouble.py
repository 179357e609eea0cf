"""Campaigns through faults: the process killed, clocks at once, LINE that refuses or does not answer, the month's quota
gone, stopped in the middle. Each recipient gets it once, and the sums add up."""

import threading

import pytest

from bot import conversations, localtime, notices
from bot.db import database
from bot.db.database import write_transaction
from customers.people import customer as customers
from demo.line.faults import FaultKind
from handlers import campaign_jobs, campaign_release
from journeys.campaigns import campaigns, freezing, recipients
from journeys.campaigns.tables import Campaign
from tests.conversations.campaign_scene import NEWS, fresh, going_on, progress, scheduled, stopped
from tests.conversations.scenario import Phone, Scenario

CUSTOMERS = 6


@pytest.fixture
def scenario(shop_at_noon: Scenario) -> Scenario:
    """A shop at noon, on either database."""
    return shop_at_noon


@pytest.fixture
def people(scenario: Scenario) -> list[Phone]:
    """Customers who have just come."""
    return [scenario.customer(f"客{number}") for number in range(CUSTOMERS)]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several chunks and calls with few people."""
    monkeypatch.setattr(freezing, "CHUNK", 4)
    monkeypatch.setattr(campaign_release, "AT_ONCE", 2)


def heard(people: list[Phone], text: str = NEWS) -> list[int]:
    """How often each got it."""
    return [
        sum(str(message.get("text", "")).endswith(text) for message in phone.handset.received())
        for phone in people
    ]


def minutes_pass(scenario: Scenario, minutes: int) -> None:
    """The clock's jobs for campaigns and the worker, each minute."""
    for _ in range(minutes):
        scenario.sleep(minutes=1)
        campaign_jobs.run_campaigns()
        scenario.settle()


def assert_done(campaign: Campaign, **expected: int) -> None:
    """Finished, and every recipient in one settled state."""
    found = progress(campaign)
    assert fresh(campaign).state == "done"
    assert found.sent + found.skipped + found.failed + found.held_out == found.audience == CUSTOMERS
    for name, count in expected.items():
        assert getattr(found, name) == count


@pytest.mark.parametrize("where", ["taken in", "decided on", "put into a call"])
def test_killed_between_chunks(
    scenario: Scenario, people: list[Phone], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    campaign = scheduled()
    module, name = {
        "taken in": (campaigns, "record"),
        "decided on": (recipients, "take"),
        "put into a call": (recipients, "put_into_call"),
    }[where]
    original, calls = getattr(module, name), []

    def second_time_killed(*args: object, **more: object) -> object:
        calls.append(name)
        result = original(*args, **more)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(module, name, second_time_killed)
    with pytest.raises(KeyboardInterrupt):
        campaign_jobs.run_campaigns()
    minutes_pass(scenario, 3)

    assert heard(people) == [1] * CUSTOMERS
    assert_done(campaign, sent=CUSTOMERS)


def test_two_clocks_in_one_second(scenario: Scenario, people: list[Phone]) -> None:
    campaign, start = scheduled(), threading.Barrier(2)

    def clock() -> None:
        start.wait()
        campaign_jobs.run_campaigns()
        campaign_jobs.run_campaigns()
        database.close()

    clocks = [threading.Thread(target=clock) for _ in range(2)]
    for each in clocks:
        each.start()
    for each in clocks:
        each.join()
    minutes_pass(scenario, 2)

    assert heard(people) == [1] * CUSTOMERS
    assert_done(campaign, sent=CUSTOMERS)


def test_whatever_line_does_with_the_first_calls_each_gets_it_once(
    scenario: Scenario, people: list[Phone]
) -> None:
    for kind in (FaultKind.RATE_LIMIT, FaultKind.DROP, FaultKind.ERROR):
        scenario.platform.faults.inject("multicast", kind)
    campaign = scheduled()

    minutes_pass(scenario, 12)

    assert heard(people) == [1] * CUSTOMERS
    assert_done(campaign, sent=CUSTOMERS)


@pytest.mark.parametrize("text", [NEWS, "{name}さん、" + NEWS], ids=["calls", "pushes"])
def test_whom_line_refuses_for_good_is_closed_and_the_others_get_it(
    scenario: Scenario, people: list[Phone], text: str
) -> None:
    scenario.may_park = True
    unknown = "U" + "e" * 32
    with write_transaction():
        customers.follow(unknown, conversations.ensure(unknown, unknown))
    campaign = scheduled(text)

    minutes_pass(scenario, 5)

    assert heard(people) == [1] * CUSTOMERS
    found = progress(campaign)
    assert (fresh(campaign).state, found.sent, found.failed, found.audience) == ("done", 6, 1, 7)
    tries = len(scenario.platform.calls)
    minutes_pass(scenario, 3)
    assert len(scenario.platform.calls) == tries, "it is not tried again each minute"


@pytest.mark.parametrize("text", [NEWS, "{name}さん、" + NEWS], ids=["calls", "pushes"])
def test_the_quota_goes_midway_it_stops_and_going_on_sends_the_rest(
    scenario: Scenario, people: list[Phone], text: str
) -> None:
    quota = scenario.platform.channel.quota
    quota.limit = quota.used(localtime.now().timestamp()) + 2
    campaign = scheduled(text)

    minutes_pass(scenario, 3)
    assert (fresh(campaign).state, fresh(campaign).reason) == ("stopped", "quota")
    assert sum(heard(people)) == 2
    assert "通数がなくなった" in "".join(each.sentence for each in notices.current())
    minutes_pass(scenario, 3)
    assert sum(heard(people)) == 2, "stopped is stopped"

    quota.limit = 1_000
    scenario.sender.refresh_month_quota()
    going_on(campaign)
    for _ in range(4):
        scenario.pass_time(minutes=1)

    assert heard(people) == [1] * CUSTOMERS
    assert_done(campaign, sent=CUSTOMERS)
    assert not [each for each in notices.current() if "キャンペーン" in each.sentence]


def test_what_the_month_held_before_a_person_goes_on_is_no_reason_to_stop_again(
    scenario: Scenario, people: list[Phone]
) -> None:
    quota = scenario.platform.channel.quota
    quota.limit = quota.used(localtime.now().timestamp()) + 2
    campaign = scheduled("{name}さん、" + NEWS)
    campaign_jobs.run_campaigns()
    scenario.settle()
    assert sum(heard(people)) == 2, "the others are held, and the clock has not seen it yet"
    stopped(campaign)
    quota.limit = 1_000
    going_on(campaign)

    campaign_jobs.run_campaigns()
    assert fresh(campaign).state == "sending"
    scenario.sender.refresh_month_quota()
    for _ in range(4):
        scenario.pass_time(minutes=1)

    assert heard(people) == [1] * CUSTOMERS
    assert_done(campaign, sent=CUSTOMERS)


def test_stopped_between_two_calls_and_gone_on_with(scenario: Scenario, people: list[Phone]) -> None:
    campaign = scheduled()
    with write_transaction():
        freezing.freeze_chunk(fresh(campaign))
    campaign_jobs.run_campaigns()  # calls are waiting to be made
    stopped(campaign)
    scenario.settle()
    assert heard(people) == [0] * CUSTOMERS, "no call is made while it is stopped"
    minutes_pass(scenario, 2)
    assert progress(campaign).waiting == CUSTOMERS

    going_on(campaign)
    minutes_pass(scenario, 3)

    assert heard(people) == [1] * CUSTOMERS
    assert_done(campaign, sent=CUSTOMERS)


def test_an_outage_in_the_middle_asks_before_it_goes_on(scenario: Scenario, people: list[Phone]) -> None:
    campaign = scheduled()
    with write_transaction():
        while freezing.freeze_chunk(fresh(campaign)):
            pass
    with write_transaction():
        campaign_release.release_chunk(fresh(campaign))
    scenario.settle()
    assert sum(heard(people)) == 2

    scenario.sleep(hours=3)
    minutes_pass(scenario, 3)
    assert (fresh(campaign).state, sum(heard(people))) == ("late", 2)
    with write_transaction():
        campaigns.confirm_late(fresh(campaign))
    minutes_pass(scenario, 3)

    assert heard(people) == [1] * CUSTOMERS
    assert_done(campaign, sent=CUSTOMERS)
