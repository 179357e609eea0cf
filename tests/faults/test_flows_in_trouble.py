"""Flows and other unasked messages through faults: clocks at once, a clock that jumps, the month's quota gone, LINE
that refuses or does not answer, the database away. Nobody gets anything twice, late at night or out of order."""

import threading
import tomllib
from collections.abc import Callable
from datetime import timedelta

import peewee
import pytest

from benchmarks import year_checks
from benchmarks.year_customers import Life
from bot import localtime
from bot.db import database
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.line.delivery import HELD
from bot.queue.outbox import OutboxMessage
from demo.line.faults import FaultKind
from handlers import flow_jobs, message_jobs, timetable, unasked
from journeys.enrolments import due, subscriptions
from journeys.enrolments.tables import Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.sending.message_kinds import Kind
from tests.conversations.scenario import NOON, Phone, Scenario

CUSTOMERS = 4
STEPS = ["ひとつめ", "ふたつめ", "みっつめ"]
FLOW = """
key = "newcomers"
name = "はじめまして"
trigger = { on = "follow" }
""" + "".join(
    f'[[step]]\nkey = "s{number}"\nwait = {{ days = 2, at = "11:00" }}\nlatest_days = 1\ntext = "{text}"\n'
    for number, text in enumerate(STEPS)
)
A_YEAR = timedelta(days=365)


@pytest.fixture
def scenario(shop_at_noon: Scenario) -> Scenario:
    """A shop with a flow for newcomers on, at noon."""
    with localtime.fixed(NOON - timedelta(days=1)), write_transaction():
        flow = stock.import_flow(FlowDefinition.model_validate({"holdout_percent": 0} | tomllib.loads(FLOW)))
        stock.switch_on(flow, localtime.now())
    subscriptions.forget_cached()
    return shop_at_noon


@pytest.fixture
def people(scenario: Scenario) -> list[Phone]:
    """Customers who have just come."""
    return [scenario.customer(f"客{number}") for number in range(CUSTOMERS)]


def days_pass(scenario: Scenario, days: int) -> None:
    """Several runs of the clock's jobs a day, also by night; the worker looks for what the month's limit held."""
    for _ in range(days * 3):
        scenario.pass_time(hours=7, minutes=50)
        scenario.sleep(minutes=10)
        scenario.sender.release_held_when_possible()
        scenario.sender.refresh_month_quota()
        scenario.settle()


def heard(people: list[Phone]) -> list[list[str]]:
    """The steps that each received, in their order."""
    texts = [[str(message.get("text")) for message in phone.handset.received()] for phone in people]
    return [[text for text in some if text in STEPS] for some in texts]


def violations(scenario: Scenario, people: list[Phone]) -> list[str]:
    """What is wrong with everything that LINE received; deadlines aside, which the faults made impossible."""
    return year_checks.violations([Life(phone, NOON, 1) for phone in people], scenario.platform, A_YEAR)


def test_clocks_at_once_put_the_same_messages_and_steps_once(scenario: Scenario, people: list[Phone]) -> None:
    with write_transaction():
        for phone in people:
            news = [line.text("お知らせ")]
            unasked.say(phone.customer, news, kind=Kind.TESTIMONIAL_PUBLISHED, cause=f"news:{phone.user_id}")
    scenario.sleep(days=3)
    start = threading.Barrier(3)

    def clock() -> None:
        start.wait()
        for _ in range(3):
            message_jobs.release_planned_messages()
            flow_jobs.take_due_steps()
        database.close()

    clocks = [threading.Thread(target=clock) for _ in range(3)]
    for each in clocks:
        each.start()
    for each in clocks:
        each.join()
    scenario.settle()
    days_pass(scenario, 8)
    assert heard(people) == [STEPS] * CUSTOMERS
    assert violations(scenario, people) == []


@pytest.mark.parametrize("jump", [timedelta(days=40, hours=14), timedelta(hours=-1)], ids=["forward", "back"])
def test_a_clock_that_jumps(scenario: Scenario, people: list[Phone], jump: timedelta) -> None:
    days_pass(scenario, 3)
    scenario.pass_time(seconds=jump.total_seconds())
    assert max(len(some) for some in heard(people)) <= 2, "no backlog at once"
    days_pass(scenario, 10)
    assert heard(people) == [STEPS] * CUSTOMERS
    assert violations(scenario, people) == []


def test_the_months_quota_goes_midway_and_comes_back_next_month(
    scenario: Scenario, people: list[Phone]
) -> None:
    scenario.sleep(days=25)  # 26 April: the first step is due
    quota = scenario.platform.channel.quota
    quota.limit = quota.used(localtime.now().timestamp()) + 2
    days_pass(scenario, 4)
    assert sum(map(len, heard(people))) == 2
    assert OutboxMessage.select().where(OutboxMessage.state == HELD).exists(), "some met LINE's refusal"
    days_pass(scenario, 1)
    quota.limit = 1_000
    days_pass(scenario, 10)
    assert heard(people) == [STEPS] * CUSTOMERS
    assert violations(scenario, people) == []


def test_whatever_line_does_with_the_first_calls_each_step_comes_once(
    scenario: Scenario, people: list[Phone]
) -> None:
    for kind in (FaultKind.RATE_LIMIT, FaultKind.DROP, FaultKind.ERROR):
        scenario.platform.faults.inject("push", kind, times=3)
    days_pass(scenario, 10)
    assert heard(people) == [STEPS] * CUSTOMERS
    keys = {call.retry_key for call in scenario.platform.calls if call.endpoint == "push"}
    assert len(keys) == CUSTOMERS * len(STEPS), "another try has the same retry key"
    assert violations(scenario, people) == []


def test_what_line_refuses_in_the_evening_waits_for_the_morning(
    scenario: Scenario, people: list[Phone]
) -> None:
    scenario.sleep(days=3, hours=8, minutes=55)  # 20:55
    scenario.platform.faults.inject("push", FaultKind.RATE_LIMIT, times=CUSTOMERS)
    scenario.pass_time()
    for _ in range(6):
        scenario.sleep(minutes=10)
        scenario.settle()
    assert heard(people) == [[]] * CUSTOMERS
    days_pass(scenario, 1)
    assert [some[:1] for some in heard(people)] == [STEPS[:1]] * CUSTOMERS
    assert violations(scenario, people) == []


def test_the_database_goes_away_while_due_steps_are_taken(
    scenario: Scenario, people: list[Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario.sleep(days=2)
    with monkeypatch.context() as failing:
        failing.setattr(due, "take", _and_then_the_database_is_gone(due.take))
        job = next(each for each in timetable.JOBS if each.run is flow_jobs.take_due_steps)
        timetable.run(job)
    assert Enrolment.select().where(Enrolment.state == "taken").count() == 0, "all or nothing"
    days_pass(scenario, 9)
    assert heard(people) == [STEPS] * CUSTOMERS
    assert violations(scenario, people) == []


def _and_then_the_database_is_gone(take: Callable[[], int]) -> Callable[[], int]:
    def taken() -> int:
        take()
        if database.is_postgres():
            pid = database.execute("SELECT pg_backend_pid()").fetchone()[0]
            database.execute("SELECT pg_terminate_backend(?)", pid)
        raise peewee.OperationalError("disk I/O error")

    return taken
