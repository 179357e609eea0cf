"""kill -9 of the worker, and two clocks, while customers go through a flow: every step arrives once and in order."""

import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import peewee

from bot import conversations, localtime
from bot.db import database
from bot.db.database import write_transaction
from customers.people import customer as customers
from demo.line.accounts import Friendship
from demo.phone.client import Handset
from demo.phone.platform import Platform
from handlers import flow_jobs
from journeys.enrolments import requests
from journeys.enrolments.tables import Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from tests.faults.test_kill import Process, platform, wait_for
from tests.faults.test_kill_unasked import received, worker

__all__ = ("platform", "worker")
CUSTOMERS = 40
STEPS = ["ひとつめ", "ふたつめ", "みっつめ"]
FLOW = """
key = "delivery"
name = "お届け"
class = "order"
trigger = { on = "order" }
""" + "".join(
    f'[[step]]\nkey = "s{number}"\nlatest_days = 0\ntext = "{text}"\n' for number, text in enumerate(STEPS)
)


def test_failures_2_and_5_a_killed_worker_skips_no_step_and_sends_none_twice(
    any_database: peewee.Database, platform: Platform, worker: Process
) -> None:
    assert any_database
    people = [platform.handset(f"客{number}") for number in range(CUSTOMERS)]
    platform.faults.latency_seconds = 0.05
    with two_clocks():
        put_in(people)
        for goal in (CUSTOMERS // 3, 3 * CUSTOMERS // 2):
            wait_for(lambda goal=goal: received(people) >= goal, f"{goal} messages")  # type: ignore[misc]
            worker.kill_and_restart()
        wait_for(lambda: received(people) >= len(STEPS) * CUSTOMERS, "every message")
        wait_for(
            lambda: Enrolment.select().where(Enrolment.state == "done").count() == CUSTOMERS, "all to end"
        )
    worker.kill()
    heard = [[str(message["text"]) for message in each.received()] for each in people]
    assert heard == [STEPS] * CUSTOMERS


def put_in(people: list[Handset]) -> None:
    """The flow is on, and every customer was put into it by hand."""
    long_ago = localtime.now() - timedelta(days=2)
    with write_transaction():
        flow = stock.switch_on(
            stock.import_flow(FlowDefinition.model_validate({"holdout_percent": 0} | tomllib.loads(FLOW))),
            long_ago,
        )
    with write_transaction():
        for each in people:
            each.person.friendship = Friendship.FRIEND
            customer = customers.follow(each.user_id, conversations.ensure(each.user_id, each.user_id))
            requests.request_entry(customer.id, flow.id, "staff:7")
    database.close()


@contextmanager
def two_clocks() -> Iterator[None]:
    """Two clocks run the same job at the same time."""
    stopping = threading.Event()
    clocks = [threading.Thread(target=tick, args=(stopping,)) for _ in range(2)]
    for clock in clocks:
        clock.start()
    try:
        yield
    finally:
        stopping.set()
        for clock in clocks:
            clock.join()


def tick(stopping: threading.Event) -> None:
    """A clock's job, again and again."""
    while not stopping.wait(0.2):
        flow_jobs.take_due_steps()
    database.close()
