"""Enrolments on both databases: taken once by one of several clocks, in order, entered once, ended for good."""

import json
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from bot.worker.sender import Sender
from bot.worker.worker import handle_next
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_customer_facts, flow_jobs, register
from handlers.flow_triggers import PROVIDERS
from journeys.enrolments import due, goals_and_exits, occurring, requests, steps, subscriptions
from journeys.enrolments.tables import Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import Flow
from journeys.sending.tables import PlannedMessage
from tests.storage.inbox_scene import NoteTakingLine

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
FLOW = """
key = "care"
name = "使い方"
trigger = { on = "hand" }
[[step]]
key = "one"
wait = { days = 1 }
text = "ひとつめ"
[[step]]
key = "two"
wait = { days = 1 }
text = "ふたつめ"
"""


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    register()
    shop.use({})
    with localtime.fixed(NOW):
        yield


def on(toml: str = FLOW, **changed: object) -> Flow:
    definition = FlowDefinition.model_validate({"holdout_percent": 0} | tomllib.loads(toml) | changed)
    long_ago = NOW - timedelta(days=30)
    with localtime.fixed(long_ago), write_transaction():
        flow = stock.switch_on(stock.import_flow(definition), long_ago)
    subscriptions.forget_cached()
    return flow


def person(name: str) -> Customer:
    user_id = f"U-{name}"
    with write_transaction():
        return customers.follow(user_id, conversations.ensure(user_id, user_id))


def put_in(flow: Flow, *people: Customer) -> None:
    with write_transaction():
        for each in people:
            occurring.enter(each, flow.id, Occurrence(On.HAND, "staff:7"), PROVIDERS, is_asked_for=True)


def take() -> int:
    with write_transaction():
        return due.take()


def events() -> list[tuple[int, int]]:
    """The enrolments whose events wait, with their takes, in the order in which they are handled."""
    rows = InboxEvent.select().where(InboxEvent.source == "flow.step_due")
    bodies = [json.loads(row.body) for row in rows.order_by(InboxEvent.occurred_at, InboxEvent.id)]
    return [(body["enrolment"], body["take"]) for body in bodies]


def work() -> None:
    """Handle every event."""
    sender = Sender(NoteTakingLine(), thread_count=1)
    while handle_next(sender):
        pass
    sender.stop()
    assert [row.error for row in InboxEvent.select().where(InboxEvent.state != "done")] == []


def test_failure_6_clocks_at_once_take_each_once() -> None:
    flow = on()
    put_in(flow, *(person(f"客{number}") for number in range(60)))
    taken: list[int] = []

    def clock() -> None:
        with localtime.fixed(NOW + timedelta(days=1)):
            for _ in range(6):
                with write_transaction():
                    taken.append(due.take(7))
        database.close()

    with localtime.fixed(NOW + timedelta(days=1)):
        threads = [threading.Thread(target=clock) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(taken) == 60
    assert len(events()) == len(set(events())) == 60


def test_what_is_due_is_taken_in_the_order_in_which_it_came_due() -> None:
    flow = on()
    people = [person(f"客{number}") for number in range(5)]
    for hours, each in zip((3, 1, 2, 5, 4), people, strict=True):
        with localtime.fixed(NOW - timedelta(hours=hours)):
            put_in(flow, each)
    with localtime.fixed(NOW + timedelta(days=1)):
        assert take() == 5
    by_id = {row.id: row.customer_id for row in Enrolment.select()}
    order = [people.index(next(each for each in people if each.id == by_id[row])) for row, _ in events()]
    assert order == [3, 4, 0, 2, 1]


def test_nothing_is_taken_before_it_is_due() -> None:
    put_in(on(), person("美咲"))
    with localtime.fixed(NOW + timedelta(days=1) - timedelta(seconds=1)):
        assert take() == 0


def test_failure_5_a_step_that_was_taken_is_carried_out_by_whichever_worker_comes_next() -> None:
    put_in(on(), person("美咲"))
    with localtime.fixed(NOW + timedelta(days=1)):
        take()
        assert take() == 0  # the clock was killed after its commit and runs again
        work()
        work()
    assert PlannedMessage.select().where(PlannedMessage.step_key == "one").count() == 1
    assert Enrolment.get().state == "sending"


def test_an_event_of_an_earlier_take_does_nothing() -> None:
    put_in(on(), person("美咲"))
    with localtime.fixed(NOW + timedelta(days=1)):
        take()
        Enrolment.update(take_count=Enrolment.take_count + 1).execute()
        work()
    assert PlannedMessage.select().count() == 0


def test_a_customer_without_a_conversation_leaves_and_holds_up_nobody() -> None:
    flow = on()
    gone, misaki = person("去った客"), person("美咲")
    put_in(flow, gone, misaki)
    Customer.update(conversation=None).where(Customer.id == gone.id).execute()
    with localtime.fixed(NOW + timedelta(days=1)):
        assert take() == 2
    assert len(events()) == 1
    assert Enrolment.get(Enrolment.customer == gone.id).end_reason == "unreachable"


def test_failure_29_561_who_enter_at_once_all_get_every_step() -> None:
    flow = on()
    people = [person(f"客{number}") for number in range(561)]
    put_in(flow, *people)
    for day in (1, 2):
        with localtime.fixed(NOW + timedelta(days=day)):
            assert flow_jobs.take_due_steps() == 561
            work()
            with write_transaction():
                for row in PlannedMessage.select().where(PlannedMessage.state == "waiting"):
                    PlannedMessage.update(state="sent").where(PlannedMessage.id == row.id).execute()
                    row.state = "sent"
                    steps.settled(row, PROVIDERS)
    assert [
        PlannedMessage.select().where(PlannedMessage.step_key == key).count() for key in ("one", "two")
    ] == [
        561,
        561,
    ]
    assert Enrolment.select().where(Enrolment.state == "done").count() == 561


def test_a_request_to_put_somebody_in_is_carried_out_once() -> None:
    flow, misaki = on(), person("美咲")
    with write_transaction():
        made = [requests.request_entry(misaki.id, flow.id, "staff:7") for _ in range(2)]
    work()
    assert (made, Enrolment.select().count()) == ([True, False], 1)


def test_failure_10_two_who_enter_the_same_customer_at_once_make_one_run() -> None:
    flow, misaki = on(), person("美咲")
    made: list[bool] = []

    def enter() -> None:
        with write_transaction():
            found = occurring.enter(misaki, flow.id, Occurrence(On.HAND, "x"), PROVIDERS, is_asked_for=True)
        made.append(found is not None)
        database.close()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, False, False, True]


def test_an_occurrence_that_no_flow_asks_for_costs_no_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    on()
    misaki = person("美咲")
    subscriptions.has_subscriber(On.SCORE)
    run: list[str] = []
    monkeypatch.setattr(stock, "FRESH_SECONDS", 60)
    monkeypatch.setattr("bot.db.database.execute", lambda sql, *_: run.append(sql))
    monkeypatch.setattr("peewee.Database.execute_sql", lambda _, sql, *__: run.append(sql))
    PROVIDERS.publish(misaki, Occurrence(On.SCORE, "survey-answer:1", score=9))
    assert run == []


def test_those_held_by_a_pause_go_on_in_chunks_and_those_of_a_flow_that_is_off_end() -> None:
    flow = on()
    put_in(flow, *(person(f"客{number}") for number in range(12)))
    with localtime.fixed(NOW + timedelta(days=1)):
        with write_transaction():
            stock.pause(flow)
        flow_jobs.take_due_steps()
        work()
        assert {(row.state, row.end_reason) for row in Enrolment.select()} == {("held", "paused")}
        assert flow_jobs.settle_stopped_flows() == 0
        with write_transaction():
            stock.switch_on(flow, localtime.now())
            assert goals_and_exits.release_held(flow.id, 5) == 5
        assert flow_jobs.settle_stopped_flows() == 7
        with write_transaction():
            stock.switch_off(flow)
        assert flow_jobs.settle_stopped_flows() == 12
    assert {(row.state, row.end_reason, row.due_at) for row in Enrolment.select()} == {("ended", "off", None)}


def test_a_ticket_and_the_calm_days_after_it_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    from support.tickets import tickets

    misaki = person("美咲")
    with write_transaction():
        opened = tickets.open_ticket(
            misaki.id, misaki.conversation_id or 0, cause=tickets.ASKED, cause_key="asked:1"
        )
    assert flow_customer_facts.rests_until(misaki.id, 3) == NOW + timedelta(days=1)
    with write_transaction():
        tickets.resolve(opened.ticket.id)
    assert flow_customer_facts.rests_until(misaki.id, 3) == NOW + timedelta(days=3)
    assert flow_customer_facts.rests_until(misaki.id, 0) is None
    with localtime.fixed(NOW + timedelta(days=3)):
        assert flow_customer_facts.rests_until(misaki.id, 3) is None
