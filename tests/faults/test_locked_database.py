"""Other processes hold the database's lock: webhooks are answered 503 in time, the process survives, and all
goes on."""

import json
import os
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import peewee
import psycopg2
import pytest
import urllib3

from bot.config import settings as bot_settings
from bot.db import database
from bot.queue.inbox import InboxEvent
from bot.web.webhook import signature
from customers.api import keys
from tests.faults.processes import Process, environment, status, wait_for
from tests.faults.test_kill import free_port

HELD_SECONDS = 6.0
LINE_WAITS_SECONDS = 2.0
BUSY_MACHINE_SECONDS = 1.5
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
    """The web process as the Procfile runs it, and a client that posts to it."""

    def __init__(self, folder: Path) -> None:
        config, port = bot_settings.current(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._secret = config.line_channel_secret
        self._pool = urllib3.PoolManager(maxsize=CONNECTIONS + 1, retries=False)
        self.process = Process("web", environment(config, port, folder, LOG_LEVEL="WARNING"), folder)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        began = time.monotonic()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self._pool.request(method, self.url + path, body=body or None, headers=given, timeout=20)
        return answer.status, time.monotonic() - began

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


@contextmanager
def running(folder: Path) -> Iterator[Web]:
    made = Web(folder)
    try:
        wait_for(lambda: status(f"{made.url}/healthz") == 200, "the web process")
        yield made
    finally:
        made.process.kill()


@pytest.fixture
def web(any_database: peewee.Database, tmp_path: Path) -> Iterator[Web]:
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def web_on_postgres(postgres_database: peewee.Database, tmp_path: Path) -> Iterator[Web]:
    with running(tmp_path) as made:
        yield made


@contextmanager
def locked() -> Iterator[None]:
    """Locked by another process, as by an open shell, a backup, a repair."""
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


@contextmanager
def frozen() -> Iterator[None]:
    """PostgreSQL no longer responds on the connection that stores webhooks, and does not end it."""
    pids = [
        pid
        for (pid,) in database.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query LIKE '%INSERT INTO inbox_event%'"
        ).fetchall()
    ]
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_while_the_database_is_locked(web: Web) -> None:
    live_through(web, locked)


def test_while_the_databases_server_hangs(web_on_postgres: Web) -> None:
    live_through(web_on_postgres, frozen)


def live_through(web: Web, trouble: Callable[[], AbstractContextManager[None]]) -> None:
    """Webhooks get 503 in time, the process survives, and afterwards everything is stored, once."""
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
    with trouble(), ThreadPoolExecutor(CONNECTIONS) as threads:
        posting = [threads.submit(deliver_on_and_on, connection) for connection in range(CONNECTIONS)]
        until = time.monotonic() + HELD_SECONDS
        while time.monotonic() < until:
            alive.append(web.ask("GET", "/healthz"))
            time.sleep(0.05)
        enough.set()
    assert [each.exception() for each in posting] == [None] * CONNECTIONS
    assert {status for status, _ in answers.values()} == {503}
    assert median(seconds for _, seconds in answers.values()) < LINE_WAITS_SECONDS
    assert max(seconds for _, seconds in answers.values()) < LINE_WAITS_SECONDS + BUSY_MACHINE_SECONDS
    assert {status for status, _ in alive} == {200}
    assert max(seconds for _, seconds in alive) < ALIVE_WITHIN_SECONDS

    wait_for(lambda: web.deliver("after")[0] == 200, "it to go on by itself")
    with ThreadPoolExecutor(CONNECTIONS) as threads:  # LINE redelivers what was refused
        again = list(threads.map(web.deliver, answers))
    assert {status for status, _ in again} == {200}
    times = Counter(row.event_id for row in InboxEvent.select())
    assert times == Counter(["before", "after", *answers])

    entries = web.process.entries()
    assert 2 <= len(entries) <= MOST_LOG_LINES, (
        "a line when it begins and one when it is over, not one a request"
    )
    assert not any("exception" in entry for entry in entries)
    assert entries[-1]["event"] == "the database can be used again"
    assert entries[-1]["failed"] >= len(answers)


def test_what_a_shops_system_sends_meanwhile_is_answered_503_and_taken_later(web: Web) -> None:
    with database.write_transaction():
        token = keys.create("the shop's system")

    def post() -> Answer:
        given = {"authorization": f"Bearer {token}", "content_type": "application/json"}
        return web.ask("POST", "/api/v1/orders", json.dumps(ORDER).encode(), **given)

    with locked():
        status, seconds = post()
        assert web.ask("GET", "/console/sign-in")[0] == 200, "pages that only read are served"
    assert status == 503
    assert seconds < LINE_WAITS_SECONDS + BUSY_MACHINE_SECONDS
    assert post()[0] == 202
