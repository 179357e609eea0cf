"""The database cannot be used for a while: web, worker and clock survive, log it once, and go on by themselves.

The processes are the Procfile's; the outages are real ones.
"""

import json
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import peewee
import psycopg2
import pytest
import urllib3

from bot.config import settings as bot_settings
from bot.db import database
from bot.queue import inbox
from bot.web.webhook import signature
from bot.worker.heartbeat import Heartbeat
from script import postgres
from tests.faults.processes import Process, environment, status, wait_for
from tests.faults.test_kill import free_port

LONGEST_ANSWER_SECONDS = 3.5
"""Well over the 2 s after which LINE gives up, for a busy machine; well under any timeout of the database's own."""
LONG, SHORT = 20.0, 4.0


@dataclass
class Shop:
    """Its three processes, and the database under them."""

    url: str
    processes: list[Process]

    def webhook(self, event_id: str) -> int:
        """A signed webhook of one event; 0 when no response came in time."""
        event = {"type": "message", "webhookEventId": event_id, "source": {"type": "user", "userId": "U1"}}
        body = json.dumps({"destination": "U0", "events": [event]}).encode()
        signed = signature(body, bot_settings.current().line_channel_secret)
        return self.answer("POST", "/callback", body=body, headers={"x-line-signature": signed}).status

    def answer(self, method: str, path: str, **given: object) -> urllib3.BaseHTTPResponse:
        return urllib3.request(
            method,
            self.url + path,
            retries=False,
            timeout=LONGEST_ANSWER_SECONDS,
            **given,  # type: ignore[arg-type]
        )

    def is_ready(self) -> bool:
        return status(f"{self.url}/readyz") == 200


@contextmanager
def open_shop(config: bot_settings.Settings, folder: Path) -> Iterator[Shop]:
    port = free_port()
    environ = environment(config, port, folder)
    with ExitStack() as stack:
        made = Shop(f"http://127.0.0.1:{port}", [])
        for name in ("web", "worker", "clock"):
            process = Process(name, environ, folder)
            stack.callback(process.kill)
            made.processes.append(process)
        wait_for(made.is_ready, "web, worker and clock")
        yield made


def live_through(shop: Shop, seconds: float, said: str, begin: Callable[[], Callable[[], None]]) -> None:
    """Begin an outage, check everything while it lasts, end it, and check that all goes on."""
    until = time.monotonic() + seconds
    end = begin()
    try:
        wait_for(lambda: shop.webhook(f"during-{said}-{time.monotonic()}") == 503, "503 for LINE")
        wait_for(lambda: not shop.is_ready(), "503 for a monitor")
        while time.monotonic() < until:
            assert status(f"{shop.url}/healthz", 1) == 200
            assert shop.webhook(f"during-{said}-{time.monotonic()}") == 503
            not_ready = shop.answer("GET", "/readyz")
            assert not_ready.status == 503
            assert said in not_ready.data.decode()
            time.sleep(0.3)
        for each in shop.processes:
            assert each.is_alive(), each.log()
    finally:
        end()
    ended_at = time.monotonic()
    wait_for(shop.is_ready, "all to be ready again", 12)
    wait_for(lambda: shop.webhook(f"after-{said}") == 200, "LINE to be heard", 12)
    wait_for(lambda: is_done(f"after-{said}"), "the worker to go on", 12)
    wait_for(lambda: seconds_since_seen("clock") < time.monotonic() - ended_at, "the clock to go on", 12)
    for each in shop.processes:
        assert each.is_alive(), each.log()


def is_done(event_id: str) -> bool:
    with observed():
        found = inbox.InboxEvent.get_or_none(inbox.InboxEvent.event_id == event_id)
        return found is not None and found.state == inbox.DONE


def seconds_since_seen(process: str) -> float:
    with observed():
        return float(time.time() - Heartbeat.get(Heartbeat.process == process).seen_at.timestamp())


@contextmanager
def observed() -> Iterator[None]:
    """What the test reads from the database itself, by a new connection that no outage has ended."""
    database.forget_connection()
    yield
    database.close()


def check_logs(shop: Shop, outages: int) -> None:
    """Every line is JSON, none holds a traceback, and each process logged each outage once or twice."""
    for process in shop.processes:
        entries = process.entries()
        assert not [each for each in entries if "exception" in each], process.log()
        begun = [each for each in entries if each["event"] == "the database cannot be used"]
        assert 1 <= len(begun) <= 2 * outages, process.log()
        assert len(entries) < 40, process.log()


def test_sqlite_locked_and_full(
    database: peewee.Database, settings: bot_settings.Settings, tmp_path: Path
) -> None:
    path = settings.database_url.removeprefix("sqlite:///")

    def lock() -> Callable[[], None]:
        other = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        return other.close

    with open_shop(settings, tmp_path) as shop:

        def fill() -> Callable[[], None]:
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            for each in shop.processes:
                resource.prlimit(each.process.pid, resource.RLIMIT_FSIZE, (32_768, hard))

            def make_room() -> None:
                for each in shop.processes:
                    resource.prlimit(each.process.pid, resource.RLIMIT_FSIZE, (hard, hard))

            return make_room

        live_through(shop, LONG, "is locked", lock)
        live_through(shop, SHORT, "limit on the size of files", fill)
        check_logs(shop, 2)


def test_postgres_stopped_and_read_only(settings: bot_settings.Settings, tmp_path: Path) -> None:
    programs = postgres.find()
    if programs is None:
        pytest.skip(postgres.MISSING)
    with postgres.server(programs) as server:
        connected = database.connect(server.url)
        database.migrate()
        config = bot_settings.use(settings.model_copy(update={"database_url": server.url}))
        name = urlsplit(server.url).path[1:]

        def administer(*statements: str) -> None:
            connection = psycopg2.connect(server.url.replace("/postgres?", "/template1?"))
            connection.autocommit = True
            for statement in (*statements, KICK):
                connection.cursor().execute(statement)
            connection.close()

        def stop() -> Callable[[], None]:
            server.stop()
            return server.start

        def forbid_writing() -> Callable[[], None]:
            administer(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            return lambda: administer(f"ALTER DATABASE {name} RESET default_transaction_read_only")

        def refuse() -> Callable[[], None]:
            administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            return lambda: administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

        with open_shop(config, tmp_path) as shop:
            live_through(shop, LONG, "does not answer", stop)
            live_through(shop, SHORT, "can be read and not written", forbid_writing)
            live_through(shop, SHORT, "does not answer: check", refuse)
            administer()  # every connection ends, and new ones are accepted
            wait_for(lambda: shop.webhook("kicked") == 200 and is_done("kicked"), "all to go on")
            check_logs(shop, 4)
        connected.close()


KICK = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> current_database()"
