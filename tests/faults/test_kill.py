"""kill -9 of web and worker in the middle of waves of events: nothing lost, nothing done twice, nothing out of
order.

KILLS=40 script/test tests/faults/test_kill.py    kills 40 times on each database instead of 4.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import peewee
import pytest
import urllib3

from bot.config import settings as bot_settings
from bot.db import database
from demo.phone.client import Handset
from demo.phone.platform import Platform, create_platform
from tests.faults.short_lived_worker import Handled
from tests.project_files import ROOT

KILLS = int(os.environ.get("KILLS", "4"))
CUSTOMERS, MESSAGES_A_WAVE = 100, 3
EVENTS = CUSTOMERS * MESSAGES_A_WAVE * KILLS
LINE_SECONDS = 0.01
"""Seconds LINE takes for a call, so that a kill interrupts many calls."""
PATIENCE_SECONDS = 60.0


class Process:
    """One process of the product, which can be killed and started again."""

    def __init__(self, command: list[str], environ: dict[str, str], log: Path) -> None:
        self.command, self.environ, self.log = command, environ, log
        self.process = self._start()

    def kill_and_restart(self) -> None:
        self.kill()
        self.process = self._start()

    def kill(self) -> None:
        if self.process.returncode is None:  # else it is gone, and its id may be another's
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )


@pytest.fixture
def platform(settings: bot_settings.Settings) -> Iterator[Platform]:
    with create_platform(
        channel_secret=settings.line_channel_secret,
        access_token=settings.line_channel_access_token,
        retry_seconds=[0.1] * 300,
    ) as made:
        yield made


@pytest.fixture
def processes(
    any_database: peewee.Database, platform: Platform, tmp_path: Path
) -> Iterator[tuple[Process, Process]]:
    """The web process as the Procfile runs it, and a worker."""
    any_database.drop_tables([Handled])
    any_database.create_tables([Handled])
    port = free_port()
    platform.channel.webhook_url = f"http://127.0.0.1:{port}/callback"
    config = bot_settings.current()
    given = config.model_copy(update={"line_api_url": platform.url, "line_data_api_url": platform.url})
    environ = os.environ | {
        name.upper(): str(value) for name, value in given.model_dump().items() if value is not None
    }
    (tmp_path / "shop.toml").touch()
    environ |= {
        "SHOP_TOML": str(tmp_path / "shop.toml"),
        "PORT": str(port),
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "WARNING",
    }
    environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    (line,) = [each for each in (ROOT / "Procfile").read_text().splitlines() if each.startswith("web: ")]
    web = ["sh", "-c", f"exec {line.removeprefix('web: ')}"]
    with ExitStack() as stack:
        made = (
            Process(web, environ, tmp_path / "web.log"),
            Process(
                [sys.executable, "-m", "tests.faults.short_lived_worker"], environ, tmp_path / "worker.log"
            ),
        )
        for each in made:
            stack.callback(each.kill)
        yield made
    any_database.drop_tables([Handled])


def test_nothing_is_lost_or_done_twice_or_out_of_order(
    platform: Platform, processes: tuple[Process, Process]
) -> None:
    web, worker = processes
    wait_for(lambda: answers(platform.channel.webhook_url), "the web process")
    customers = [platform.handset(f"客{number}") for number in range(CUSTOMERS)]
    for customer in customers:
        customer.follow()
    platform.settle(30)
    platform.faults.latency_seconds = LINE_SECONDS
    dice = random.Random(20261122)
    said: list[list[str]] = [[] for _ in customers]
    for number in range(KILLS):
        goal = (number + dice.random()) * EVENTS / KILLS
        write_a_wave(platform, customers, said, dice)
        wait_for(reached(Handled.select().count, goal), "the next events")
        (worker, web)[number % 2].kill_and_restart()
    assert platform.settle(PATIENCE_SECONDS), "LINE still waits for some webhook to be taken"
    wait_for(lambda: Handled.select().count() >= EVENTS, "every event to be handled")
    wait_for(lambda: received(customers) >= EVENTS, "every customer to be answered")

    rows = list(Handled.select().order_by(Handled.id))
    assert Counter(row.event_id for row in rows).most_common(1)[0][1] == 1, "an event was handled twice"
    assert len(rows) == EVENTS
    handled: dict[int, list[str]] = {}
    for row in rows:
        handled.setdefault(row.conversation_id, []).append(row.words)
    assert sorted(handled.values()) == sorted(said), "a customer's events were handled out of order"
    heard = [[str(message["text"]) for message in customer.received()] for customer in customers]
    wanted = [[f"{each}ですね" for each in words] for words in said]
    # A reply whose outcome a crash hid is tried with its token again, which LINE accepts once.
    assert [Counter(each) for each in heard] == [Counter(each) for each in wanted]
    out_of_order = [got for got, words in zip(heard, wanted, strict=True) if got != words]
    assert not out_of_order, f"{len(out_of_order)} of {CUSTOMERS} were answered out of order"


def write_a_wave(
    platform: Platform, customers: list[Handset], said: list[list[str]], dice: random.Random
) -> None:
    """All customers write in turn, one to eight events a webhook; `said` is what each wrote, in order."""
    webhook_sender = platform.channel.webhook_sender
    webhook_sender.hold()
    for _ in range(MESSAGES_A_WAVE):
        for number, customer in enumerate(customers):
            words = f"{number}の{len(said[number]):03}"
            customer.say(words)
            said[number].append(words)
    events = [event for body in webhook_sender._queue for event in body]
    webhook_sender._queue.clear()
    while events:
        size = dice.randint(1, 8)
        webhook_sender._queue.append(events[:size])
        del events[:size]
    webhook_sender.release()


def received(customers: list[Handset]) -> int:
    return sum(len(customer.received()) for customer in customers)


def reached(done: Callable[[], int], goal: float) -> Callable[[], bool]:
    return lambda: done() >= goal


def answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url.replace("/callback", "/healthz"), retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def wait_for(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, f"waited {PATIENCE_SECONDS:.0f} s for {what}"
        time.sleep(0.05)
    database.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
