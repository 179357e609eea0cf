"""Campaigns on both databases: frozen in chunks that survive a crash, decided on in few statements, each once."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db import database
from bot.db.database import execute, write_transaction
from bot.queue import multicasts
from bot.queue.multicasts import Multicast
from bot.queue.outbox import OutboxMessage
from bot.worker.heartbeat import Heartbeat
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import campaign_jobs, campaign_release, recipient_facts, register
from journeys.campaigns import campaigns, freezing, recipient_lists, recipients
from journeys.campaigns.campaigns import CannotBeSent
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.recipient_lists import Group
from journeys.campaigns.tables import Campaign, CampaignRecipient
from journeys.proof.assignment import sides
from journeys.sending import planned, waiting
from journeys.sending.message_kinds import Kind
from journeys.sending.planned import NewMessage
from journeys.sending.tables import JourneyEntry, PlannedMessage
from support.tickets import tickets

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    register()
    shop.use({})
    with localtime.fixed(NOW):
        yield


def people(count: int, prefix: str = "U") -> list[Customer]:
    """Customers who follow the shop."""
    names = [f"{prefix}{number}" for number in range(count)]
    with write_transaction():
        return [customers.follow(name, conversations.ensure(name, name)) for name in names]


def a_campaign(at: datetime | None = None, **changed: Any) -> Campaign:
    values = {"name": "お知らせ", "class_": "care", "message": {"text": "お茶です。"}, "holdout_percent": 0}
    with write_transaction():
        campaign = campaigns.create(CampaignDefinition.model_validate(values | changed), None)
        assert campaigns.schedule(campaign, at)
    return campaign


def freeze(campaign: Campaign) -> None:
    """As the clock does, to the audience's end."""
    more = 1
    while more:
        with write_transaction():
            more = freezing.freeze_chunk(fresh(campaign))


def release(campaign: Campaign) -> int:
    with write_transaction():
        return campaign_release.release_chunk(fresh(campaign))


def fresh(campaign: Campaign) -> Campaign:
    found: Campaign = Campaign.get_by_id(campaign.id)
    return found


def states(campaign: Campaign) -> dict[int, tuple[str, str]]:
    rows = CampaignRecipient.select().where(CampaignRecipient.campaign == campaign.id)
    return {row.customer_id: (row.state, row.reason) for row in rows}


# The audience


def test_a_crash_between_chunks_leaves_nobody_out_and_takes_nobody_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    all_of_them = people(7)
    monkeypatch.setattr(freezing, "CHUNK", 3)
    campaign = a_campaign()
    with write_transaction():
        freezing.freeze_chunk(campaign)
    with pytest.raises(InterruptedError), write_transaction():
        freezing.freeze_chunk(fresh(campaign))
        raise InterruptedError

    freeze(campaign)

    assert set(states(campaign)) == {each.id for each in all_of_them}
    assert CampaignRecipient.select().count() == 7
    assert fresh(campaign).frozen_at == NOW


def test_an_audience_larger_than_the_number_of_values_that_a_database_binds() -> None:
    some = people(3)
    ids = tuple(range(1, 70_000))

    campaign = a_campaign(audience={"customer_ids": ids})
    freeze(campaign)

    assert set(states(campaign)) == {each.id for each in some}


def test_what_changes_after_freezing_changes_no_audience() -> None:
    campaign = a_campaign()
    first = people(2)
    freeze(campaign)
    people(2, "late")
    with write_transaction():
        customers.block(first[0])

    with write_transaction():
        assert freezing.freeze_chunk(fresh(campaign)) in (0, 2)

    assert set(states(campaign)) >= {each.id for each in first}


def test_a_draft_collects_nobody_and_an_unfinished_one_cannot_be_scheduled() -> None:
    people(2)
    with write_transaction():
        draft = campaigns.create(CampaignDefinition.model_validate({"name": "x"}), 7)

    campaign_jobs.run_campaigns()

    assert states(draft) == {}
    with pytest.raises(CannotBeSent, match="no message yet"), write_transaction():
        campaigns.schedule(draft, None)
    assert fresh(draft).state == "draft"


def test_the_time_stored_is_the_time_given_and_the_time_it_begins() -> None:
    people(1)
    nine_thirty = datetime(2026, 4, 2, 9, 30, tzinfo=localtime.zone())
    campaign = a_campaign(nine_thirty)
    again = fresh(campaign)
    assert again.scheduled_at is not None
    assert localtime.local(again.scheduled_at) == nine_thirty

    with localtime.fixed(nine_thirty - timedelta(seconds=1)):
        assert campaign_jobs.run_campaigns() == 0
    with localtime.fixed(nine_thirty):
        campaign_jobs.run_campaigns()

    assert set(states(campaign).values()) == {("in-a-call", "")}
    assert Multicast.get().created_at == nine_thirty


def test_the_side_of_each_is_that_of_the_hash_and_stays() -> None:
    all_of_them = people(60)
    campaign = a_campaign(holdout_percent=30)
    freeze(campaign)
    ids = [each.id for each in all_of_them]
    with write_transaction():
        expected = sides(campaigns.subject_of(campaign.id), ids, 30)

    found = states(campaign)

    assert {each for each in ids if found[each][0] == "held-out"} == {
        each for each in ids if expected[each].is_held_out
    }
    assert {each for each in ids if found[each][1] == "shop"} == {
        each for each in ids if expected[each].by_shop
    }


# Who gets it


def test_facts_of_many_take_as_many_statements_as_those_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = people(40)
    count = []
    original = database.database.obj.execute_sql

    def counting(*args: Any, **more: Any) -> Any:
        count.append(args[0])
        return original(*args, **more)

    def statements_of(some: list[Customer]) -> int:
        count.clear()
        recipient_facts.of_customers(some)
        waiting.sent_lately_to([each.id for each in some])
        return len(count)

    monkeypatch.setattr(database.database.obj, "execute_sql", counting)
    assert statements_of(all_of_them) == statements_of(all_of_them[:1]) > 0


def test_facts_of_many_are_those_of_each() -> None:
    calm, with_ticket, opted_out, blocked = people(4)
    with write_transaction():
        tickets.open_ticket(with_ticket.id, with_ticket.conversation_id or 0, cause="asked", cause_key="a")
        customers.opt_out(opted_out)
        customers.block(blocked)
    some = list(Customer.select())

    found = recipient_facts.of_customers(some)

    assert found == {each.id: recipient_facts.of_customer(each) for each in some}
    assert [found[each.id].has_ticket for each in (calm, with_ticket)] == [False, True]
    assert (found[opted_out.id].is_opted_out, found[blocked.id].is_blocked) == (True, True)


def test_sums_add_up_and_those_passed_over_write_no_line_in_the_record() -> None:
    all_of_them = people(30)
    campaign = a_campaign(class_="selling")
    freeze(campaign)
    assert release(campaign) == 30

    found = campaigns.progress(campaign)

    assert (found.audience, found.skipped, found.open_count) == (30, 30, 0)
    assert recipient_lists.groups(campaign.id) == [Group("skipped", "basic", 30)]
    assert JourneyEntry.select().count() == PlannedMessage.select().count() == 0
    assert len(all_of_them) == found.audience


def test_a_call_has_a_planned_message_for_each_which_limits_and_costs_count() -> None:
    all_of_them = people(3)
    campaign = a_campaign()
    freeze(campaign)
    release(campaign)

    rows = list(PlannedMessage.select().order_by(PlannedMessage.customer))

    assert [row.customer_id for row in rows] == [each.id for each in all_of_them]
    assert {(row.state, row.kind, row.carries_cost) for row in rows} == {("sent", "campaign", True)}
    outbox = {row.id: row for row in OutboxMessage.select()}
    assert [outbox[row.outbox_id or 0].conversation_id for row in rows] == [
        each.conversation_id for each in all_of_them
    ]
    assert all(waiting.sent_lately(each.id).counted_at for each in all_of_them)


def test_a_crash_in_the_middle_of_a_chunk_leaves_no_trace_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    people(5)
    campaign = a_campaign()
    freeze(campaign)
    with monkeypatch.context() as broken:
        broken.setattr(recipients, "put_into_call", _interrupted)
        with pytest.raises(InterruptedError):
            release(campaign)
    assert campaigns.progress(campaign).waiting == 5
    assert Multicast.select().count() == OutboxMessage.select().count() == 0

    release(campaign)

    assert campaigns.progress(campaign).in_a_call == OutboxMessage.select().count() == 5


def _interrupted(*_args: object) -> None:
    raise InterruptedError


def test_two_clocks_in_one_second_take_each_recipient_once(monkeypatch: pytest.MonkeyPatch) -> None:
    people(40)
    monkeypatch.setattr(freezing, "CHUNK", 7)
    monkeypatch.setattr(campaign_release, "AT_ONCE", 6)
    campaign = a_campaign()
    start = threading.Barrier(2)

    def clock() -> None:
        start.wait()
        for _ in range(3):
            campaign_jobs.run_campaigns()
        database.close()

    clocks = [threading.Thread(target=clock) for _ in range(2)]
    for each in clocks:
        each.start()
    for each in clocks:
        each.join()
    campaign_jobs.run_campaigns()

    assert campaigns.progress(campaign).in_a_call == 40
    assert OutboxMessage.select().count() == PlannedMessage.select().count() == 40
    assert OutboxMessage.select(OutboxMessage.conversation).distinct().count() == 40


@pytest.mark.parametrize("any_database", ["postgres"], indirect=True)  # SQLite has one writer
def test_who_is_being_handled_just_now_comes_with_the_next_chunk() -> None:
    busy, calm = people(2)
    campaign = a_campaign()
    freeze(campaign)
    is_locked, may_end = threading.Event(), threading.Event()

    def worker() -> None:
        with write_transaction():
            execute("SELECT id FROM conversation WHERE id = ? FOR NO KEY UPDATE", busy.conversation_id)
            is_locked.set()
            may_end.wait(10)
        database.close()

    thread = threading.Thread(target=worker)
    thread.start()
    is_locked.wait(10)
    assert release(campaign) == 1
    may_end.set()
    thread.join()

    assert [states(campaign)[each.id][0] for each in (busy, calm)] == ["waiting", "in-a-call"]
    assert release(campaign) == 1


def test_a_call_that_reached_nobody_gives_its_recipients_back() -> None:
    all_of_them = people(3)
    campaign = a_campaign()
    freeze(campaign)
    release(campaign)
    with write_transaction():
        assert recipients.give_back(Multicast.get().id) == 3

    assert set(states(campaign).values()) == {("waiting", "")}
    assert PlannedMessage.select().count() == 0
    assert not waiting.sent_lately(all_of_them[0].id).counted_at
    assert release(campaign) == 3


def test_the_same_call_again_has_the_same_retry_key_and_any_other_another() -> None:
    chats = [each.conversation_id or 0 for each in people(3)]
    campaign = a_campaign()
    freeze(campaign)
    release(campaign)
    first = Multicast.get()
    with write_transaction():  # as a database restored to a time before the call makes it again
        recipients.give_back(first.id)
    release(campaign)
    with write_transaction():
        for number, (some, once) in enumerate(((chats, "campaign:9"), (chats[:2], "campaign:9"))):
            multicasts.create(some, json.loads(first.messages), cause=f"other:{number}", once=once)

    keys = [each.retry_key for each in Multicast.select().order_by(Multicast.id)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("clock_seen_before", "scheduled_before", "state"),
    [
        (
            timedelta(hours=9),
            timedelta(hours=12),
            "late",
        ),  # last night's backup, restored ten minutes after noon
        (timedelta(hours=9), timedelta(minutes=5), "sending"),  # scheduled while the clock stood still
        (timedelta(minutes=50), timedelta(hours=12), "sending"),  # a short outage
        (timedelta(seconds=3), timedelta(hours=12), "sending"),
        (None, timedelta(hours=12), "sending"),
    ],
)
def test_a_backup_restored_within_the_hour_asks_first(
    clock_seen_before: timedelta | None, scheduled_before: timedelta, state: str
) -> None:
    people(3)
    campaign = a_campaign()
    begins_at = NOW - timedelta(minutes=10)
    Campaign.update(scheduled_at=begins_at, changed_at=NOW - scheduled_before).execute()
    if clock_seen_before is not None:
        seen_at = localtime.machine_now() - clock_seen_before
        Heartbeat.insert(process="clock", seen_at=seen_at, shop_time_at=NOW - clock_seen_before).execute()
    campaign_jobs.run_campaigns()
    assert fresh(campaign).state == state


def test_a_stop_keeps_what_is_planned_from_expiring_and_going_on_begins_the_days_anew() -> None:
    (one,) = people(1)
    with write_transaction():
        tickets.open_ticket(one.id, one.conversation_id or 0, cause="asked", cause_key="a")
    campaign = a_campaign(defer_days=2)
    freeze(campaign)
    release(campaign)
    assert PlannedMessage.get().expires_at == NOW + timedelta(days=2)

    with write_transaction():
        campaigns.stop(fresh(campaign))
    assert PlannedMessage.get().expires_at > NOW + timedelta(days=1_000)
    with localtime.fixed(NOW + timedelta(days=9)), write_transaction():
        campaigns.go_on(fresh(campaign))

    row = PlannedMessage.get()
    assert row.expires_at == NOW + timedelta(days=11)
    assert row.due_at == NOW + timedelta(days=9)


def test_what_care_needs_of_the_month_is_left_to_it() -> None:
    all_of_them = people(10)
    shop.use({"sending": {"month_limit": 8, "reserve_percent": 0}})
    with write_transaction():
        for each in all_of_them[:3]:
            assert planned.plan(
                each,
                NewMessage(
                    Kind.RANK_ROSE, f"care:{each.id}", latest_at=NOW + timedelta(days=1), data={"x": 1}
                ),
            )
    campaign = a_campaign(message={"text": "{name}さん"})

    campaign_jobs.run_campaigns()

    rows = PlannedMessage.select().where(PlannedMessage.kind == Kind.CAMPAIGN)
    assert Counter(row.reason for row in rows) == {"": 5, "budget": 5}
    assert campaigns.progress(campaign).planned == 10
