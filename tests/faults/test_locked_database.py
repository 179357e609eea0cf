"""Another process holds the database for a while: webhooks are answered 503 at once, everything else goes on."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee
import psycopg2
import pytest
import urllib3

from bot import database
from bot import settings as bot_settings
from bot.inbox import InboxEvent
from bot.webhook import signature
from customers import api_keys
from tests.project_files import ROOT

LOCKED_SECONDS = 6.0
LINE_WAITS_SECONDS = 2.0
ALIVE_WITHIN_SECONDS = 1.0
CONNECTIONS = 32
MOST_LOG_LINES = 10

ORDER = {
    "order_number": "A-1",
    "ordered_at": "2026-01-05T13:20:00+09:00",
    "total_yen": 5400,
    "customer_number": "C-1",
}
Answer = tuple[int, float]
"""Status, and how many seconds it took."""


class Web:
    """The web process as the Procfile runs it."""

    def __init__(self, config: bot_settings.Settings, folder: Path) -> None:
        (line,) = [each for each in (ROOT / "Procfile").read_text().splitlines() if each.startswith("web: ")]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (folder / "shop.toml").touch()
        given = {name.upper(): str(value) for name, value in config.model_dump().items() if value is not None}
        self._secret = config.line_channel_secret
        self._url = f"http://127.0.0.1:{port}"
        self._pool = urllib3.PoolManager(maxsize=CONNECTIONS, retries=False)
        self._log = folder / "web.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", f"exec {line.removeprefix('web: ')}"],
                cwd=ROOT,
                env=os.environ
                | given
                | {
                    "SHOP_TOML": str(folder / "shop.toml"),
                    "PORT": str(port),
                    "PYTHONPATH": str(ROOT),
                    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                    "LOG_LEVEL": "WARNING",
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        began = time.monotonic()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        status = self._pool.request(
            method, self._url + path, body=body or None, headers=given, timeout=20
        ).status
        return status, time.monotonic() - began

    def deliver(self, event_id: str) -> Answer:
        """One webhook, as LINE posts it."""
        event = {
            "type": "message",
            "webhookEventId": event_id,
            "timestamp": 1,
            "source": {"type": "user", "userId": f"U{event_id}"},
            "message": {"type": "text", "id": "1", "text": "やあ"},
        }
        body = json.dumps({"destination": "U0", "events": [event]}).encode()
        return self.ask("POST", "/callback", body, x_line_signature=signature(body, self._secret))

    def is_alive(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except urllib3.exceptions.HTTPError:
            return False

    def log(self) -> str:
        return self._log.read_text()


@pytest.fixture
def web(any_database: peewee.Database, tmp_path: Path) -> Iterator[Web]:
    with running(tmp_path) as made:
        yield made


@contextmanager
def running(folder: Path) -> Iterator[Web]:
    made = Web(bot_settings.current(), folder)
    try:
        wait_for(made.is_alive)
        yield made
    finally:
        os.killpg(made.process.pid, signal.SIGKILL)
        made.process.wait()


@contextmanager
def locked() -> Iterator[None]:
    """By another process: a shell left open, a backup, a repair."""
    url = bot_settings.current().database_url
    other: Any
    if database.is_postgres():
        other = psycopg2.connect(url)
        other.cursor().execute("LOCK TABLE inbox_event, conversation, api_key IN EXCLUSIVE MODE")
    else:
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_while_the_database_is_locked_webhooks_get_503_in_time_and_the_process_stays_alive(web: Web) -> None:
    assert web.deliver("before")[0] == 200
    answers: dict[str, Answer] = {}
    enough = threading.Event()

    def deliver_on_and_on(connection: int) -> None:
        number = 0
        while not enough.is_set():
            event_id = f"{connection}-{number}"
            answers[event_id] = web.deliver(event_id)
            number += 1
            enough.wait(0.02)

    alive: list[Answer] = []
    with locked(), ThreadPoolExecutor(CONNECTIONS) as threads:
        posting = [threads.submit(deliver_on_and_on, connection) for connection in range(CONNECTIONS)]
        until = time.monotonic() + LOCKED_SECONDS
        while time.monotonic() < until:
            alive.append(web.ask("GET", "/healthz"))
            time.sleep(0.05)
        enough.set()
    assert [each.exception() for each in posting] == [None] * CONNECTIONS
    assert {status for status, _ in answers.values()} == {503}
    assert max(seconds for _, seconds in answers.values()) < LINE_WAITS_SECONDS
    assert {status for status, _ in alive} == {200}
    assert max(seconds for _, seconds in alive) < ALIVE_WITHIN_SECONDS

    assert web.deliver("after")[0] == 200, "it goes on by itself"
    with ThreadPoolExecutor(CONNECTIONS) as threads:  # LINE delivers again what was refused
        again = list(threads.map(web.deliver, answers))
    assert {status for status, _ in again} == {200}
    times = Counter(row.event_id for row in InboxEvent.select())
    assert times == Counter(["before", "after", *answers])

    entries = [json.loads(line) for line in web.log().splitlines() if line.startswith("{")]
    assert 2 <= len(entries) <= MOST_LOG_LINES, (
        "a line when it begins and one when it is over, not one a request"
    )
    assert entries[-1]["event"] == "the database can be used again"
    assert entries[-1]["failed"] == len(answers)
    assert "Traceback" not in web.log()


def test_what_a_shops_system_sends_meanwhile_is_answered_503_and_taken_later(web: Web) -> None:
    with database.write_transaction():
        token = api_keys.create("the shop's system")

    def post() -> Answer:
        given = {"authorization": f"Bearer {token}", "content_type": "application/json"}
        return web.ask("POST", "/api/v1/orders", json.dumps(ORDER).encode(), **given)

    with locked():
        status, seconds = post()
        assert web.ask("GET", "/console/sign-in")[0] == 200, "pages that only read are served"
    assert status == 503
    assert seconds < LINE_WAITS_SECONDS
    assert post()[0] == 202
