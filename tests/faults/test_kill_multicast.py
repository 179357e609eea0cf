"""kill -9 of the worker while it sends multicasts: every customer gets theirs exactly once, and the sums add up."""

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
from bot.queue import multicasts
from bot.queue.multicasts import Multicast
from bot.queue.outbox import OutboxMessage
from demo.line.accounts import Friendship
from demo.phone.client import Handset
from demo.phone.platform import Platform
from tests.faults.test_kill import Process, platform, wait_for
from tests.project_files import ROOT

__all__ = ("platform",)
CUSTOMERS, IN_A_CALL = 300, 25
CALLS = CUSTOMERS // IN_A_CALL
LINE_SECONDS = 0.15
"""Seconds LINE takes for a call, so that a kill interrupts calls."""


@pytest.fixture
def workers(any_database: peewee.Database, platform: Platform, tmp_path: Path) -> Iterator[list[Process]]:
    """Two workers; at any hour of the day they may send."""
    assert any_database
    (tmp_path / "shop.toml").write_text("[sending]\nquiet_from_hour = 0\nquiet_until_hour = 0\n")
    config = bot_settings.current().model_copy(
        update={"line_api_url": platform.url, "line_data_api_url": platform.url, "log_level": "WARNING"}
    )
    given = {name.upper(): str(value) for name, value in config.model_dump().items() if value is not None}
    environ = os.environ | given | {"SHOP_TOML": str(tmp_path / "shop.toml"), "PYTHONPATH": str(ROOT)}
    made = [
        Process([sys.executable, "worker.py"], environ, tmp_path / f"worker-{number}.log")
        for number in range(2)
    ]
    yield made
    for each in made:
        each.kill()


def test_killed_workers_send_each_customer_theirs_once(platform: Platform, workers: list[Process]) -> None:
    people = [platform.handset(f"客{number}") for number in range(CUSTOMERS)]
    for each in people:
        each.person.friendship = Friendship.FRIEND
    platform.faults.latency_seconds = LINE_SECONDS
    create(people)
    for number, goal in enumerate((1, CALLS // 2, CALLS * 2 // 3)):
        wait_for(lambda goal=goal: made_calls(platform) >= goal, f"{goal} calls")  # type: ignore[misc]
        workers[number % 2].kill_and_restart()
    wait_for(lambda: Multicast.select().where(Multicast.state == "sent").count() == CALLS, "every call")
    for worker in workers:
        worker.kill()
    heard = [[str(message["text"]) for message in each.received()] for each in people]
    assert heard == [["春の便り"]] * CUSTOMERS
    assert platform.channel.quota.used(platform.channel.clock()) == CUSTOMERS
    rows = OutboxMessage.select(OutboxMessage.state, OutboxMessage.sent_as).tuples()
    assert Counter(rows) == {("sent", "push"): CUSTOMERS}
    keys = Counter(
        call.retry_key for call in platform.calls if call.endpoint == "multicast" and call.status == 200
    )
    assert set(keys.values()) == {1}
    assert len(keys) == CALLS


def create(people: list[Handset]) -> None:
    with write_transaction():
        chats = [conversations.ensure(each.user_id, each.user_id) for each in people]
        for number in range(CALLS):
            part = chats[number * IN_A_CALL : (number + 1) * IN_A_CALL]
            multicasts.create(part, [line.text("春の便り")], cause=f"test:{number}")
    database.close()


def made_calls(platform: Platform) -> int:
    return sum(call.endpoint == "multicast" for call in platform.calls)
