"""kill -9 of the worker while it sends planned messages: every customer gets theirs exactly once."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import peewee
import pytest

from bot import conversations
from bot.config import settings as bot_settings
from bot.db import database
from bot.db.database import write_transaction
from bot.line import messages as line
from customers.people import customer as customers
from demo.line.accounts import Friendship
from demo.phone.client import Handset
from demo.phone.platform import Platform
from handlers import message_jobs
from journeys.sending import planned
from journeys.sending.message_kinds import Kind
from journeys.sending.planned import NewMessage
from journeys.sending.tables import PlannedMessage
from tests.faults.test_kill import Process, platform, wait_for
from tests.project_files import ROOT

__all__ = ("platform",)
CUSTOMERS = 60
LINE_SECONDS = 0.15
"""Seconds LINE takes for a call, so that a kill interrupts many calls."""


@pytest.fixture
def worker(any_database: peewee.Database, platform: Platform, tmp_path: Path) -> Iterator[Process]:
    """A worker; at any hour of the day it may push."""
    assert any_database
    (tmp_path / "shop.toml").write_text("[sending]\nquiet_from_hour = 0\nquiet_until_hour = 0\n")
    config = bot_settings.current().model_copy(
        update={"line_api_url": platform.url, "line_data_api_url": platform.url, "log_level": "WARNING"}
    )
    given = {name.upper(): str(value) for name, value in config.model_dump().items() if value is not None}
    environ = os.environ | given | {"SHOP_TOML": str(tmp_path / "shop.toml"), "PYTHONPATH": str(ROOT)}
    made = Process([sys.executable, "worker.py"], environ, tmp_path / "worker.log")
    yield made
    made.kill()


def test_a_killed_worker_sends_each_planned_message_once(platform: Platform, worker: Process) -> None:
    people = [platform.handset(f"客{number}") for number in range(CUSTOMERS)]
    for each in people:
        each.person.friendship = Friendship.FRIEND
        plan_two(each)
    platform.faults.latency_seconds = LINE_SECONDS
    for goal in (CUSTOMERS // 4, CUSTOMERS):
        wait_for(lambda goal=goal: received(people) >= goal, f"{goal} messages")  # type: ignore[misc]
        worker.kill_and_restart()
    wait_for(lambda: received(people) >= 2 * CUSTOMERS, "every message")
    wait_for(
        lambda: PlannedMessage.select().where(PlannedMessage.state == "sent").count() == 2 * CUSTOMERS,
        "rows",
    )
    message_jobs.release_planned_messages()
    worker.kill()
    heard = [Counter(str(message["text"]) for message in each.received()) for each in people]
    assert heard == [Counter(["一通目", "二通目"])] * CUSTOMERS


def plan_two(person: Handset) -> None:
    """Two messages that are due now: they share one push."""
    with write_transaction():
        conversation_id = conversations.ensure(person.user_id, person.user_id)
        customer = customers.follow(person.user_id, conversation_id)
        for number in ("一通目", "二通目"):
            new = NewMessage(Kind.COUPON_GIVEN, f"{person.user_id}:{number}", (line.text(number),))
            planned.plan(customer, new)
    database.close()


def received(people: list[Handset]) -> int:
    return sum(len(each.received()) for each in people)
